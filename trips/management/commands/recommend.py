"""`manage.py recommend`: the cards for a sentence, on a terminal."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import override

from common.errors import DomainError
from engine.types import Mode, Point, Weather
from trips.services.recommending import Recommendations
from trips.services.rendering import render_text
from trips.types import Answer, Locale, Profile, Question


class Command(BaseCommand):
    """Prints what the API would answer to somebody who is not signed in."""

    help = "Recommend up to three trips for a sentence in Korean or English."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "sentence", nargs="?", default="", help="홍대에서 3시간, 2만원, 조용한 카페 위주"
        )
        parser.add_argument("--at", metavar="LAT,LON", help="where to start")
        parser.add_argument("--area", metavar="NAME", help="a neighbourhood, station or landmark")
        parser.add_argument("--start", metavar="ISO", help="when, with its offset")
        parser.add_argument("--minutes", type=float, metavar="N", help="how long")
        parser.add_argument("--budget", type=int, metavar="N", help="per adult")
        parser.add_argument("--mode", choices=[mode.value for mode in Mode])
        parser.add_argument("--weather", choices=[weather.value for weather in Weather])
        parser.add_argument("--language", choices=["ko", "en"], help="default: the sentence's own")
        parser.add_argument("--json", action="store_true", help="print the body of the API")

    def handle(self, *args: Any, **options: Any) -> None:
        locale: Locale = options["language"] or _language_of(options["sentence"])
        with override(locale):
            answer = _ask(_question(options), locale)
        if options["json"]:
            self.stdout.write(orjson.dumps(answer.body, option=orjson.OPT_INDENT_2).decode())
        else:
            self.stdout.write(render_text(body=answer.body, locale=locale))


def _ask(question: Question, locale: Locale) -> Answer:
    try:
        return Recommendations().recommend(
            question=question, profile=Profile(), now=timezone.now(), locale=locale
        )
    except DomainError as error:
        detail = error.detail.in_language(locale).format(**error.values)
        raise CommandError(" ".join([detail, *_candidates(error)])) from error


def _question(options: dict[str, Any]) -> Question:
    return Question(
        sentence=options["sentence"],
        position=_position(options["at"]),
        area=options["area"],
        time_budget_min=options["minutes"],
        budget=options["budget"],
        mode=Mode(options["mode"]) if options["mode"] else None,
        starts_at=_moment(options["start"]),
        weather=Weather(options["weather"]) if options["weather"] else None,
    )


def _position(text: str | None) -> Point | None:
    if text is None:
        return None
    try:
        latitude, longitude = (float(part) for part in text.split(","))
        return Point(latitude, longitude)
    except ValueError as error:
        raise CommandError(f"--at takes LAT,LON, such as 37.5563,126.9236: {error}") from error


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(
            f"--start takes a time such as 2026-05-01T14:00+09:00: {error}"
        ) from error
    if moment.tzinfo is None:
        raise CommandError("--start needs its offset, such as 2026-05-01T14:00+09:00")
    return moment


def _candidates(error: DomainError) -> list[str]:
    """Return the names of the areas that a refusal offers to choose from."""
    candidates = error.extras.get("candidates")
    return [area["name"] for area in candidates] if isinstance(candidates, list) else []


def _language_of(sentence: str) -> Locale:
    """Return Korean for a sentence with Hangul in it, and for an empty one."""
    has_hangul = any("가" <= letter <= "힣" for letter in sentence)
    return "ko" if has_hangul or not sentence else "en"
