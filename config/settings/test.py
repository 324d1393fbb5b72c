"""The tests' tier: real PostgreSQL and Redis, quick password hashes."""

from common.logs import logging_settings
from common.postgis.roles import DatabaseRole

from .base import *
from .environment import env

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
DEMO_ACCOUNTS_ALLOWED = True
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True

# The same backend; what it adds is how tables are emptied between tests.
DATABASES["default"]["ENGINE"] = "tests.database"
# A test's transaction is one connection's: what maintenance does is done over it.
DATABASE_LOGINS[DatabaseRole.MAINTENANCE] = None

# The first plan of a process compiles the planner, which the web does before its first request.
REQUEST_DEADLINE_S = 600.0

# Tests may share a Redis with a running server, and with those of a process beside them (xdist
# numbers them): their keys never meet.
REDIS_KEY_PREFIX = f"dongne-test{env.str('PYTEST_XDIST_WORKER', default='')}"
CACHES["default"]["KEY_PREFIX"] = REDIS_KEY_PREFIX
REDIS_ANSWER_TIMEOUT_S = 10.0  # a busy machine's pause is no outage

# Files of people, in the memory of the one process that runs a test.
STORAGES["default"] = STORAGES["private"] = {"BACKEND": "django.core.files.storage.InMemoryStorage"}

# Tests run tasks by calling them, or at once where a service queues one; no worker listens.
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True

LOGGING = logging_settings(level="CRITICAL", as_json=True)
