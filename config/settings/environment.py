"""The one place where the environment is read."""

from pathlib import Path

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
