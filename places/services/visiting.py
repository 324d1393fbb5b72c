"""Counts visits that other apps hand down: of each place, day and hour how many, of nobody who."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from places.former_selectors import list_kin
from places.models import Place
from places.visits.types import HOURS, Counted, Visit, VisitRules, visit_rules

# Zones are shifted by quarters of an hour, so that every local hour begins at one of these.
_STEP: Final = timedelta(minutes=15)

_NEW: Final = """
INSERT INTO places_countedvisit (key, date)
SELECT * FROM unnest(%(keys)s::text[], %(dates)s::date[]) ON CONFLICT DO NOTHING RETURNING key
"""
_ADD: Final = """
INSERT INTO places_placecongestiondaily AS d
    (place_id, date, hour_profile, visitors_count, stays_count, stays_min, is_complete)
VALUES (%(place)s, %(date)s, %(hours)s, %(visitors)s, %(stays)s, %(stays_min)s, %(is_complete)s)
ON CONFLICT (place_id, date) DO UPDATE SET
    hour_profile = ARRAY(SELECT a + b FROM unnest(d.hour_profile, excluded.hour_profile)
                         WITH ORDINALITY AS hours (a, b, hour) ORDER BY hour),
    visitors_count = d.visitors_count + excluded.visitors_count,
    stays_count = d.stays_count + excluded.stays_count,
    stays_min = d.stays_min + excluded.stays_min,
    is_complete = CASE WHEN d.visitors_count = 0 THEN excluded.is_complete
                       WHEN excluded.visitors_count = 0 THEN d.is_complete
                       ELSE d.is_complete AND excluded.is_complete END
"""


@dataclass(slots=True)
class _Day:
    """What visits add to one day of one place."""

    hours: list[int] = field(default_factory=lambda: [0] * HOURS)
    visitors: int = 0
    stays: int = 0
    stays_min: int = 0
    is_complete: bool = True


@dataclass(frozen=True, slots=True)
class _Known:
    zone: ZoneInfo
    stay_min: int


@dataclass(frozen=True)
class CountVisits:
    """
    Counts visits, each once.

    A visit counts in every local hour of the place that it touches; where it is not known when it
    ended, the stay that is usual there is taken. The day that it began on has the visitor. It counts
    at the place that it was said of, whatever that became, and once for all that are one with it.
    """

    rules: VisitRules = field(default_factory=visit_rules)

    @transaction.atomic
    def count(self, *, visits: Sequence[Visit], now: datetime) -> Counted:
        """
        Count what was not counted yet, in the transaction of the caller, if there is one.

        Refused are visits with times that cannot be, and of places that are not known: the others
        count all the same.
        """
        known = _known_places({visit.place_id for visit in visits})
        refused = {
            index: reason
            for index, visit in enumerate(visits)
            if (reason := self._find_fault(visit, known, now)) is not None
        }
        new = _take_new(
            [
                (visit, known[visit.place_id])
                for index, visit in enumerate(visits)
                if index not in refused
            ]
        )
        days: dict[tuple[int, date], _Day] = {}
        for visit, place in new:
            _add(days, visit, place)
        _store(days)
        taken = len(visits) - len(refused)
        return Counted(counted=len(new), repeated=taken - len(new), refused=refused)

    def _find_fault(self, visit: Visit, known: Mapping[int, _Known], now: datetime) -> str | None:
        """Return the first thing that is wrong with a visit."""
        begins_at, ends_at = visit.arrived_at, visit.left_at or visit.arrived_at
        if visit.place_id not in known:
            return "place_unknown"
        if begins_at.utcoffset() is None or ends_at.utcoffset() is None:
            return "naive_time"
        said = self.rules.count
        faults = {
            "ends_before_it_begins": ends_at < begins_at,
            "too_long": ends_at - begins_at > timedelta(minutes=said["stay_high_min"]),
            "in_the_future": ends_at > now + timedelta(minutes=said["ahead_min"]),
            "too_old": begins_at < now - timedelta(days=said["kept_days"]),
        }
        return next((fault for fault, is_so in faults.items() if is_so), None)


def _known_places(ids: set[int]) -> dict[int, _Known]:
    rows = Place.objects.filter(pk__in=ids).values_list("pk", "time_zone", "stay_min")
    return {pk: _Known(ZoneInfo(zone), stay_min) for pk, zone, stay_min in rows}


def _key(place_id: int, operation_id: str) -> str:
    """Return a hash that nobody can make, or test, who does not know our secret."""
    named = f"{place_id}\n{operation_id}"
    return salted_hmac("places.visits", named, algorithm="sha256").hexdigest()


def _take_new(visits: Sequence[tuple[Visit, _Known]]) -> list[tuple[Visit, _Known]]:
    """
    Return the visits of which no key was known: by each of the places that are one with theirs.

    So what was counted before places were united is known after that, and the other way round.
    """
    kin = list_kin(place_ids={visit.place_id for visit, _ in visits})
    keys = [
        [_key(place_id, visit.operation_id) for place_id in kin[visit.place_id]]
        for visit, _ in visits
    ]
    dates = {
        key: _local(visit, place).date()
        for (visit, place), named in zip(visits, keys, strict=True)
        for key in named
    }
    ordered = sorted(dates)  # so that no two deadlock
    with connection.cursor() as cursor:
        cursor.execute(_NEW, {"keys": ordered, "dates": [dates[key] for key in ordered]})
        unknown = {key for (key,) in cursor.fetchall()}
    new = []
    for one, named in zip(visits, keys, strict=True):
        if unknown.issuperset(named):
            new.append(one)
            unknown.difference_update(named)  # said twice at once
    return new


def _local(visit: Visit, place: _Known) -> datetime:
    return visit.arrived_at.astimezone(place.zone)


def _add(days: dict[tuple[int, date], _Day], visit: Visit, place: _Known) -> None:
    def day_of(at: date) -> _Day:
        return days.setdefault((visit.place_id, at), _Day())

    first = day_of(_local(visit, place).date())
    first.visitors += 1
    first.is_complete &= visit.is_complete
    if visit.left_at is not None:
        first.stays += 1
        first.stays_min += round((visit.left_at - visit.arrived_at).total_seconds() / 60)
    for day, hour in set(_hours_of(visit, place)):
        day_of(day).hours[hour] += 1


def _hours_of(visit: Visit, place: _Known) -> Iterator[tuple[date, int]]:
    """Yield the local day and hour of each quarter of an hour that the visit touches."""
    begins = visit.arrived_at.astimezone(UTC)
    ends = begins + timedelta(minutes=place.stay_min)
    if visit.left_at is not None:
        ends = visit.left_at.astimezone(UTC)
    at = begins.replace(minute=begins.minute // 15 * 15, second=0, microsecond=0)
    while at < ends or at <= begins:  # who leaves on the stroke of an hour was not there in it
        local = at.astimezone(place.zone)
        yield local.date(), local.hour
        at += _STEP


def _store(days: Mapping[tuple[int, date], _Day]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            _ADD,
            [
                {
                    "place": place_id,
                    "date": day,
                    "hours": made.hours,
                    "visitors": made.visitors,
                    "stays": made.stays,
                    "stays_min": made.stays_min,
                    "is_complete": made.is_complete and made.visitors > 0,
                }
                for (place_id, day), made in sorted(days.items())
            ],
        )
