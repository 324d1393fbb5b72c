"""All that is known of one place at a moment, and from whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import numpy as np
import orjson
import structlog
from django.db.models import Count, Max

from common.geo import Position
from engine.scoring.parameters import DEFAULT, ScoringParameters
from engine.text.romanising import romanise
from places import selectors
from places.candidate_rows import read_stored_hours
from places.models import Area, PlaceSource, TagType
from places.opening.types import MalformedHours
from places.opening.windows import closing_time, core_windows, span, visit_windows
from places.reports.selectors import list_doubts
from places.services.crowding import LiveCrowds
from places.tagging_selectors import HeldTag, list_held_tags
from places.visits.types import DayClass

if TYPE_CHECKING:
    from engine.types import Window
    from places.models import Place
    from places.opening.types import OpeningHours
    from places.reports.types import Doubt
    from places.types import CitySummary

logger = structlog.get_logger(__name__)

DAY_MIN: Final = 1440


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursToday:
    """When a place is open today (local); `is_known` is False where they are what is usual."""

    is_known: bool
    is_open_now: bool
    closes_at: datetime | None  # the window that is open now; None: none is, or round the clock
    windows: Sequence[tuple[datetime, datetime]]
    source: str
    as_of: str | None
    text: str


class Basis(StrEnum):
    """Who says how full a place is: a city right now, visits to it, or what is usual everywhere."""

    LIVE = "live"
    VISITS = "visits"
    USUAL = "usual"


@dataclass(frozen=True, slots=True, kw_only=True)
class Congestion:
    """How full a place is likely to be now."""

    level: float  # [0, 1]
    basis: Basis
    visits: int  # that its own profile rests on, in whole tens; 0: it has none
    wait_min: int | None  # None: nobody can know


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceDetail:
    """A place with what holds now."""

    place: Place
    position: Position
    hours: HoursToday
    congestion: Congestion
    tags: Sequence[HeldTag]  # the surest first
    doubts: Sequence[Doubt]  # what visitors found otherwise, by fact
    sources: Sequence[Mapping[str, Any]]
    district_en: str


@dataclass(frozen=True)
class PlaceDetails:
    """Tells all that is known of a place."""

    crowds: LiveCrowds = field(default_factory=LiveCrowds)
    parameters: ScoringParameters = DEFAULT

    def tell(self, *, public_id: UUID, now: datetime) -> PlaceDetail:
        """
        Return an active place as it is now. Eight queries at most.

        Raises:
            PlaceNotFound: no active place has this id.
        """
        place = selectors.get_place(public_id=public_id)
        city = next(city for city in selectors.list_cities() if city.slug == place.city_id)
        local = now.astimezone(city.zone)
        position = Position(lat=place.location.y, lon=place.location.x)
        return PlaceDetail(
            place=place,
            position=position,
            hours=_hours(place, city, local),
            congestion=self._congestion(place, position, local),
            doubts=list_doubts(place=place),
            tags=_tags(place),
            sources=_sources(place),
            district_en=_district_in_english(place),
        )

    def _congestion(self, place: Place, position: Position, local: datetime) -> Congestion:
        day = DayClass.of(local.date())
        minute = np.array([local.hour * 60.0 + local.minute])
        crowd = self.crowds.at_place(place_id=place.pk, position=position, at=local)
        usual = place.congestion_score * float(self.parameters.crowd[day].at(minute)[0])
        return Congestion(
            level=round(min(1.0, usual * crowd.factor), 2),
            basis=Basis.LIVE if crowd.is_live else Basis.VISITS if crowd.visits else Basis.USUAL,
            visits=crowd.visits // 10 * 10,
            wait_min=crowd.wait_min,
        )


def _hours(place: Place, city: CitySummary, local: datetime) -> HoursToday:
    midnight = datetime.combine(local.date(), time(), city.zone)
    days = span(starts_at=midnight, horizon_min=DAY_MIN, country=city.country)
    hours = _stored(place)
    is_known = hours is not None and hours.has_times
    windows = (
        visit_windows(hours, category=place.category, span=days, country=city.country)
        if hours is not None and hours.has_times
        else core_windows(hours, category=place.category, span=days)
    )
    elapsed_min = (local - midnight).total_seconds() / 60
    current = next((one for one in windows if one.opens <= elapsed_min < one.closes), None)
    return HoursToday(
        is_known=is_known,
        is_open_now=current is not None,
        closes_at=None if current is None else closing_time(current, span=days),
        windows=[_clock(window, midnight) for window in windows],
        source=place.hours_source if is_known else "",
        as_of=place.hours_as_of.isoformat() if is_known and place.hours_as_of else None,
        text=place.hours_text,
    )


def _stored(place: Place) -> OpeningHours | None:
    """Return its hours; those that cannot be read count as unknown, and the log names them."""
    text = None if place.hours is None else orjson.dumps(place.hours).decode()
    try:
        return read_stored_hours(text)
    except MalformedHours:
        logger.warning("place_hours_malformed", place_id=str(place.public_id))
        return None


def _clock(window: Window, midnight: datetime) -> tuple[datetime, datetime]:
    """Return the wall-clock times of a window; what stays open past tomorrow ends with it."""
    closes = min(window.closes, 2 * DAY_MIN)
    return midnight + timedelta(minutes=window.opens), midnight + timedelta(minutes=closes)


def _tags(place: Place) -> list[HeldTag]:
    """Return what it is tagged with; of moods those that count, for an operator may have edited them."""
    held = list_held_tags(place_id=place.pk)
    return [
        one for one in held if one.tag.type != TagType.MOOD or one.tag.name in place.mood_scores
    ]


def _district_in_english(place: Place) -> str:
    """Return the name that the gazetteer has for it, else as it sounds."""
    districts = Area.objects.filter(city_id=place.city_id, kind="district", name_ko=place.district)
    return districts.values_list("name_en", flat=True).first() or romanise(place.district)


def _sources(place: Place) -> list[Mapping[str, Any]]:
    """Return each source once, however many of its records a palace is made of."""
    rows = (
        PlaceSource.objects.filter(place=place)
        .values_list("source__slug", "source__name", "source__licence", "source__attribution")
        .annotate(as_of=Max("as_of"), records=Count("pk"))
        .order_by("source__slug")
    )
    names = ("id", "name", "licence", "attribution", "as_of", "records")
    return [dict(zip(names, row, strict=True)) for row in rows]
