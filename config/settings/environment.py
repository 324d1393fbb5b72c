"""The one place where the environment is read."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent.parent

env = environ.Env()

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
