"""`manage.py recommend`: the cards for a sentence, on a terminal."""

from __future__ import annotations

from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import override

from common.errors import DomainError
from trips.api.serializers import RecommendationQuestion
from trips.api.viewsets import recommendations
from trips.services.rendering import render_text
from trips.types import Locale, Profile

_PARAMETERS = (
    "start_at", "budget", "mode", "area", "time_budget_min", "weather", "party_size", "seed",
)  # fmt: skip


class Command(BaseCommand):
    """Prints what the API would answer to somebody who is not signed in."""

    help = "Recommend up to three trips for a sentence in Korean or English."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "sentence", nargs="?", default="", help="홍대에서 3시간, 2만원, 조용한 카페 위주"
        )
        parser.add_argument("--at", metavar="LAT,LON", help="where to start")
        parser.add_argument("--start", dest="start_at", metavar="ISO", help="when, with its offset")
        parser.add_argument("--budget", metavar="N", help="per adult")
        parser.add_argument("--mode", choices=["walk", "transit", "bike", "car"])
        parser.add_argument("--area", metavar="NAME")
        parser.add_argument("--minutes", dest="time_budget_min", metavar="N")
        parser.add_argument("--weather", metavar="W")
        parser.add_argument("--party-size", metavar="N")
        parser.add_argument("--seed", metavar="N")
        parser.add_argument("--language", choices=["ko", "en"], help="default: the sentence's own")
        parser.add_argument(
            "--json", action="store_true", help="print the body of the API unchanged"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        sentence: str = options["sentence"]
        locale: Locale = options["language"] or _language_of(sentence)
        with override(locale):
            asked = RecommendationQuestion(data=_parameters(sentence, options))
            if not asked.is_valid():
                raise CommandError(str(asked.errors))
            try:
                answer = recommendations().recommend(
                    question=asked.to_question(),
                    profile=Profile(),
                    now=timezone.now(),
                    locale=locale,
                )
            except DomainError as error:
                detail = error.detail.in_language(locale).format(**error.values)
                raise CommandError(" ".join([detail, *_candidates(error)])) from error
        if options["json"]:
            self.stdout.write(orjson.dumps(answer.body, option=orjson.OPT_INDENT_2).decode())
        else:
            self.stdout.write(render_text(body=answer.body, locale=locale))


def _parameters(sentence: str, options: dict[str, Any]) -> dict[str, Any]:
    said = {name: options[name] for name in _PARAMETERS if options[name] is not None}
    if sentence:
        said["q"] = sentence
    if options["at"] is not None:
        latitude, comma, longitude = options["at"].partition(",")
        if not comma:
            raise CommandError("--at takes LAT,LON, such as --at 37.5563,126.9236")
        said |= {"lat": latitude.strip(), "lon": longitude.strip()}
    return said


def _candidates(error: DomainError) -> list[str]:
    """Return the names of the areas that a refusal offers to choose from."""
    candidates = error.extras.get("candidates")
    return [area["name"] for area in candidates] if isinstance(candidates, list) else []


def _language_of(sentence: str) -> Locale:
    """Return Korean for a sentence with Hangul in it, and for an empty one."""
    has_hangul = any("가" <= letter <= "힣" for letter in sentence)
    return "ko" if has_hangul or not sentence else "en"
