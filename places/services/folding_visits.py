"""Folds the days that were counted into profiles, each night, and drops what is too old."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce

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
from places.visits.types import HOURS, DayClass, KindCounts, KindProfile, VisitRules, visit_rules

SWEPT_AT_ONCE: Final = 10_000
_STORED_AT_ONCE: Final = 1_000
_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended('visits/' || %s, 0))"

# Of a place and class of days: the counts of its hours and its visitors, by how old they are. One pass
# over the days; each hour is summed by itself, for unnesting a million days makes 24 million rows. What
# was counted at a place that became another is that one's, whose days are laid together: complete are
# those on which all that was counted is.
_COUNTS: Final = """
WITH kin AS (
  SELECT place_id AS was, became_id AS is_now FROM places_formerplace
  UNION SELECT became_id, became_id FROM places_formerplace
), asked AS (
  SELECT id FROM places_place WHERE city_id = %(city)s AND category = %(category)s AND is_active
), counted AS (
  SELECT d.place_id, d.date, d.hour_profile, d.visitors_count, d.stays_count, d.stays_min, d.is_complete
  FROM places_placecongestiondaily d JOIN asked a ON a.id = d.place_id
  WHERE d.date > %(today)s - %(kept)s::int AND NOT EXISTS (SELECT FROM kin WHERE was = d.place_id)
  UNION ALL
  SELECT kin.is_now, d.date, ARRAY[{of_kin}], sum(d.visitors_count)::int, sum(d.stays_count)::int, sum(d.stays_min)::int,
         bool_or(d.is_complete) AND bool_and(d.is_complete OR d.visitors_count = 0)
  FROM kin JOIN asked a ON a.id = kin.is_now JOIN places_placecongestiondaily d ON d.place_id = kin.was
  WHERE d.date > %(today)s - %(kept)s::int
  GROUP BY kin.is_now, d.date
), days AS (
  SELECT *, CASE WHEN extract(isodow FROM date) >= 6 THEN 'weekend' ELSE 'weekday' END AS day_class,
         power(2, -greatest(%(today)s - date, 0) / %(half_life)s::float8) AS weight
  FROM counted
)
SELECT place_id, day_class,
       ARRAY[{of_all}],
       sum(weight * visitors_count), sum(visitors_count), ARRAY[{present}], count(*) FILTER (WHERE visitors_count > 0),
       CASE WHEN bool_or(is_complete) THEN
         ARRAY[{of_complete}] END,
       sum(weight) FILTER (WHERE is_complete),
       sum(stays_count) FILTER (WHERE is_complete), sum(stays_min) FILTER (WHERE is_complete)
FROM days GROUP BY place_id, day_class HAVING sum(visitors_count) > 0
ORDER BY place_id, day_class
""".format(  # noqa: S608 - own words
    of_kin=", ".join(f"sum(d.hour_profile[{hour}])::int" for hour in range(1, HOURS + 1)),
    of_all=", ".join(f"sum(weight * hour_profile[{hour}])" for hour in range(1, HOURS + 1)),
    present=", ".join(f"sum(hour_profile[{hour}])" for hour in range(1, HOURS + 1)),
    of_complete=", ".join(
        f"sum(weight * hour_profile[{hour}]) FILTER (WHERE is_complete)"
        for hour in range(1, HOURS + 1)
    ),
)


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
        """
        Make the profiles of one city anew; return how many places and classes have one.

        One kind of place after the other, so that no more than its counts are in memory.
        """
        with connection.cursor() as cursor:  # a second delivery waits, and finds it done
            cursor.execute(_LOCK, [city])
        CongestionProfile.objects.filter(place__city_id=city).delete()
        KindCongestion.objects.filter(city_id=city).delete()
        made = sum(self._fold_kind(city, category, now) for category in _visited_kinds(city))
        self._estimate_days(city, now.date())
        return made

    def sweep(self, *, today: date) -> int:
        """Delete the days, and what keeps visits from counting twice, whose time is over."""
        before = today - timedelta(days=int(self.rules.count["kept_days"]) + 1)
        old: tuple[QuerySet[Any], ...] = (
            PlaceCongestionDaily.objects.filter(date__lt=before),
            CountedVisit.objects.filter(date__lt=before),
            RefusedVisit.objects.filter(refused_at__date__lt=before),
        )
        return sum(_delete_in_batches(rows) for rows in old)

    def _fold_kind(self, city: str, category: str, now: datetime) -> int:
        by_class: dict[DayClass, list[PlaceCounts]] = defaultdict(list)
        for one in self._read(city, category, now.date()):
            by_class[one.day_class].append(one)
        made = 0
        for day_class, counts in by_class.items():
            kind = profile_kind(
                counts=KindCounts(
                    shares=[one.shares for one in counts], visits=[one.visits for one in counts]
                ),
                usual=usual_shares(category, day_class),
                rules=self.rules,
            )
            KindCongestion.objects.create(
                city_id=city,
                category=category,
                day_class=day_class,
                places=len(counts),
                visits=sum(one.counted for one in counts),
                shares=kind.shares,
                strength=kind.strength,
                computed_at=now,
            )
            enough = (one for one in counts if self._is_enough(one))
            while batch := list(islice(enough, _STORED_AT_ONCE)):
                CongestionProfile.objects.bulk_create(
                    [self._profile(category, one, kind, now) for one in batch]
                )
                made += len(batch)
        return made

    def _read(self, city: str, category: str, today: date) -> Iterator[PlaceCounts]:
        parameters: dict[str, Any] = {
            "city": city,
            "category": category,
            "today": today,
            "half_life": self.rules.profile["half_life_days"],
            "kept": self.rules.count["kept_days"],
        }
        with connection.cursor() as cursor:
            cursor.execute(_COUNTS, parameters)
            while rows := cursor.fetchmany(_STORED_AT_ONCE):
                yield from (PlaceCounts.of_row(row) for row in rows)

    def _is_enough(self, counts: PlaceCounts) -> bool:
        said = self.rules.profile
        return counts.counted >= said["visits_low"] and counts.days >= said["days_low"]

    def _profile(
        self, category: str, counts: PlaceCounts, kind: KindProfile, now: datetime
    ) -> CongestionProfile:
        return CongestionProfile(
            place_id=counts.place_id,
            day_class=counts.day_class,
            visits=counts.counted,
            factors=own_factors(
                shares=counts.shares,
                visits=counts.visits,
                present=counts.present,
                kind=kind,
                rules=self.rules,
            ),
            waits=estimate_waits(
                category=category,
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


def _visited_kinds(city: str) -> Sequence[str]:
    """Return the kinds of the places, and of what they became, at which visits were counted."""
    days = PlaceCongestionDaily.objects.filter(place__city_id=city)
    kind = Coalesce("place__former__became__category", "place__category")
    return list(days.order_by(kind).values_list(kind, flat=True).distinct())


def _delete_in_batches(rows: QuerySet[Any]) -> int:
    deleted = 0
    while chosen := list(rows.values_list("pk", flat=True)[:SWEPT_AT_ONCE]):
        deleted += rows.filter(pk__in=chosen).delete()[0]
    return deleted
