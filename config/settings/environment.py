"""The one place where the environment is read."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from environ.fileaware_mapping import FileAwareMapping

BASE_DIR = Path(__file__).resolve().parent.parent.parent


class MountedFiles(FileAwareMapping):  # type: ignore[misc] # untyped library
    """The environment; where `X_FILE` names a file, X is what that file holds (mounted secrets)."""

    def __getitem__(self, key: str) -> str:
        try:
            value: str = super().__getitem__(key)
        except OSError as error:
            raise ImproperlyConfigured(f"{key}_FILE cannot be read: {error.strerror}.") from None
        return value.rstrip("\r\n")


class Environment(environ.Env):  # type: ignore[misc] # untyped library
    ENVIRON = MountedFiles()


env = Environment()

# `make setup` records the addresses of the checkout's own servers here; a variable that is set wins.
LOCAL_ENVIRONMENT = BASE_DIR / ".local" / "env"
if LOCAL_ENVIRONMENT.is_file():
    env.read_env(LOCAL_ENVIRONMENT)

SECRET_LENGTH_LOW = 50
SECRET_CHARACTERS_LOW = 10
# Words that stand in the secrets of examples, of developers and of Django's own project template.
PLACEHOLDERS = (
    "changeme",
    "change-me",
    "default",
    "demo",
    "developer",
    "example",
    "insecure",
    "only-for",
)


PROFILE_MARK = "{profile}"  # of an address of several OSRM servers
ROUTER_MODES_KNOWN = ("walk", "bike", "car")
ROUTER_TIMEOUT_MS_LOW, ROUTER_TIMEOUT_MS_HIGH = 10, 10_000


def check_router(*, kind: str, url: str, timeout_ms: int, modes: list[str]) -> None:
    """
    Refuse a street router that is only half named.

    Raises:
        ImproperlyConfigured: naming the setting and what to do.
    """
    if kind not in {"", "valhalla", "osrm"}:
        raise ImproperlyConfigured("ROUTER_KIND is valhalla, osrm, or empty for no router.")
    if bool(kind) != bool(url):
        raise ImproperlyConfigured("ROUTER_KIND and ROUTER_URL go together: set both, or neither.")
    if url and not _is_server(url.replace(PROFILE_MARK, "") if kind == "osrm" else url):
        raise ImproperlyConfigured("ROUTER_URL is no address such as http://valhalla:8002.")
    if not ROUTER_TIMEOUT_MS_LOW <= timeout_ms <= ROUTER_TIMEOUT_MS_HIGH:
        raise ImproperlyConfigured(
            f"ROUTER_TIMEOUT_MS lies between {ROUTER_TIMEOUT_MS_LOW} and {ROUTER_TIMEOUT_MS_HIGH}."
        )
    if not set(modes) <= set(ROUTER_MODES_KNOWN):
        raise ImproperlyConfigured(f"ROUTER_MODES are of {', '.join(ROUTER_MODES_KNOWN)}.")


def _is_server(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port_is_told = parts.port != 0
    except ValueError:
        return False
    is_whole = parts.scheme in {"http", "https"} and bool(parts.hostname) and port_is_told
    # Paths are appended to it; a brace is a mark that nothing replaces.
    return is_whole and not set("?#{}") & set(url)


def find_login(variable: str) -> dict[str, Any] | None:
    """Return where and as whom to sign in to the database by the address in a variable, if it is set."""
    if not env.str(variable, default=""):
        return None
    address = env.db_url(variable)
    return {name: address[name] for name in ("USER", "PASSWORD", "HOST", "PORT")}


def list_router_modes(*, kind: str, url: str) -> list[str]:
    """
    Return the modes that a router answers for when nobody says.

    An OSRM server knows one profile and answers in it whatever it is asked for, so that one address
    is taken to walk; several are told apart by `{profile}`.
    """
    if kind == "osrm" and PROFILE_MARK not in url:
        return ["walk"]
    return list(ROUTER_MODES_KNOWN)


def check_google(*, client_ids: list[str], keys_url: str, keys_are_private: bool) -> None:
    """
    Refuse keys of Google's that anybody on the way could exchange.

    Raises:
        ImproperlyConfigured: naming the setting and what to do.
    """
    if client_ids and not (
        _is_server(keys_url) and (keys_are_private or keys_url[:8] == "https://")
    ):
        raise ImproperlyConfigured(
            "GOOGLE_JWKS_URL is no https:// address; in a private network set GOOGLE_JWKS_IS_PRIVATE."
        )


def refuse_unsent_mail(*, backend: str) -> None:
    """
    Refuse to start a tier that people use with mails that reach nobody.

    Raises:
        ImproperlyConfigured: saying what to set.
    """
    if not backend.endswith(".smtp.EmailBackend"):
        raise ImproperlyConfigured(
            "EMAIL_URL sends no mail: name a server, such as smtp+tls://user:password@host:587."
            " Printed, a mail's token would stand in the logs."
        )


# What a connection of each kind of process may take, in ms: one statement, waiting for a lock, and
# holding a transaction open while asking nothing. Commands (migrations, imports) are watched by who
# started them.
TIMEOUTS_MS = {
    "web": {
        "statement_timeout": 5_000,
        "lock_timeout": 2_000,
        "idle_in_transaction_session_timeout": 10_000,
    },
    "worker": {
        "statement_timeout": 300_000,
        "lock_timeout": 10_000,
        "idle_in_transaction_session_timeout": 60_000,
    },
    "command": {},
}


def connection_options(*, process_kind: str) -> str:
    """
    Return what a connection tells PostgreSQL at its start.

    Raises:
        ImproperlyConfigured: there is no such kind of process.
    """
    if process_kind not in TIMEOUTS_MS:
        raise ImproperlyConfigured(f"PROCESS_KIND is one of {', '.join(TIMEOUTS_MS)}.")
    # Compiling a query takes longer (45 ms) than the spatial ones that PostgreSQL deems dear enough.
    # Names are alike from 0.45 on (places.search): a slip in a name of three syllables gives 0.5.
    options = {
        "jit": "off",
        "pg_trgm.word_similarity_threshold": "0.45",
        # What is alike in meaning is sought on until enough of it is of the city or kind asked for.
        "hnsw.iterative_scan": "strict_order",
        # With 40, as many as are the default, it was gone through from one end to the other for a kind that
        # lies elsewhere (0.4 s at a million places), and missed what is likest. Behind 4,000 it is given up.
        "hnsw.ef_search": "100",
        "hnsw.max_scan_tuples": "4000",
        **TIMEOUTS_MS[process_kind],
    }
    return " ".join(f"-c {name}={value}" for name, value in options.items())


def refuse_unsafe(*, secret_key: str, debug: bool, allowed_hosts: list[str]) -> None:
    """
    Refuse to start a tier that people use with settings that only a developer may have.

    Raises:
        ImproperlyConfigured: naming the setting and what to do.
    """
    if debug:
        raise ImproperlyConfigured("DEBUG must be off here: unset it.")
    if len(secret_key) < SECRET_LENGTH_LOW or len(set(secret_key)) < SECRET_CHARACTERS_LOW:
        raise ImproperlyConfigured(
            f"SECRET_KEY is too weak: set {SECRET_LENGTH_LOW} or more random characters."
        )
    if any(word in secret_key.lower() for word in PLACEHOLDERS):
        raise ImproperlyConfigured("SECRET_KEY is a placeholder: set a random one.")
    if not allowed_hosts:
        raise ImproperlyConfigured("ALLOWED_HOSTS is empty: name the hosts that are served.")
    if any("*" in host or host.startswith(".") for host in allowed_hosts):
        raise ImproperlyConfigured("ALLOWED_HOSTS has a wildcard: name each host.")


HSTS_LOW_S = 31_536_000  # as lists of browsers ask for
LOCAL_HOSTS = frozenset({"", "localhost", "127.0.0.1", "::1"})


def refuse_exposed(settings: Mapping[str, Any]) -> None:
    """
    Refuse to start a tier that people use open to other sites, to readers of the wire, or to anybody.

    Raises:
        ImproperlyConfigured: naming every such setting.
    """
    exposed = [
        *_list_plain_http(settings),
        *_list_open_doors(settings),
        *_list_bare_servers(settings),
    ]
    if exposed:
        raise ImproperlyConfigured(" ".join(exposed))


def _list_plain_http(settings: Mapping[str, Any]) -> Iterator[str]:
    for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT"):
        if not settings.get(name):
            yield f"{name} must be on here: nothing may travel over plain HTTP."
    if settings.get("SECURE_HSTS_SECONDS", 0) < HSTS_LOW_S:
        yield f"SECURE_HSTS_SECONDS must be {HSTS_LOW_S} or more."


def _list_open_doors(settings: Mapping[str, Any]) -> Iterator[str]:
    if settings.get("DEMO_ACCOUNTS_ALLOWED"):
        yield "DEMO_ACCOUNTS_ALLOWED must be off here: their passwords are public."
    if settings.get("CORS_ALLOW_ALL_ORIGINS") or settings.get("CORS_ALLOWED_ORIGIN_REGEXES"):
        yield "CORS_ALLOWED_ORIGINS is the only way to name other sites."
    if settings.get("CORS_ALLOW_CREDENTIALS"):
        yield "CORS_ALLOW_CREDENTIALS must be off: no other site's page may use our cookies."
    for name in ("CORS_ALLOWED_ORIGINS", "CSRF_TRUSTED_ORIGINS"):
        if not all(_is_origin(origin) for origin in settings.get(name, ())):
            yield f"{name} has what is no single https origin, such as https://app.example.kr."


def _is_origin(origin: str) -> bool:
    parts = urlsplit(origin)
    return origin == f"https://{parts.netloc}" and bool(parts.hostname) and "*" not in origin


def _list_bare_servers(settings: Mapping[str, Any]) -> Iterator[str]:
    database = settings["DATABASES"]["default"]
    has_certificate = "sslcert" in database.get("OPTIONS", {})
    if not has_certificate and not _is_guarded(database["HOST"], database["PASSWORD"]):
        yield "DATABASE_URL has no password, or a placeholder: only a server on this machine may lack one."
    for name in ("REDIS_CACHE_URL", "REDIS_BROKER_URL", "REDIS_CHANNELS_URL"):
        parts = urlsplit(settings[name])
        if not _is_guarded(parts.hostname or "", parts.password or ""):
            yield f"{name} has no password, or a placeholder: only a server on this machine may lack one."


def _is_guarded(host: str, password: str) -> bool:
    if host in LOCAL_HOSTS or host.startswith("/"):
        return True
    return bool(password) and not any(word in password.lower() for word in PLACEHOLDERS)
