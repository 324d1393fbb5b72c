"""A developer's machine: `make run` starts this tier."""

from common.logs import logging_settings

from .base import *
from .environment import env

DEBUG = True
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *env.list("ALLOWED_HOSTS", default=[])]
DEMO_ACCOUNTS_ALLOWED = True

# Assets come straight from the packages; nothing has to be collected first.
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True

LOGGING = logging_settings(level=LOG_LEVEL, as_json=env.bool("LOG_JSON", default=False))
