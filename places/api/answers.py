"""What the routes of places answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rest_framework import serializers

from common.geo import Position
from common.languages import Bilingual, current_language
from engine.catalogue import CATEGORIES, MOODS
from engine.explain.wording import get_wording
from places.models import TagSource, TagType
from places.reports.types import Doubt, PlaceFact
from places.search.detail import Basis, PlaceDetail
from places.search.introducing import introduce
from places.search.types import Facets, FoundPage, FoundPlace
from places.tagging_selectors import HeldTag

# On whose word a place has a tag, as clients are told.
GROUNDS: Final = {
    TagSource.LEXICON: "text",
    TagSource.MODEL: "text",
    TagSource.PEOPLE: "visitors",
    TagSource.BLOGS: "blogs",
    TagSource.IMAGE: "photos",
    TagSource.OPERATOR: "operator",
}

DOUBTS: Final = {
    PlaceFact.EXISTENCE: Bilingual(
        ko="문을 닫은 것 같다는 방문자 제보가 있어요.", en="Visitors report that it has closed."
    ),
    PlaceFact.HOURS: Bilingual(
        ko="영업시간이 다르다는 방문자 제보가 있어요.", en="Visitors found other opening hours."
    ),
    PlaceFact.PRICE: Bilingual(
        ko="가격이 다르다는 방문자 제보가 있어요.", en="Visitors found other prices."
    ),
    PlaceFact.POSITION: Bilingual(
        ko="위치가 다르다는 방문자 제보가 있어요.", en="Visitors found it somewhere else."
    ),
    PlaceFact.NAME: Bilingual(
        ko="이름이 다르다는 방문자 제보가 있어요.", en="Visitors found another name."
    ),
}


class PositionAnswer(serializers.Serializer[Any]):
    lat = serializers.FloatField()
    lon = serializers.FloatField()


class CostAnswer(serializers.Serializer[Any]):
    low = serializers.IntegerField()
    high = serializers.IntegerField()
    currency = serializers.CharField()
    provenance = serializers.ChoiceField(choices=["measured", "stated", "prior"])


class PlaceAnswer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField(help_text="In the caller's language")
    name_ko = serializers.CharField()
    name_en = serializers.CharField()
    category = serializers.ChoiceField(choices=list(CATEGORIES))
    city = serializers.CharField()
    position = PositionAnswer()
    address = serializers.CharField(allow_blank=True)
    cost = CostAnswer()
    stay_min = serializers.IntegerField()
    moods = serializers.ListField(child=serializers.ChoiceField(choices=MOODS))
    distance_m = serializers.FloatField(allow_null=True)


class FacetAnswer(serializers.Serializer[Any]):
    name = serializers.CharField()
    label = serializers.CharField(help_text="In the caller's language")  # type: ignore[assignment] # a member named as DRF names an option
    count = serializers.IntegerField()


class FacetsAnswer(serializers.Serializer[Any]):
    of = serializers.IntegerField(help_text="How many places were counted, the best that match")
    capped = serializers.BooleanField(help_text="More places match than were counted")
    category = FacetAnswer(many=True, required=False)
    mood = FacetAnswer(many=True, required=False)


class PlacesAnswer(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    facets = FacetsAnswer(required=False, help_text="Where `facets` asked for them")
    results = PlaceAnswer(many=True)


class FeatureGeometry(serializers.Serializer[Any]):
    type = serializers.ChoiceField(choices=["Point"])
    coordinates = serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2)


class PlaceFeature(serializers.Serializer[Any]):
    type = serializers.ChoiceField(choices=["Feature"])
    id = serializers.UUIDField()
    geometry = FeatureGeometry()
    properties = serializers.DictField()


class PlaceFeatures(serializers.Serializer[Any]):
    type = serializers.ChoiceField(choices=["FeatureCollection"])
    features = PlaceFeature(many=True)
    next = serializers.URLField(allow_null=True)
    facets = FacetsAnswer(required=False)


class WindowAnswer(serializers.Serializer[Any]):
    opens = serializers.DateTimeField()
    closes = serializers.DateTimeField()


class HoursAnswer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(
        choices=["known", "doubted", "assumed"], help_text="`doubted`: visitors found other hours"
    )
    open_now = serializers.BooleanField(
        help_text="By these hours: `open_at` counts on it only where `status` is `known`"
    )
    closes_at = serializers.DateTimeField(allow_null=True)
    today = WindowAnswer(many=True)
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment] # a member named as DRF names an option
    as_of = serializers.DateField(allow_null=True)
    text = serializers.CharField(allow_blank=True, help_text="As the source words them")


class MoodAnswer(serializers.Serializer[Any]):
    mood = serializers.ChoiceField(choices=MOODS)
    confidence = serializers.FloatField()
    evidence = serializers.CharField()


class PlaceTagAnswer(serializers.Serializer[Any]):
    name = serializers.CharField()
    type = serializers.ChoiceField(choices=TagType.values)
    label = serializers.CharField(help_text="In the caller's language")  # type: ignore[assignment] # a member named as DRF names an option
    confidence = serializers.ChoiceField(choices=["high", "fair"])
    guessed = serializers.BooleanField(help_text="No person has looked at it")
    grounds = serializers.ChoiceField(
        choices=sorted(set(GROUNDS.values())), help_text="On whose word the place has the tag"
    )


class CongestionAnswer(serializers.Serializer[Any]):
    level = serializers.FloatField(min_value=0, max_value=1)
    basis = serializers.ChoiceField(
        choices=[basis.value for basis in Basis],
        help_text="Who says so: the city right now, visits to the place itself, or what is usual",
    )
    visits = serializers.IntegerField(
        help_text="How many visits on such days its own profile rests on, in whole tens; 0: none"
    )
    wait_min = serializers.IntegerField(
        allow_null=True, help_text="Estimated only where everybody who comes is counted"
    )


class DoubtAnswer(serializers.Serializer[Any]):
    fact = serializers.ChoiceField(choices=[fact.value for fact in PlaceFact])
    confidence = serializers.FloatField(
        min_value=0, max_value=1, help_text="How far it is still believed"
    )
    last_seen_on = serializers.DateField(help_text="When a visitor last found it otherwise")
    warning = serializers.CharField(help_text="In the caller's language")


class SourceAnswer(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField()
    licence = serializers.CharField()
    attribution = serializers.CharField()
    as_of = serializers.DateField(allow_null=True, help_text="Of its newest record")
    records = serializers.IntegerField(help_text="How many of its records are of this place")


class PeriodAnswer(serializers.Serializer[Any]):
    first_day = serializers.DateField()
    last_day = serializers.DateField()


class PlaceDetailAnswer(PlaceAnswer):
    hours = HoursAnswer()
    period = PeriodAnswer(
        allow_null=True, help_text="Of an event: the local days on which it is there"
    )
    mood_evidence = MoodAnswer(many=True)
    tags = PlaceTagAnswer(many=True, help_text="The surest first")
    congestion = CongestionAnswer()
    doubts = DoubtAnswer(
        many=True, help_text="What several visitors, independent of each other, found otherwise"
    )
    indoor = serializers.BooleanField(allow_null=True)
    pets_allowed = serializers.BooleanField(allow_null=True)
    wheelchair = serializers.BooleanField(allow_null=True)
    parking = serializers.BooleanField(allow_null=True)
    description = serializers.CharField(
        allow_blank=True, help_text="Facts in one line, in the caller's language"
    )
    sources = SourceAnswer(many=True)


class TagAnswer(serializers.Serializer[Any]):
    name = serializers.CharField()
    type = serializers.ChoiceField(choices=["category", "mood"])
    label = serializers.CharField(help_text="In the caller's language")  # type: ignore[assignment] # a member named as DRF names an option


class TagsAnswer(serializers.Serializer[Any]):
    results = TagAnswer(many=True)


class TileJson(serializers.Serializer[Any]):
    """TileJSON 3.0.0."""

    tilejson = serializers.ChoiceField(choices=["3.0.0"])
    tiles = serializers.ListField(child=serializers.CharField())
    minzoom = serializers.IntegerField()
    maxzoom = serializers.IntegerField()
    attribution = serializers.CharField(
        help_text="Of every source that places rest on, parted by |"
    )
    vector_layers = serializers.ListField(child=serializers.DictField())


def present_page(*, page: FoundPage, next_address: str | None) -> dict[str, Any]:
    language = current_language()
    return {"next": next_address, "results": [_place(place, language) for place in page.places]}


def present_features(*, page: FoundPage, next_address: str | None) -> dict[str, Any]:
    """Return the page as a GeoJSON FeatureCollection (RFC 7946)."""
    features, language = [], current_language()
    for place in page.places:
        shown = _place(place, language)
        position = shown.pop("position")
        features.append(
            {
                "type": "Feature",
                "id": shown.pop("id"),
                "geometry": {"type": "Point", "coordinates": [position["lon"], position["lat"]]},
                "properties": shown,
            }
        )
    return {"type": "FeatureCollection", "features": features, "next": next_address}


def present_facets(facets: Facets, /, *, asked: Sequence[str]) -> dict[str, Any]:
    wording = get_wording(locale=current_language())
    said: dict[str, Any] = {"of": facets.of, "capped": facets.is_capped}
    if "category" in asked:
        said["category"] = [
            {"name": name, "label": wording.category(name), "count": count}
            for name, count in facets.categories.items()
        ]
    if "mood" in asked:
        said["mood"] = [
            {"name": name, "label": wording.word("moods", name), "count": count}
            for name, count in facets.moods.items()
        ]
    return said


def present_detail(detail: PlaceDetail, /) -> dict[str, Any]:
    place, hours = detail.place, detail.hours
    return {
        "id": place.public_id,
        **_named(place.names, current_language()),
        "category": place.category,
        "city": place.city_id,
        "position": _position(detail.position),
        "address": place.address,
        "cost": {
            "low": place.cost_low,
            "high": place.cost_high,
            "currency": place.currency,
            "provenance": place.cost_provenance,
        },
        "stay_min": place.stay_min,
        "moods": sorted(place.mood_scores),
        "distance_m": None,
        "hours": {
            "status": _hours_status(detail),
            "open_now": hours.is_open_now,
            "closes_at": hours.closes_at,
            "today": [{"opens": opens, "closes": closes} for opens, closes in hours.windows],
            "source": hours.source,
            "as_of": hours.as_of,
            "text": hours.text,
        },
        "period": place.valid_from
        and {"first_day": place.valid_from, "last_day": place.valid_until},
        "mood_evidence": [
            {"mood": mood, "confidence": said["confidence"], "evidence": said.get("evidence", "")}
            for mood, said in sorted(place.mood_scores.items())
        ],
        "tags": [_tag(held) for held in detail.tags],
        "congestion": {
            "level": detail.congestion.level,
            "basis": detail.congestion.basis,
            "visits": detail.congestion.visits,
            "wait_min": detail.congestion.wait_min,
        },
        "doubts": [_doubt(doubt) for doubt in detail.doubts],
        "indoor": place.indoor,
        "pets_allowed": place.pets_allowed,
        "wheelchair": place.wheelchair,
        "parking": place.parking,
        "description": introduce(
            place, district_en=detail.district_en, language=current_language()
        ),
        "sources": detail.sources,
    }


def present_tags() -> dict[str, Any]:
    wording = get_wording(locale=current_language())
    tags = [
        {"name": name, "type": "category", "label": wording.category(name)} for name in CATEGORIES
    ]
    tags += [{"name": name, "type": "mood", "label": wording.word("moods", name)} for name in MOODS]
    return {"results": tags}


def _hours_status(detail: PlaceDetail) -> str:
    if not detail.hours.is_known:
        return "assumed"
    return "doubted" if any(one.fact is PlaceFact.HOURS for one in detail.doubts) else "known"


def _doubt(doubt: Doubt) -> dict[str, Any]:
    return {
        "fact": doubt.fact,
        "confidence": round(doubt.confidence, 2),
        "last_seen_on": doubt.last_seen_on,
        "warning": str(DOUBTS[doubt.fact]),
    }


def _place(place: FoundPlace, language: str) -> dict[str, Any]:
    return {
        "id": place.public_id,
        **_named(place.names, language),
        "category": place.category,
        "city": place.city,
        "position": _position(place.position),
        "address": place.address,
        "cost": {
            "low": place.cost_low,
            "high": place.cost_high,
            "currency": place.currency,
            "provenance": place.cost_provenance,
        },
        "stay_min": place.stay_min,
        "moods": sorted(place.moods),
        "distance_m": place.distance_m,
    }


def _tag(held: HeldTag) -> dict[str, Any]:
    label = held.tag.name_ko if current_language() == "ko" else held.tag.name_en
    return {
        "name": held.tag.name,
        "type": held.tag.type,
        "label": label,
        "confidence": "high" if held.is_sure else "fair",
        "guessed": held.is_guess,
        "grounds": GROUNDS[TagSource(held.source)],
    }


def _named(names: Mapping[str, str], language: str) -> dict[str, str]:
    return {
        "name": names[language],
        "name_ko": names["ko"],
        "name_en": names["en"],
    }


def _position(position: Position) -> dict[str, float]:
    return {"lat": position.lat, "lon": position.lon}
