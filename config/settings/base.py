"""Settings that every tier shares. Secrets and addresses have no default here."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF, UNSAFE_INLINE
from kombu.entity import Queue

from common.heartbeats import EVERY_S as HEARTBEAT_EVERY_S
from common.logs import configure_structlog, logging_settings
from common.postgis.roles import DatabaseRole

from .accounts import *
from .environment import (
    BASE_DIR,
    check_router,
    connection_options,
    env,
    find_login,
    list_router_modes,
)
from .schema import *

SECRET_KEY: str = env.str("SECRET_KEY")
# Secrets of before, newest first: what they signed or sealed still opens until they are dropped.
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
DEBUG = False
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# How many proxies of our own stand before the service and write X-Forwarded-For.
TRUSTED_PROXY_COUNT: int = env.int("TRUSTED_PROXY_COUNT", default=0)
# `seed_demo` makes accounts whose passwords are public.
DEMO_ACCOUNTS_ALLOWED = False

INSTALLED_APPS = [
    "config.operations.Operations",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.gis",
    "django.contrib.postgres",
    "channels",
    "axes",
    "corsheaders",
    "csp",
    "django_celery_beat",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "leaflet",
    "rest_framework",
    "common",
    "analytics",
    "notifications",
    "users",
    "places",
    "trips",
]

MIDDLEWARE = [
    "common.middleware.RequestIds",
    "common.manners.PagePolicy",
    "common.manners.AnswerHeaders",
    "corsheaders.middleware.CorsMiddleware",
    "common.middleware.Callers",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "common.middleware.Probes",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "common.middleware.RequestLimit",
    "common.deadlines.RequestDeadline",
    "common.manners.EntityTags",
    "common.manners.StrictRoutes",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
# The API's addresses have no trailing slash; a redirect would lose the body of a POST.
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Web workers are threads that live on, so each keeps its connection (docs/adr: servers); a check
# before its first use in a request lets the service recover from a restart of the database.
DATABASES = {"default": env.db_url("DATABASE_URL")}
DATABASES["default"]["ENGINE"] = "common.postgis"
DATABASES["default"]["ATOMIC_REQUESTS"] = False
DATABASES["default"]["CONN_MAX_AGE"] = 600
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# A server that went away without a word is given up after ten seconds of silence, not of minutes.
DATABASES["default"]["OPTIONS"] = {
    "connect_timeout": 3,
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    **DATABASES["default"].get("OPTIONS", {}),
}
# web (HTTP and sockets), worker, or command: `config/wsgi.py` and its neighbours say which.
PROCESS_KIND: str = env.str("PROCESS_KIND", default="command")
DATABASES["default"]["OPTIONS"].setdefault("options", connection_options(process_kind=PROCESS_KIND))
# One request may ask the database for so long; after that it is answered 503.
REQUEST_DEADLINE_S: float = env.float("REQUEST_DEADLINE_S", default=15.0)
# Whoever signs in, requests and tasks ask as the role that row security binds (docs/adr/0013).
DATABASES["default"]["OPTIONS"]["assume_role"] = DatabaseRole.APP.value
# Who signs in for migrations, and for what maintenance does; without the second the app does it.
DATABASE_LOGINS = {
    role: find_login(variable)
    for role, variable in {
        DatabaseRole.OWNER: "DATABASE_OWNER_URL",
        DatabaseRole.MAINTENANCE: "DATABASE_MAINTENANCE_URL",
    }.items()
}
# Whether to refuse to serve where the app's login could get around row security.
DATABASE_ROLES_ENFORCED = False

# An ONNX sentence model instead of the encoder that is shipped: the path of its file, beside which
# its tokenizer.json lies. `manage.py encode_places` after a change.
ENCODER_ONNX_PATH: str = env.str("ENCODER_ONNX_PATH", default="")
# Models that tag places by their texts and pictures, by path: without the first the words of the
# lexicon do, without the second nobody looks at pictures. `manage.py tag_places` after a change.
TEXT_TAGGER_PATH: str = env.str("TEXT_TAGGER_PATH", default="")
IMAGE_TAGGER_PATH: str = env.str("IMAGE_TAGGER_PATH", default="")
# Where the failure of an ingestion is told: an incoming webhook of Slack; "" for nowhere.
# Mappings of tables of places that come beside those that are shipped: a folder of YAML files.
PLACE_MAPPINGS: str = env.str("PLACE_MAPPINGS", default="")
SLACK_WEBHOOK_URL: str = env.str("SLACK_WEBHOOK_URL", default="")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# One Redis server, a database number for each role; each may be a server of its own by URL.
REDIS_CACHE_URL: str = env.str("REDIS_CACHE_URL")
REDIS_BROKER_URL: str = env.str("REDIS_BROKER_URL")
REDIS_CHANNELS_URL: str = env.str("REDIS_CHANNELS_URL")
REDIS_KEY_PREFIX = "dongne"
REDIS_ANSWER_TIMEOUT_S = 0.25  # of what is quick and can be lost, see common/redis_client.py

# A street router for travel times and lines on the map; without one, times are estimates.
ROUTER_KIND: str = env.str("ROUTER_KIND", default="")
ROUTER_URL: str = env.str("ROUTER_URL", default="")
ROUTER_TIMEOUT_MS: int = env.int("ROUTER_TIMEOUT_MS", default=300)
ROUTER_MODES: list[str] = env.list(
    "ROUTER_MODES", default=list_router_modes(kind=ROUTER_KIND, url=ROUTER_URL)
)
check_router(kind=ROUTER_KIND, url=ROUTER_URL, timeout_ms=ROUTER_TIMEOUT_MS, modes=ROUTER_MODES)

# Weather services and Seoul's city data, asked in the background; empty: nobody is asked.
OPEN_METEO_URL: str = env.str("OPEN_METEO_URL", default="")
OPEN_METEO_KEY: str = env.str("OPEN_METEO_KEY", default="")
KMA_URL: str = env.str("KMA_URL", default="")
KMA_KEY: str = env.str("KMA_KEY", default="")
# Services that are asked for places; without its key each is off.
TOURAPI_URL: str = env.str("TOURAPI_URL", default="https://apis.data.go.kr/B551011/KorService2")
TOURAPI_KEY: str = env.str("TOURAPI_KEY", default="")
FOURSQUARE_URL: str = env.str("FOURSQUARE_URL", default="https://places-api.foursquare.com")
FOURSQUARE_KEY: str = env.str("FOURSQUARE_KEY", default="")
NAVER_URL: str = env.str("NAVER_URL", default="https://openapi.naver.com")
NAVER_CLIENT_ID: str = env.str("NAVER_CLIENT_ID", default="")
NAVER_CLIENT_SECRET: str = env.str("NAVER_CLIENT_SECRET", default="")
# Feeds (RSS, Atom) of blogs that may be read for titles, addresses and days of what they write.
BLOG_FEEDS: list[str] = env.list("BLOG_FEEDS", default=[])
SEOUL_CITY_DATA_URL: str = env.str("SEOUL_CITY_DATA_URL", default="")
SEOUL_CITY_DATA_KEY: str = env.str("SEOUL_CITY_DATA_KEY", default="")

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_CACHE_URL,
        "KEY_PREFIX": REDIS_KEY_PREFIX,
    }
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_CHANNELS_URL]},
    }
}

TASK_APPLICATION = "config.celery"
# A task is acknowledged when it is done, so that the task of a killed worker comes back; the hard
# limit ends it before the broker takes it for lost and hands it to a second worker.
CELERY_BROKER_URL = REDIS_BROKER_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, float] = {}
if urlsplit(REDIS_BROKER_URL).scheme in {"redis", "rediss"}:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 900,
        # Look for lost tasks every 2 s; with the defaults a look comes every 100 s.
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
        # A request that kicks the outbox must not wait for a broker that is away: these hold for
        # whoever queues. A worker asks again for as long as it takes.
        "socket_connect_timeout": 1,
        "max_retries": 1,
        "interval_start": 0.0,
        "interval_step": 0.1,
    }
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_TASK_DEFAULT_QUEUE = CELERY_TASK_DEFAULT_ROUTING_KEY = "default"
CELERY_TASK_DEFAULT_EXCHANGE = "dongne"
CELERY_TASK_CREATE_MISSING_QUEUES = False
CELERY_TASK_QUEUES = [
    Queue(name, routing_key=name)  # type: ignore[no-untyped-call] # kombu has no types
    for name in ("default", "ingest", "media", "push", "learn")
]
CELERY_TASK_ROUTES: dict[str, dict[str, str]] = {
    "places.tasks.refresh_*": {"queue": "ingest"},
    "places.tasks.run_ingestion": {"queue": "ingest"},
    "places.tasks.tag_places": {"queue": "ingest"},
    "places.tasks.start_due_ingestions": {"queue": "ingest"},
}
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
# Commits kick the relay at once; this finds what a lost kick, or a wait, has left.
OUTBOX_EVERY_S = 5.0
CELERY_BEAT_SCHEDULE = {
    "sweep-sessions": {"task": "users.tasks.sweep_sessions", "schedule": 3600.0},
    "refresh-weather": {"task": "places.tasks.refresh_weather", "schedule": 1800.0},
    "refresh-areas": {"task": "places.tasks.refresh_areas", "schedule": 600.0},
    "sweep-conditions": {"task": "places.tasks.sweep_conditions", "schedule": 3600.0},
    "close-past-events": {"task": "places.tasks.close_past_events", "schedule": 900.0},
    "judge-reports": {"task": "places.tasks.judge_reports", "schedule": 21_600.0},
    "fold-visits": {
        "task": "places.tasks.fold_visits",
        "schedule": crontab(hour=18, minute=20),  # at night in Seoul
    },
    "start-due-ingestions": {
        "task": "places.tasks.start_due_ingestions",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "sweep-suggestions": {"task": "trips.tasks.sweep_suggestions", "schedule": 3600.0},
    "sweep-stored-answers": {"task": "common.tasks.sweep_stored_answers", "schedule": 3600.0},
    "heartbeat": {
        "task": "common.tasks.beat_heart",
        "schedule": HEARTBEAT_EVERY_S,
        # An old sign of life proves nothing: those piled up while workers were away are dropped.
        "options": {"expires": HEARTBEAT_EVERY_S},
    },
    "relay-outbox": {
        "task": "common.tasks.relay_outbox",
        "schedule": OUTBOX_EVERY_S,
        "options": {"expires": OUTBOX_EVERY_S},
    },
    "sweep-exports": {"task": "users.tasks.sweep_exports", "schedule": 600.0},
    "sweep-outbox": {"task": "common.tasks.sweep_outbox", "schedule": 3600.0},
}

# Debian 12 offers GDAL 3.6; no geometry reaches GDAL from outside (common/geo.py parses by itself).
SILENCED_SYSTEM_CHECKS = ["gis.W001"]

# With its country, since DRF keeps its Korean sentences under ko_KR; `ko` finds it all the same.
LANGUAGE_CODE = "ko-kr"
LANGUAGES = [("ko-kr", "한국어"), ("en", "English")]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# Which other sites' pages may read the API; none unless named. They sign in by bearer token alone.
CORS_ALLOWED_ORIGINS: list[str] = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_CREDENTIALS = False
CORS_ALLOW_HEADERS = [
    *("accept", "accept-language", "authorization", "content-type"),
    *("idempotency-key", "if-match", "if-none-match", "x-request-id"),
]
CORS_EXPOSE_HEADERS = [
    *("ETag", "Idempotent-Replayed", "Location", "RateLimit", "RateLimit-Policy"),
    *("Retry-After", "X-Request-Id"),
]
CORS_PREFLIGHT_MAX_AGE = 3600

# What our own pages (the admin, the page of the API) may load: from here alone. Scripts within a
# page carry its nonce; styles may stand in the page, since maps and forms place things by them.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, UNSAFE_INLINE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
# Probes reach a process directly, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# An operator's session ends with the working day.
SESSION_COOKIE_AGE = 12 * 3600

STATIC_URL = "/static/"
STATIC_ROOT: Path | None = BASE_DIR / "staticfiles"

# Files of people. No address leads to them: what is handed out is handed out by a view. Web and worker
# share this folder; on several machines a volume, or an object store as the backend.
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(BASE_DIR / ".local" / "media")))
_FILES = "django.core.files.storage.FileSystemStorage"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": _FILES},
    "private": {
        "BACKEND": _FILES,
        "OPTIONS": {
            "location": MEDIA_ROOT / "private",
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# No JSON of this API comes near; media have a limit of their own.
API_BODY_LIMIT_BYTES = 1_048_576

# Bearer tokens alone: without cookies there is nothing that another site could ride on.
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["common.rendering.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "common.rendering.Negotiation",
    "DEFAULT_PARSER_CLASSES": ["common.rendering.StrictJSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["users.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["users.permissions.IsSignedIn"],
    "DEFAULT_PAGINATION_CLASS": "common.pagination.CursorPages",
    "DEFAULT_SCHEMA_CLASS": "common.operations.StrictOperation",
    "EXCEPTION_HANDLER": "common.problems.handle_exception",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    # Query parameters name their own formats; `?format=` must be as unknown as any other.
    "URL_FORMAT_OVERRIDE": None,
}

LOG_LEVEL: str = env.str("LOG_LEVEL", default="INFO")
LOGGING = logging_settings(level=LOG_LEVEL, as_json=True)
configure_structlog()
