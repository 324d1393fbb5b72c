"""Operators' word on whole places: these are one, this one is several. Publishing follows it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from typing import Final

from django.db import connection, transaction

from common.errors import DomainError, Kind
from common.languages import Bilingual
from places.models import MergeDecision, Place, PlaceSource, Verdict
from places.services.ingestion.controlling import JobDesk
from places.services.ingestion.deciding import Key, Rulership

# The records that make each place, its lead first; parts of a site that hang on it decide nothing.
_MAKERS: Final = """
SELECT ps.place_id, ps.id, c.source, c.ref
FROM places_placesource ps
JOIN raw_ingestion.clean_places c ON c.source = ps.source_id AND c.ref = ps.external_ref
WHERE ps.place_id = ANY(%s) AND NOT c.is_gone AND c.role IN ('lead', 'merged')
ORDER BY ps.place_id, c.role <> 'lead', ps.id
"""
_CITIES: Final = """
SELECT c.city, min(c.source) FROM unnest(%s::text[], %s::text[]) AS g(source, ref)
JOIN raw_ingestion.clean_places c ON c.source = g.source AND c.ref = g.ref
GROUP BY c.city ORDER BY c.city
"""


class NotOfOneCity(DomainError):
    """Places of several cities, or fewer than two, cannot be one."""

    kind = Kind.CONFLICT
    code = "places/not-to-be-united"
    detail = Bilingual(
        ko="같은 도시의 장소를 둘 이상 골라 주세요.", en="Choose two or more places of one city."
    )


class NothingReceived(DomainError):
    """No record that was received here makes the place, so nothing about records can be decided."""

    kind = Kind.CONFLICT
    code = "places/nothing-received"
    detail = Bilingual(
        ko="여기서 받은 원본 기록이 없는 장소예요. 출처를 먼저 가져와 주세요.",
        en="No received record makes this place: fetch its sources first.",
    )


class NothingLeft(DomainError):
    """Parting needs something that goes and something that stays."""

    kind = Kind.CONFLICT
    code = "places/nothing-to-part"
    detail = Bilingual(
        ko="나눌 기록을 고르고, 적어도 하나는 남겨 주세요.",
        en="Choose the records to part, and leave at least one.",
    )


@dataclass(frozen=True)
class PlaceRulings:
    """Turns what is decided of places into decisions about pairs of records."""

    rulership: Rulership = field(default_factory=Rulership)
    desk: JobDesk = field(default_factory=JobDesk)

    @transaction.atomic
    def unite(self, *, place_ids: Collection[int], operator: str, now: datetime) -> None:
        """
        Decide that these places are one.

        Raises:
            NotOfOneCity: they are fewer than two, or of several cities.
            NothingReceived: one of them rests on no record that was received here.
        """
        cities = set(Place.objects.filter(pk__in=place_ids).values_list("city_id", flat=True))
        if len(place_ids) < 2 or len(cities) != 1:
            raise NotOfOneCity
        makers = _makers(place_ids)
        if any(place_id not in makers for place_id in place_ids):
            raise NothingReceived
        (first, *others) = (list(makers[place_id].values()) for place_id in sorted(place_ids))
        for other in others:
            for a, b in product(first, other):
                if _is_parted(a, b):
                    self.rulership.take_back(a=a, b=b)
            self.rulership.rule(
                a=first[0], b=other[0], verdict=Verdict.SAME, operator=operator, now=now
            )
        self.desk.merge(source=first[0][0], city=str(cities.pop()), now=now)

    @transaction.atomic
    def part(
        self, *, place_id: int, row_ids: Collection[int], operator: str, now: datetime
    ) -> None:
        """
        Decide that the records `row_ids` (of `PlaceSource`) are not of this place.

        Raises:
            NothingReceived: it rests on no record that was received here.
            NothingLeft: none of its records is chosen, or all are.
        """
        makers = _makers([place_id]).get(place_id)
        if makers is None:
            raise NothingReceived
        goes = [key for row_id, key in makers.items() if row_id in row_ids]
        stays = [key for row_id, key in makers.items() if row_id not in row_ids]
        if not goes or not stays:
            raise NothingLeft
        for a, b in product(goes, stays):
            self.rulership.rule(a=a, b=b, verdict=Verdict.DIFFERENT, operator=operator, now=now)
        city = Place.objects.values_list("city_id", flat=True).get(pk=place_id)
        self.desk.merge(source=stays[0][0], city=str(city), now=now)


@transaction.atomic
def judge_again(pairs: Sequence[tuple[Key, Key]], *, now: datetime) -> None:
    """Have the cities of these records judged now, each once."""
    keys = sorted({key for pair in pairs for key in pair})
    with connection.cursor() as cursor:
        cursor.execute(_CITIES, [[source for source, _ in keys], [ref for _, ref in keys]])
        found = cursor.fetchall()
    for city, source in found:
        JobDesk().merge(source=source, city=city, now=now)


def list_makers(place: Place) -> Sequence[PlaceSource]:
    """Return the rows of the records that make the place, its lead first."""
    ids = list(_makers([place.pk]).get(place.pk, {}))
    rows = PlaceSource.objects.in_bulk(ids)
    return [rows[row_id] for row_id in ids]


def _makers(place_ids: Collection[int]) -> Mapping[int, Mapping[int, Key]]:
    """Return the records of each place by the id of their row."""
    found: dict[int, dict[int, Key]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_MAKERS, [list(place_ids)])
        for place_id, row_id, source, ref in cursor.fetchall():
            found.setdefault(place_id, {})[row_id] = (source, ref)
    return found


def _is_parted(a: Key, b: Key) -> bool:
    first, second = sorted((a, b))
    return (
        MergeDecision.objects.filter(
            source_a=first[0], ref_a=first[1], source_b=second[0], ref_b=second[1]
        )
        .filter(verdict=Verdict.DIFFERENT)
        .exclude(decided_by="")
        .exists()
    )
