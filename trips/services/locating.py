"""Where a plan starts: a parameter, an area in the sentence, or a position."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from common.errors import DomainError, Kind
from common.languages import Bilingual
from engine.query.gazetteer import AreaName, Gazetteer, Match
from engine.text.normalising import match_key
from engine.travel import crow_fly_m
from engine.types import Point
from places import selectors as places
from places.types import CitySummary
from trips.services.rounding import round_position
from trips.types import Assumption, Locale, Question

_SHOWN: Final = 5  # candidates


class LocationMissing(DomainError):
    """Neither coordinates nor an area were given, and the sentence names none."""

    kind = Kind.INVALID
    code = "location_missing"
    detail = Bilingual(
        ko="어디에서 출발할지 알려 주세요. 예: 홍대에서 3시간, 2만원, 조용한 카페 위주",
        en="Say where to start. Example: 3 hours around Hongdae, 20,000 won, quiet cafes",
    )


class AreaUnknown(DomainError):
    """The area named is not in the gazetteer of any loaded city."""

    kind = Kind.INVALID
    code = "area_unknown"
    detail = Bilingual(
        ko="‘{name}’(이)라는 지역을 찾지 못했어요. 동네, 역, 거리 이름으로 말해 주세요. 예: 홍대, 성수, 강남역",
        en="No area called “{name}” is known. Name a neighbourhood, station or street: Hongdae, Seongsu",
    )


class AreaAmbiguous(DomainError):
    """Several areas go by the name given."""

    kind = Kind.INVALID
    code = "area_ambiguous"
    detail = Bilingual(
        ko="‘{name}’(으)로 불리는 곳이 여럿이에요. candidates에서 하나를 골라 주세요.",
        en="Several areas are called “{name}”; choose one of the candidates.",
    )


class AreaTooWide(DomainError):
    """A whole city was named, and no position lies in it."""

    kind = Kind.INVALID
    code = "area_too_wide"
    detail = Bilingual(
        ko="‘{name}’ 안에서 어디인지 알려 주세요. 동네, 역, 거리 이름이면 돼요. 예: {example}",
        en="Say where in {name}: a neighbourhood, a station, a street. Example: {example}",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """The start of a plan, and the city whose zone and currency rule it."""

    origin: Point
    city: CitySummary
    area: AreaName | None
    assumptions: tuple[Assumption, ...]


def locate(
    *,
    question: Question,
    said_area: str | None,
    gazetteer: Gazetteer,
    cities: Sequence[CitySummary],
    locale: Locale,
) -> Whereabouts:
    """
    Settle where a plan starts.

    An `area` parameter (a name, or the id of an area) wins over the sentence, an area in the
    sentence over a position. Of several areas of one name the nearest to a position is meant.

    Raises:
        LocationMissing: nothing says where.
        AreaTooWide: a whole city is named, and no position lies in it; carries up to five candidates.
        AreaUnknown: the area is in no gazetteer; carries up to five candidates.
        AreaAmbiguous: several areas go by the name, and there is no position; carries them.
    """
    name = question.area or said_area
    named = None if name is None else _city_called(name, cities)
    if name is None or named is not None:
        return _at_the_position(question, named, gazetteer, cities, locale)
    area, unsure = _resolve(name, question, gazetteer, cities, locale)
    city = next(city for city in cities if city.slug == area.city)
    return Whereabouts(
        origin=area.centre,
        city=city,
        area=area,
        assumptions=tuple(_assumptions(question, said_area, area, locale, unsure)),
    )


def _city_called(name: str, cities: Sequence[CitySummary]) -> CitySummary | None:
    key = match_key(name)
    found = (city for city in cities if key in map(match_key, (city.name_ko, city.name_en)))
    return next(found, None)


def _at_the_position(
    question: Question,
    named: CitySummary | None,
    gazetteer: Gazetteer,
    cities: Sequence[CitySummary],
    locale: Locale,
) -> Whereabouts:
    """Return the position as the start; "in Seoul" says no more than a position there does."""
    at = question.position
    here = None if at is None else places.nearest_city(cities=cities, position=at)
    if named is not None and named != here:
        raise _too_wide(question, named, gazetteer, locale)
    if at is None or here is None:
        raise LocationMissing(field="q" if question.sentence else "area")
    return Whereabouts(origin=round_position(at), city=here, area=None, assumptions=())


def _too_wide(
    question: Question, city: CitySummary, gazetteer: Gazetteer, locale: Locale
) -> AreaTooWide:
    """Return the refusal of a whole city, with the neighbourhoods nearest to its middle."""
    south, west, north, east = city.bounds
    middle = Point((south + north) / 2, (west + east) / 2)
    areas = [
        area for area in gazetteer.areas if area.city == city.slug and area.kind == "neighbourhood"
    ]
    nearest = _by_distance(areas, middle)[:_SHOWN]
    candidates = [_summary(area, locale) for area in nearest]
    return AreaTooWide(
        field="area" if question.area is not None else "q",
        name=city.name_ko if locale == "ko" else city.name_en,
        example=", ".join(str(one["name"]) for one in candidates),
        extras={"candidates": candidates},
    )


def _resolve(
    name: str,
    question: Question,
    gazetteer: Gazetteer,
    cities: Sequence[CitySummary],
    locale: Locale,
) -> tuple[AreaName, str | None]:
    """Return the area that `name` means, and a reason where it was not said plainly."""
    by_id = gazetteer.find(name) if question.area is not None else None
    if by_id is not None:
        return by_id, None
    resolution = gazetteer.resolve(name)
    if resolution.area is not None:
        return resolution.area, None if resolution.match is Match.NAME else "similar_name"
    is_ambiguous = resolution.match is Match.AMBIGUOUS
    if is_ambiguous and question.position is not None:
        return _by_distance(resolution.candidates, question.position)[0], "nearest_of_several"
    raise (AreaAmbiguous if is_ambiguous else AreaUnknown)(
        field="area" if question.area is not None else "q",
        name=name,
        extras={
            "candidates": [_summary(area, locale) for area in resolution.candidates],
            "cities": [
                {"id": city.slug, "name": city.name_ko if locale == "ko" else city.name_en}
                for city in cities
            ],
        },
    )


def _summary(area: AreaName, locale: Locale) -> dict[str, object]:
    return {
        "id": area.slug,
        "name": area.name_ko if locale == "ko" else area.name_en,
        "kind": area.kind,
        "centre": {"lat": area.centre.latitude, "lon": area.centre.longitude},
    }


def _by_distance(areas: Sequence[AreaName], position: Point) -> list[AreaName]:
    distances = crow_fly_m([position, *(area.centre for area in areas)])[0, 1:]
    return [areas[at] for at in distances.argsort(kind="stable")]


def _assumptions(
    question: Question, said: str | None, area: AreaName, locale: Locale, unsure: str | None
) -> Iterator[Assumption]:
    name = area.name_ko if locale == "ko" else area.name_en
    if question.area is not None and said is not None and said != question.area:
        yield Assumption(field="area", value=name, reason="parameter_wins")
    if question.position is not None:
        reason = "sentence_wins" if question.area is None else "position_unused"
        yield Assumption(field="area", value=name, reason=reason)
    if unsure is not None:
        yield Assumption(field="area", value=name, reason=unsure)
