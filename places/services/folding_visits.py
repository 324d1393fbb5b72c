"""Folds the days that were counted into profiles, each night, and drops what is too old."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeAlias

from django.db import connection, transaction
from django.db.models import QuerySet

from places.models import (
    City,
    CongestionProfile,
    CountedVisit,
    KindCongestion,
    PlaceCongestionDaily,
    RefusedVisit,
)
from places.services.profiling_visits import (
    PlaceCounts,
    estimate_waits,
    own_factors,
    profile_kind,
    usual_shares,
)
from places.visits.types import DayClass, KindCounts, KindProfile, VisitRules, visit_rules

SWEPT_AT_ONCE: Final = 10_000
_STORED_AT_ONCE: Final = 1_000
Kind: TypeAlias = tuple[str, DayClass]

# Of a place and class of days: the counts of its hours and its visitors, by how old they are.
_COUNTS: Final = """
WITH days AS (
  SELECT d.*, p.category,
         CASE WHEN extract(isodow FROM d.date) >= 6 THEN 'weekend' ELSE 'weekday' END AS day_class,
         power(2, -greatest(%(today)s - d.date, 0) / %(half_life)s::float8) AS weight
  FROM places_placecongestiondaily d JOIN places_place p ON p.id = d.place_id
  WHERE p.city_id = %(city)s AND p.is_active AND d.date > %(today)s - %(kept)s::int
),
hours AS (
  SELECT place_id, day_class, hour, sum(weight * count) AS total,
         sum(weight * count) FILTER (WHERE is_complete)
           / nullif(sum(weight) FILTER (WHERE is_complete), 0) AS ordinary
  FROM days, unnest(hour_profile) WITH ORDINALITY AS of_day (count, hour)
  GROUP BY place_id, day_class, hour
),
profiles AS (
  SELECT place_id, day_class, array_agg(total ORDER BY hour) AS totals,
         array_agg(ordinary ORDER BY hour) AS ordinary, sum(total) AS whole
  FROM hours GROUP BY place_id, day_class
),
visitors AS (
  SELECT place_id, category, day_class, sum(weight * visitors_count) AS visits,
         sum(visitors_count) AS counted, count(*) FILTER (WHERE visitors_count > 0) AS days,
         sum(stays_count) FILTER (WHERE is_complete) AS stays,
         sum(stays_min) FILTER (WHERE is_complete) AS stays_min,
         bool_or(is_complete) AS is_complete
  FROM days GROUP BY place_id, category, day_class
)
SELECT v.place_id, v.category, v.day_class, p.totals, v.visits, v.counted, v.days,
       CASE WHEN v.is_complete THEN p.ordinary END, v.stays, v.stays_min
FROM visitors v JOIN profiles p USING (place_id, day_class)
WHERE p.whole > 0 AND v.visits > 0 ORDER BY v.place_id, v.day_class
"""


@dataclass(frozen=True, slots=True)
class Folded:
    """How many profiles there are now, and how many rows were too old."""

    profiles: int
    swept: int


@dataclass(frozen=True)
class VisitFolding:
    """Makes the profiles anew from the days that are kept."""

    rules: VisitRules = field(default_factory=visit_rules)

    def fold(self, *, now: datetime) -> Folded:
        """Sweep, then fold city by city, each in one transaction. Once more changes nothing."""
        today = now.date()
        swept = self.sweep(today=today)
        slugs = list(City.objects.order_by("slug").values_list("slug", flat=True))
        return Folded(sum(self.fold_city(city=slug, now=now) for slug in slugs), swept)

    @transaction.atomic
    def fold_city(self, *, city: str, now: datetime) -> int:
        """Make the profiles of one city anew; return how many places and classes have one."""
        counts = list(self._read(city, now.date()))
        kinds = _by_kind(counts)
        judged = {kind: self._judge(kind, own) for kind, own in kinds.items()}
        profiles = [
            self._profile(one, judged[kind], now)
            for kind, own in kinds.items()
            for one in own
            if self._is_enough(one)
        ]
        CongestionProfile.objects.filter(place__city_id=city).delete()
        CongestionProfile.objects.bulk_create(profiles, batch_size=_STORED_AT_ONCE)
        KindCongestion.objects.filter(city_id=city).delete()
        KindCongestion.objects.bulk_create(
            [
                KindCongestion(
                    city_id=city,
                    category=category,
                    day_class=day_class,
                    places=len(own),
                    visits=sum(one.counted for one in own),
                    shares=judged[category, day_class].shares,
                    strength=judged[category, day_class].strength,
                    computed_at=now,
                )
                for (category, day_class), own in kinds.items()
            ]
        )
        self._estimate_days(city, now.date())
        return len(profiles)

    def sweep(self, *, today: date) -> int:
        """Delete the days, and what keeps visits from counting twice, whose time is over."""
        before = today - timedelta(days=int(self.rules.count["kept_days"]) + 1)
        old: tuple[QuerySet[Any], ...] = (
            PlaceCongestionDaily.objects.filter(date__lt=before),
            CountedVisit.objects.filter(date__lt=before),
            RefusedVisit.objects.filter(refused_at__date__lt=before),
        )
        return sum(_delete_in_batches(rows) for rows in old)

    def _read(self, city: str, today: date) -> Iterator[PlaceCounts]:
        parameters: dict[str, Any] = {
            "city": city,
            "today": today,
            "half_life": self.rules.profile["half_life_days"],
            "kept": self.rules.count["kept_days"],
        }
        with connection.cursor() as cursor:
            cursor.execute(_COUNTS, parameters)
            while rows := cursor.fetchmany(_STORED_AT_ONCE):
                yield from map(PlaceCounts.of_row, rows)

    def _judge(self, kind: Kind, own: Sequence[PlaceCounts]) -> KindProfile:
        return profile_kind(
            counts=KindCounts(
                shares=[one.shares for one in own], visits=[one.visits for one in own]
            ),
            usual=usual_shares(*kind),
            rules=self.rules,
        )

    def _is_enough(self, counts: PlaceCounts) -> bool:
        said = self.rules.profile
        return counts.counted >= said["visits_low"] and counts.days >= said["days_low"]

    def _profile(self, counts: PlaceCounts, kind: KindProfile, now: datetime) -> CongestionProfile:
        return CongestionProfile(
            place_id=counts.place_id,
            day_class=counts.day_class,
            visits=counts.counted,
            factors=own_factors(
                shares=counts.shares, visits=counts.visits, kind=kind, rules=self.rules
            ),
            waits=estimate_waits(
                category=counts.category,
                presence=counts.complete_hours,
                stays=counts.stays,
                stays_min=counts.stays_min,
                rules=self.rules,
            ),
            computed_at=now,
        )

    def _estimate_days(self, city: str, today: date) -> None:
        """Estimate the wait in the fullest hour of each day on which all were counted, once it is over."""
        days = list(
            PlaceCongestionDaily.objects.filter(
                place__city_id=city,
                is_complete=True,
                wait_time_estimate=None,
                date__lt=today,
                stays_count__gte=self.rules.wait["stays_low"],
                place__category__in=self.rules.seats,
            ).select_related("place")
        )
        for day in days:
            waits = estimate_waits(
                category=day.place.category,
                presence=day.hour_profile,
                stays=day.stays_count,
                stays_min=day.stays_min,
                rules=self.rules,
            )
            day.wait_time_estimate = max((wait for wait in waits if wait is not None), default=None)
        PlaceCongestionDaily.objects.bulk_update(
            days, ["wait_time_estimate"], batch_size=_STORED_AT_ONCE
        )


def _by_kind(counts: Sequence[PlaceCounts]) -> dict[Kind, list[PlaceCounts]]:
    by_kind: dict[Kind, list[PlaceCounts]] = defaultdict(list)
    for one in counts:
        by_kind[one.category, one.day_class].append(one)
    return by_kind


def _delete_in_batches(rows: QuerySet[Any]) -> int:
    deleted = 0
    while chosen := list(rows.values_list("pk", flat=True)[:SWEPT_AT_ONCE]):
        deleted += rows.filter(pk__in=chosen).delete()[0]
    return deleted
