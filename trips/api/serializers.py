"""What the trips endpoints take in."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from common.languages import Bilingual
from common.parameters import (
    AwareTime,
    CommaSeparated,
    FiniteFloat,
    StrictInteger,
    StrictSerializer,
    StrictText,
)
from engine.catalogue import CATEGORIES
from engine.types import Mode, Point, Weather
from trips.services.bounds import BUDGET_HIGH, PARTY_SIZE_HIGH, TIME_BUDGET_HIGH, TIME_BUDGET_LOW
from trips.types import Question

SENTENCE_LENGTH = 1000
EXCLUDE_LENGTH = 200

BOTH_NEEDED = Bilingual(
    ko="위도와 경도를 함께 보내 주세요.", en="Send the latitude and the longitude together."
)
NO_LATITUDE = Bilingual(
    ko="위도는 -90에서 90 사이여야 해요. 경도와 바뀌지 않았는지 확인해 주세요.",
    en="A latitude lies between -90 and 90: is it the longitude?",
)
NOT_EXCLUDABLE = Bilingual(
    ko="장소 id나 카테고리만 제외할 수 있어요.",
    en="Only the id of a place or a category can be excluded.",
)


class Latitude(FiniteFloat):
    """Degrees north; whoever is beyond a pole has most likely sent the longitude."""

    # Formatted when it is said, as a lazy translation is.
    default_error_messages = {"min_value": NO_LATITUDE, "max_value": NO_LATITUDE}  # type: ignore[dict-item]

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=-90, max_value=90, **options)


@extend_schema_field(
    {
        "anyOf": [
            {"type": "string", "format": "uuid"},
            {"type": "string", "enum": list(CATEGORIES)},
        ]
    }
)
class Excludable(serializers.Field[str, Any, str, Any]):
    """The id of a place, or a category."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or not (data in CATEGORIES or _is_uuid(data)):
            raise ValidationError(str(NOT_EXCLUDABLE), code="invalid_choice")
        return data


class RecommendationQuestion(StrictSerializer):
    """A question for three cards: a sentence, parameters, or both. A parameter wins."""

    q = StrictText(
        required=False,
        max_length=SENTENCE_LENGTH,
        allow_blank=True,
        help_text="A sentence in Korean or English: 홍대에서 3시간, 2만원, 조용한 카페 위주",
    )
    lat = Latitude(required=False, help_text="WGS 84 latitude of the start, with lon")
    lon = FiniteFloat(required=False, min_value=-180, max_value=180)
    area = StrictText(
        required=False, max_length=80, help_text="A neighbourhood, station, street or landmark"
    )
    time_budget_min = FiniteFloat(
        required=False, min_value=TIME_BUDGET_LOW, max_value=TIME_BUDGET_HIGH
    )
    budget = StrictInteger(
        required=False,
        min_value=0,
        max_value=BUDGET_HIGH,
        help_text="Per adult, in the minor unit of the currency of the place",
    )
    budget_band = serializers.ChoiceField(required=False, choices=["low", "mid", "high"])
    mode = serializers.ChoiceField(required=False, choices=[mode.value for mode in Mode])
    start_at = AwareTime(required=False)
    end_lat = Latitude(required=False)
    end_lon = FiniteFloat(required=False, min_value=-180, max_value=180)
    party_size = StrictInteger(required=False, min_value=1, max_value=PARTY_SIZE_HIGH)
    weather = serializers.ChoiceField(
        required=False, choices=[weather.value for weather in Weather]
    )
    exclude = CommaSeparated(
        required=False,
        child=Excludable(),
        max_length=EXCLUDE_LENGTH,
        help_text="Ids of places, and categories",
    )
    seed = StrictInteger(required=False, min_value=0, max_value=2**31 - 1)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        missing: dict[str, list[ErrorDetail]] = {}
        for latitude, longitude in (("lat", "lon"), ("end_lat", "end_lon")):
            if (latitude in attrs) != (longitude in attrs):
                absent = longitude if latitude in attrs else latitude
                missing[absent] = [ErrorDetail(str(BOTH_NEEDED), code="incomplete")]
        if missing:
            raise ValidationError(missing)
        return attrs


class WhyNotQuestion(StrictSerializer):
    """Which place is missed on a trip."""

    place = serializers.UUIDField(help_text="Id of any place")


def to_question(said: Mapping[str, Any], /) -> Question:
    """Return the question that validated parameters ask."""
    return Question(
        sentence=said.get("q", ""),
        position=_point(said.get("lat"), said.get("lon")),
        area=said.get("area"),
        destination=_point(said.get("end_lat"), said.get("end_lon")),
        time_budget_min=said.get("time_budget_min"),
        budget=said.get("budget"),
        budget_band=said.get("budget_band"),
        mode=Mode(said["mode"]) if "mode" in said else None,
        starts_at=said.get("start_at"),
        party_size=said.get("party_size"),
        weather=Weather(said["weather"]) if "weather" in said else None,
        exclude=tuple(said.get("exclude", ())),
        seed=said.get("seed", 0),
    )


def _point(latitude: float | None, longitude: float | None) -> Point | None:
    if latitude is None or longitude is None:
        return None
    return Point(latitude, longitude)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
