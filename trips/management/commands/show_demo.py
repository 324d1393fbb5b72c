"""`manage.py show_demo`: what the running stack answers to the demo traveller, over HTTP."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from trips.services.rendering import render_text
from trips.types import Locale
from users.services.seeding import DEMO_OPERATOR, DEMO_TRAVELLER

SENTENCES: tuple[tuple[Locale, str], ...] = (
    ("ko", "홍대에서 3시간, 2만원, 조용한 카페 위주"),
    ("en", "4 hours around Gyeongbokgung, a palace and a tea house, 30,000 won"),
)
WAKES_AT_H, RESTS_AT_H = 10, 16
TIMEOUT_S = 120  # the first question of a process may still have to compile


class Command(BaseCommand):
    """Signs in through the API, asks in both languages, prints cards, addresses and logins."""

    help = "Ask the running API for trips as the demo traveller, and print where everything is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--url", default="http://127.0.0.1:8000")

    def handle(self, *args: Any, **options: Any) -> None:
        url = options["url"].rstrip("/")
        try:
            token = _post(
                f"{url}/api/v1/auth/token",
                {"email": DEMO_TRAVELLER.email, "password": DEMO_TRAVELLER.password},
            )["access"]
            for locale, sentence in SENTENCES:
                start_at = _daytime(timezone.now()).isoformat(timespec="minutes")
                query = urlencode({"q": sentence, "start_at": start_at})
                body = _get(f"{url}/api/v1/trips/recommendations?{query}", token, locale)
                self.stdout.write(f"\n“{sentence}”  start_at={start_at}")
                self.stdout.write(render_text(body=body, locale=locale))
        except HTTPError as error:
            raise CommandError(f"{error.url}: {error.code} {error.read().decode()}") from error
        except (URLError, TimeoutError) as error:
            raise CommandError(f"No answer from {url}: is `make run` up? ({error})") from error
        self.stdout.write(
            f"\nAPI      {url}/api/docs/   (demo login: {DEMO_TRAVELLER.email} / {DEMO_TRAVELLER.password})"
            f"\nAdmin    {url}/admin/      (demo login: {DEMO_OPERATOR.email} / {DEMO_OPERATOR.password})"
            f"\nHealth   {url}/readyz\n"
        )


def _daytime(now: datetime) -> datetime:
    """Return now while Seoul is awake, else its next early afternoon: at night all is closed."""
    local = now.astimezone(ZoneInfo("Asia/Seoul"))
    if WAKES_AT_H <= local.hour < RESTS_AT_H:
        return local
    ahead = 0 if local.hour < WAKES_AT_H else 1
    return local.replace(hour=13, minute=0) + timedelta(days=ahead)


def _post(url: str, body: dict[str, str]) -> dict[str, Any]:
    headers = {"Content-Type": "application/json"}
    return _ask(Request(url, data=json.dumps(body).encode(), headers=headers))


def _get(url: str, token: str, locale: Locale) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": locale}
    return _ask(Request(url, headers=headers))


def _ask(request: Request) -> dict[str, Any]:
    # The stack is on this machine: a company's proxy does not lead to it.
    with build_opener(ProxyHandler({})).open(request, timeout=TIMEOUT_S) as response:
        answer: dict[str, Any] = json.load(response)
    return answer
