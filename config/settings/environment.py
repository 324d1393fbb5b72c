"""The one place where the environment is read."""

from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent.parent

env = environ.Env()

# `make setup` records the addresses of the checkout's own servers here; a variable that is set wins.
LOCAL_ENVIRONMENT = BASE_DIR / ".local" / "env"
if LOCAL_ENVIRONMENT.is_file():
    env.read_env(LOCAL_ENVIRONMENT)
