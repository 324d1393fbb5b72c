import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config.settings.environment import (
    BASE_DIR,
    MountedFiles,
    check_router,
    connection_options,
    list_router_modes,
    refuse_exposed,
    refuse_unsafe,
)

STRONG = "kJ8#vQ2!mZ5@xW9$rT4%yB7^nL3&cF6*hD1(pG0)sA-eU+iO=wX"
HOSTS = ["api.dongne.kr"]
SERVERS = {
    "DATABASE_URL": "postgis://dongne:wh4le-Song@db.internal/dongne",
    "REDIS_CACHE_URL": "redis://:wh4le-Song@redis.internal/0",
    "REDIS_BROKER_URL": "redis://:wh4le-Song@redis.internal/1",
    "REDIS_CHANNELS_URL": "redis://:wh4le-Song@redis.internal/2",
    "EMAIL_URL": "smtp+tls://user:word@mail.dongne.kr:587",
}


def start(tier: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Load the settings of a tier in a process of its own."""
    command = (
        "import django; django.setup(); from django.conf import settings; print(settings.DEBUG)"
    )
    return subprocess.run(
        [sys.executable, "-c", command],
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": f"config.settings.{tier}", "SECRET_KEY": STRONG}
        | {"ALLOWED_HOSTS": ",".join(HOSTS), "TRUSTED_PROXY_COUNT": "1"}
        | SERVERS
        | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("tier", ["prod", "staging"])
def test_a_tier_of_people_starts_with_safe_settings(tier: str) -> None:
    started = start(tier)

    assert started.stderr == ""
    assert started.stdout == "False\n"


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too weak"),
        ({"DEBUG": "true"}, "DEBUG must be off"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS has a wildcard"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is empty"),
        ({"TRUSTED_PROXY_COUNT": "many"}, "many"),
        ({"EMAIL_URL": "consolemail://"}, "EMAIL_URL sends no mail"),
        ({"EMAIL_URL": "pigeon://x"}, "Invalid email schema"),
        ({"SECRET_KEY_FALLBACKS": "short"}, "SECRET_KEY is too weak"),
        (
            {
                "CORS_ALLOWED_ORIGINS": "*",
                "DATABASE_URL": "postgis://dongne@db.internal/dongne",
            },
            "such as https://app.example.kr. DATABASE_URL has no password",
        ),
        ({"SECRET_KEY_FILE": "nowhere"}, "SECRET_KEY_FILE cannot be read"),
    ],
)
def test_prod_does_not_start_otherwise(environment: dict[str, str], named: str) -> None:
    started = start("prod", **environment)

    assert started.returncode == 1
    assert named in started.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    "secret",
    ["", "a" * 80, "ab" * 40, "django-insecure-" + STRONG, "changeme-" + STRONG, STRONG[:49]],
)
def test_a_weak_secret_is_refused(secret: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        refuse_unsafe(secret_key=secret, debug=False, allowed_hosts=HOSTS)


def safe_settings() -> dict[str, Any]:
    """Return what `refuse_exposed` looks at, as a tier that people use has it."""
    return {
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "DEMO_ACCOUNTS_ALLOWED": False,
        "CORS_ALLOWED_ORIGINS": ["https://app.dongne.kr", "https://app.dongne.kr:8443"],
        "CSRF_TRUSTED_ORIGINS": ["https://admin.dongne.kr"],
        "DATABASES": {"default": {"HOST": "db.internal", "PASSWORD": "wh4le-Song"}},
        "REDIS_CACHE_URL": "redis://:wh4le-Song@redis.internal/0",
        "REDIS_BROKER_URL": "redis://127.0.0.1/1",
        "REDIS_CHANNELS_URL": "rediss://:wh4le-Song@redis.internal/2",
    }


@pytest.mark.parametrize(
    ("exposed", "named"),
    [
        ({"SESSION_COOKIE_SECURE": False}, "SESSION_COOKIE_SECURE"),
        ({"CSRF_COOKIE_SECURE": False}, "CSRF_COOKIE_SECURE"),
        ({"SECURE_SSL_REDIRECT": False}, "SECURE_SSL_REDIRECT"),
        ({"SECURE_HSTS_SECONDS": 3600}, "SECURE_HSTS_SECONDS"),
        ({"DEMO_ACCOUNTS_ALLOWED": True}, "DEMO_ACCOUNTS_ALLOWED"),
        ({"CORS_ALLOW_ALL_ORIGINS": True}, "CORS_ALLOWED_ORIGINS"),
        ({"CORS_ALLOWED_ORIGIN_REGEXES": [".*"]}, "CORS_ALLOWED_ORIGINS"),
        ({"CORS_ALLOW_CREDENTIALS": True}, "CORS_ALLOW_CREDENTIALS"),
        ({"CORS_ALLOWED_ORIGINS": ["*"]}, "CORS_ALLOWED_ORIGINS"),
        ({"CORS_ALLOWED_ORIGINS": ["https://*.dongne.kr"]}, "CORS_ALLOWED_ORIGINS"),
        ({"CORS_ALLOWED_ORIGINS": ["http://app.dongne.kr"]}, "CORS_ALLOWED_ORIGINS"),
        ({"CORS_ALLOWED_ORIGINS": ["https://app.dongne.kr/x"]}, "CORS_ALLOWED_ORIGINS"),
        ({"CORS_ALLOWED_ORIGINS": ["null"]}, "CORS_ALLOWED_ORIGINS"),
        ({"CSRF_TRUSTED_ORIGINS": ["https://*.dongne.kr"]}, "CSRF_TRUSTED_ORIGINS"),
        ({"CSRF_TRUSTED_ORIGINS": ["http://admin.dongne.kr"]}, "CSRF_TRUSTED_ORIGINS"),
        ({"DATABASES": {"default": {"HOST": "db.internal", "PASSWORD": ""}}}, "DATABASE_URL"),
        ({"DATABASES": {"default": {"HOST": "10.0.0.7", "PASSWORD": "changeme"}}}, "DATABASE_URL"),
        ({"REDIS_CACHE_URL": "redis://redis.internal/0"}, "REDIS_CACHE_URL"),
        ({"REDIS_BROKER_URL": "amqp://guest:example@rabbit/"}, "REDIS_BROKER_URL"),
        ({"REDIS_CHANNELS_URL": "redis://redis.internal/0"}, "REDIS_CHANNELS_URL"),
    ],
)
def test_what_is_open_to_others_is_refused(exposed: dict[str, Any], named: str) -> None:
    refuse_exposed(safe_settings())

    with pytest.raises(ImproperlyConfigured, match=named):
        refuse_exposed(safe_settings() | exposed)


@pytest.mark.parametrize(
    "database",
    [
        {"HOST": "", "PASSWORD": ""},
        {"HOST": "/run/postgresql", "PASSWORD": ""},
        {"HOST": "127.0.0.1", "PASSWORD": ""},
        {"HOST": "db.internal", "PASSWORD": "", "OPTIONS": {"sslcert": "/run/secrets/cert.pem"}},
    ],
)
def test_a_database_on_this_machine_or_by_certificate_needs_no_password(
    database: dict[str, Any],
) -> None:
    refuse_exposed(safe_settings() | {"DATABASES": {"default": database}})


def test_all_that_is_exposed_is_named_at_once() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"SESSION_COOKIE_SECURE .* REDIS_CACHE_URL"):
        refuse_exposed(
            safe_settings() | {"SESSION_COOKIE_SECURE": False, "REDIS_CACHE_URL": "redis://r/0"}
        )


def test_a_secret_may_be_mounted_as_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(STRONG + "\n")
    environment = MountedFiles({"SECRET_KEY_FILE": str(secret), "OTHER": "x"})

    assert (environment["SECRET_KEY"], environment["OTHER"]) == (STRONG, "x")


def test_an_unknown_kind_of_process_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="PROCESS_KIND"):
        connection_options(process_kind="webb")


def test_a_deployment_is_clean() -> None:
    checked = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": "config.settings.prod", "SECRET_KEY": STRONG}
        | {"ALLOWED_HOSTS": ",".join(HOSTS), "TRUSTED_PROXY_COUNT": "1"}
        | SERVERS,
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (checked.returncode, checked.stdout) == (
        0,
        "System check identified no issues (1 silenced).\n",
    )


@pytest.mark.parametrize("host", ["*", ".dongne.kr", "*.dongne.kr"])
def test_a_wildcard_host_is_refused(host: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        refuse_unsafe(secret_key=STRONG, debug=False, allowed_hosts=[*HOSTS, host])


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ({"kind": "google"}, "ROUTER_KIND"),
        ({"kind": "valhalla", "url": ""}, "ROUTER_KIND and ROUTER_URL"),
        ({"kind": ""}, "ROUTER_KIND and ROUTER_URL"),
        ({"url": "valhalla:8002"}, "ROUTER_URL"),
        ({"url": "ftp://valhalla"}, "ROUTER_URL"),
        ({"url": "http://"}, "ROUTER_URL"),
        ({"url": "http://valhalla/?key=1"}, "ROUTER_URL"),
        ({"url": "http://valhalla/#tiles"}, "ROUTER_URL"),
        ({"url": "http://[::1"}, "ROUTER_URL"),
        ({"url": "http://:8002"}, "ROUTER_URL"),
        ({"url": "http://valhalla:eight"}, "ROUTER_URL"),
        ({"url": "http://valhalla:80020"}, "ROUTER_URL"),
        ({"url": "http://valhalla:0"}, "ROUTER_URL"),
        ({"url": "http://valhalla-{profile}:8002"}, "ROUTER_URL"),
        ({"kind": "osrm", "url": "http://osrm-{mode}:5000"}, "ROUTER_URL"),
        ({"timeout_ms": 9}, "ROUTER_TIMEOUT_MS"),
        ({"timeout_ms": 10_001}, "ROUTER_TIMEOUT_MS"),
        ({"modes": ["walk", "transit"]}, "ROUTER_MODES"),
    ],
)
def test_a_router_that_is_half_named_is_refused(said: dict[str, Any], named: str) -> None:
    whole: dict[str, Any] = {
        "kind": "valhalla",
        "url": "http://valhalla:8002",
        "timeout_ms": 300,
        "modes": ["walk"],
    }

    check_router(**whole)
    with pytest.raises(ImproperlyConfigured, match=named):
        check_router(**(whole | said))


@pytest.mark.parametrize(
    ("kind", "url", "modes"),
    [
        ("valhalla", "http://valhalla:8002", ["walk", "bike", "car"]),
        ("osrm", "http://osrm:5000", ["walk"]),
        ("osrm", "http://osrm-{profile}:5000", ["walk", "bike", "car"]),
    ],
)
def test_a_router_answers_for_the_modes_that_it_knows(
    kind: str, url: str, modes: list[str]
) -> None:
    assert list_router_modes(kind=kind, url=url) == modes


def test_a_task_ends_before_the_broker_takes_it_for_lost() -> None:
    soft, hard = settings.CELERY_TASK_SOFT_TIME_LIMIT, settings.CELERY_TASK_TIME_LIMIT

    assert soft < hard < settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]


def test_a_task_of_a_killed_worker_comes_back() -> None:
    assert settings.CELERY_TASK_ACKS_LATE
    assert settings.CELERY_TASK_REJECT_ON_WORKER_LOST


def test_nothing_is_wrapped_in_a_transaction_unasked() -> None:
    assert settings.DATABASES["default"]["ATOMIC_REQUESTS"] is False


def test_passwords_are_hashed_with_argon2_where_people_are_real() -> None:
    started = subprocess.run(
        [
            sys.executable,
            "-c",
            "from config.settings.base import PASSWORD_HASHERS as h; print(h[0])",
        ],
        capture_output=True,
        text=True,
        check=True,
    )

    assert started.stdout == "users.hashers.StatedArgon2\n"
