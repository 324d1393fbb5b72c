"""What the routes of places are asked with."""

from __future__ import annotations

from typing import Any

from django.core.signing import BadSignature, Signer
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from common.geo import BOX_PATTERN, POSITION_PATTERN, parse_bounding_box, parse_position
from common.languages import Bilingual
from common.pagination import BAD_CURSOR, CURSOR_LENGTH, LIMIT, LIMIT_HIGH
from common.parameters import AwareTime, CommaSeparated, StrictInteger, StrictSerializer, StrictText
from engine.catalogue import CATEGORIES, MOODS
from places.search.types import PlaceSearch

RADIUS_LOW_M, RADIUS_HIGH_M, RADIUS_M = 10, 50_000, 1_000
TEXT_LENGTH = 80
CATEGORIES_HIGH = 10
FACETS = ("category", "mood")
SIGNER = Signer(salt="places.search")

RADIUS_ALONE = Bilingual(ko="near 없이는 쓸 수 없어요.", en="This means nothing without near.")
NEAR_OR_BOX = Bilingual(ko="near와 bbox 중 하나만 보내 주세요.", en="Send near or bbox, not both.")


@extend_schema_field({"type": "string", "pattern": POSITION_PATTERN})
class SpeltPosition(serializers.CharField):
    """Read by `parse_position`."""


@extend_schema_field({"type": "string", "pattern": BOX_PATTERN})
class SpeltBox(serializers.CharField):
    """Read by `parse_bounding_box`."""


class PlacesQuery(StrictSerializer):
    q = StrictText(
        required=False,
        max_length=TEXT_LENGTH,
        help_text="A name or a part of it in either language, misspelled a little, the first "
        "consonants of its syllables (ㄱㅂㄱ), or in words what is looked for and where (성수동 조용한 카페); a "
        "single letter begins a word of the name",
    )
    near = SpeltPosition(
        required=False,
        max_length=64,
        trim_whitespace=False,
        help_text="`lat,lon`: the nearest come first; an area that `q` names is sought wherever this is",
    )
    radius = StrictInteger(
        required=False,
        min_value=RADIUS_LOW_M,
        max_value=RADIUS_HIGH_M,
        help_text="Metres around `near`; 1,000 if not said",
    )
    bbox = SpeltBox(
        required=False,
        max_length=130,
        trim_whitespace=False,
        help_text="`west,south,east,north`; west may lie east of east, over the antimeridian",
    )
    category = CommaSeparated(
        child=serializers.ChoiceField(choices=list(CATEGORIES)),
        required=False,
        max_length=CATEGORIES_HIGH,
        help_text="Any of these",
    )
    mood = CommaSeparated(
        child=serializers.ChoiceField(choices=MOODS),
        required=False,
        max_length=len(MOODS),
        help_text="All of these, each with evidence",
    )
    open_at = AwareTime(
        required=False,
        help_text="Only places whose own hours say that they are open then, and are not doubted",
    )
    facets = CommaSeparated(
        child=serializers.ChoiceField(choices=FACETS),
        required=False,
        max_length=len(FACETS),
        help_text="Count how many of the best 500 places that match are of each",
    )
    limit = StrictInteger(required=False, min_value=1, max_value=LIMIT_HIGH, default=LIMIT)
    cursor = serializers.CharField(
        required=False, max_length=CURSOR_LENGTH, help_text="From `next` of the page before"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "radius" in attrs and "near" not in attrs:
            raise ValidationError({"radius": [ErrorDetail(str(RADIUS_ALONE), code="incomplete")]})
        if "bbox" in attrs and "near" in attrs:
            raise ValidationError({"bbox": [ErrorDetail(str(NEAR_OR_BOX), code="incomplete")]})
        return attrs


def to_search(said: dict[str, Any], /) -> PlaceSearch:
    """
    Return what a query asks for.

    Raises:
        GeometryMalformed, PositionOutOfBounds, PositionSwapped, BoxEmpty: naming the parameter.
        ValidationError: the cursor is not ours.
    """
    near, box = said.get("near"), said.get("bbox")
    return PlaceSearch(
        text=said.get("q", ""),
        near=None if near is None else parse_position(near, field="near"),
        radius_m=said.get("radius", RADIUS_M),
        boxes=() if box is None else parse_bounding_box(box, field="bbox"),
        categories=said.get("category", ()),
        moods=said.get("mood", ()),
        open_at=said.get("open_at"),
        limit=said["limit"],
        offset=read_cursor(said.get("cursor")),
    )


def write_cursor(offset: int, /) -> str:
    return SIGNER.sign(str(offset))


def read_cursor(cursor: str | None, /) -> int:
    """
    Return the offset of a cursor, 0 for none.

    Raises:
        ValidationError: it was not signed by us.
    """
    if cursor is None:
        return 0
    try:
        return int(SIGNER.unsign(cursor))
    except (BadSignature, ValueError):
        raise ValidationError(
            {"cursor": [ErrorDetail(str(BAD_CURSOR), code="bad_cursor")]}
        ) from None
