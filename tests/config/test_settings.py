import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config.settings.environment import check_router, list_router_modes, refuse_unsafe

STRONG = "kJ8#vQ2!mZ5@xW9$rT4%yB7^nL3&cF6*hD1(pG0)sA-eU+iO=wX"
HOSTS = ["api.dongne.kr"]


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
        | {"EMAIL_URL": "smtp+tls://user:word@mail.dongne.kr:587"}
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
