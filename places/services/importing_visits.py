"""
Files of check-ins: CSV or JSON lines, a visit a row.

A row names its place (`place`: our id, or `source:reference` as a source calls it) or says where it was
(`latitude`, `longitude`: the nearest place within NEAR_M), and when (`at`, and `left_at` where it is
known). `ref` names the visit; without it, equal rows of one file are told apart by counting them. A row
that is not understood is set aside by file, line and reason, never by what it said.
"""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from django.db import connection, transaction

from places.models import City, Place, PlaceSource, RefusedVisit
from places.services.visiting import CountVisits
from places.visits.types import Visit

NEAR_M: Final = 30.0
AT_ONCE: Final = 1_000
LINE_HIGH: Final = 10_000  # characters
NAME_HIGH: Final = 120
_BROKEN: Final = "\ufffd"  # stands for bytes that are no UTF-8
COLUMNS: Final = frozenset({"place", "latitude", "longitude", "at", "left_at", "ref"})

_NEAREST: Final = """
SELECT asked.number, found.id FROM unnest(%(numbers)s::int[], %(xs)s::float8[], %(ys)s::float8[])
  AS asked (number, x, y)
CROSS JOIN LATERAL (
  SELECT p.id FROM places_place p
  WHERE p.is_active AND p.city_id = %(city)s AND ST_DWithin(
    p.planar, ST_Transform(ST_SetSRID(ST_MakePoint(asked.x, asked.y), 4326), 3857),
    %(near)s / cos(radians(asked.y)))
  ORDER BY p.planar <-> ST_Transform(ST_SetSRID(ST_MakePoint(asked.x, asked.y), 4326), 3857), p.id
  LIMIT 1
) AS found
"""


class FileUnreadable(Exception):
    """The file is neither CSV with the columns that are known nor JSON lines."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A row as far as it was understood; `fault` says why it was not."""

    line: int
    values: Mapping[str, Any] = field(default_factory=dict)
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """What holds for all rows of a file; `said` counts the rows that say the same."""

    name: str
    city: str
    is_complete: bool
    zone: ZoneInfo | None  # of times without one; None: there are to be none
    said: Counter[bytes] = field(default_factory=Counter)


@dataclass(slots=True)
class VisitImported:
    """What became of the rows of a file."""

    read: int = 0
    counted: int = 0
    repeated: int = 0
    refused: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class VisitImport:
    """Counts the visits of files, batch by batch: killed and run again, it goes on."""

    counting: CountVisits = field(default_factory=CountVisits)

    def run(
        self, *, path: Path, city: str, is_complete: bool, is_local: bool, now: datetime
    ) -> VisitImported:
        """
        Count the visits of one file; the same file again changes nothing.

        `is_local`: times without a zone are those of the city's clocks.

        Raises:
            City.DoesNotExist: the city is not loaded.
            FileUnreadable: the file as a whole is no such table.
        """
        zone = ZoneInfo(City.objects.values_list("time_zone", flat=True).get(slug=city))
        file = _File(
            name=path.name[:NAME_HIGH],
            city=city,
            is_complete=is_complete,
            zone=zone if is_local else None,
        )
        done = VisitImported()
        rows = read_rows(path)
        while batch := list(islice(rows, AT_ONCE)):
            self._count(batch, file, done, now)
        return done

    @transaction.atomic
    def _count(
        self, batch: Sequence[_Row], file: _File, done: VisitImported, now: datetime
    ) -> None:
        places = _find_places(batch, file.city)
        faults: dict[int, str] = {}
        visits: dict[int, Visit] = {}
        for number, row in enumerate(batch):
            try:
                visits[row.line] = _to_visit(row, places.get(number), file)
            except _Fault as fault:
                faults[row.line] = str(fault)
        lines = list(visits)
        counted = self.counting.count(visits=list(visits.values()), now=now)
        faults |= {lines[index]: reason for index, reason in counted.refused.items()}
        _set_aside(file.name, faults, now)
        done.read += len(batch)
        done.counted += counted.counted
        done.repeated += counted.repeated
        done.refused.update(faults.values())


class _Fault(Exception):
    """Why a row is not a visit."""


def read_rows(path: Path, /) -> Iterator[_Row]:
    """
    Yield the rows of a file in their order; lines that are no rows have their fault.

    Raises:
        FileUnreadable: empty, or a CSV whose columns are not ours.
    """
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        first = file.read(1)
        file.seek(0)
        if not first:
            raise FileUnreadable("it is empty")
        yield from _json_rows(file) if first == "{" else _csv_rows(file)


def _json_rows(file: Any) -> Iterator[_Row]:
    for number, text in enumerate(_lines(file), start=1):
        if not text.strip():
            continue
        if len(text) > LINE_HIGH:
            yield _Row(number, fault="line_too_long")
            continue
        if _BROKEN in text:
            yield _Row(number, fault="not_utf8")
            continue
        try:
            values = orjson.loads(text)
        except orjson.JSONDecodeError:
            yield _Row(number, fault="no_json")
            continue
        is_row = isinstance(values, dict) and values.keys() <= COLUMNS
        yield _Row(number, values) if is_row else _Row(number, fault="unknown_columns")


def _lines(file: Any) -> Iterator[str]:
    """Yield lines, of one that is too long no more than tells so."""
    while text := file.readline(LINE_HIGH + 1):
        rest = text
        while len(rest) > LINE_HIGH and not rest.endswith("\n"):
            rest = file.readline(LINE_HIGH + 1)
        yield text


def _csv_rows(file: Any) -> Iterator[_Row]:
    reader = csv.reader(_lines(file), strict=True)
    try:
        columns = next(reader)
    except csv.Error as error:
        raise FileUnreadable(str(error)) from error
    if not set(columns) <= COLUMNS or "at" not in columns or len(set(columns)) != len(columns):
        raise FileUnreadable(f"its columns are not among {', '.join(sorted(COLUMNS))}")
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            yield _Row(reader.line_num, fault="no_csv")
            continue
        if cells is None:
            return
        if not cells:
            continue
        if len(cells) != len(columns) or any(_BROKEN in cell for cell in cells):
            is_whole = len(cells) == len(columns)
            yield _Row(reader.line_num, fault="not_utf8" if is_whole else "other_number_of_cells")
            continue
        yield _Row(
            reader.line_num,
            {name: cell for name, cell in zip(columns, cells, strict=True) if cell != ""},
        )


def _find_places(batch: Sequence[_Row], city: str) -> dict[int, int]:
    """Return the ids of the places that rows name or lie at, by their number in the batch."""
    named = {
        number: row.values["place"]
        for number, row in enumerate(batch)
        # PostgreSQL takes no text with NUL, and no source of ours has a name like that.
        if isinstance(row.values.get("place"), str) and "\x00" not in row.values["place"]
    }
    ids = {number: _as_id(name) for number, name in named.items()}
    by_id = {
        public_id: pk
        for pk, public_id in Place.objects.of_city(city)
        .filter(public_id__in={one for one in ids.values() if one is not None})
        .values_list("pk", "public_id")
    }
    refs = {name.partition(":")[2] for name in named.values()}
    by_ref = {
        f"{source}:{ref}": pk
        for source, ref, pk in PlaceSource.objects.filter(
            place__city_id=city, external_ref__in=refs
        ).values_list("source_id", "external_ref", "place_id")
    }
    found = {
        number: pk
        for number, name in named.items()
        if (pk := by_ref.get(name) if (own := ids[number]) is None else by_id.get(own)) is not None
    }
    return found | _find_nearest(batch, named, city)


def _find_nearest(batch: Sequence[_Row], named: Mapping[int, str], city: str) -> dict[int, int]:
    located = {
        number: position
        for number, row in enumerate(batch)
        if number not in named and (position := _position(row.values)) is not None
    }
    if not located:
        return {}
    parameters: dict[str, Any] = {
        "numbers": list(located),
        "xs": [lon for _, lon in located.values()],
        "ys": [lat for lat, _ in located.values()],
        "near": NEAR_M,
        "city": city,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST, parameters)
        return dict(cursor.fetchall())


def _as_id(name: str) -> UUID | None:
    try:
        return UUID(name)
    except ValueError:
        return None


def _position(values: Mapping[str, Any]) -> tuple[float, float] | None:
    try:
        latitude, longitude = float(values["latitude"]), float(values["longitude"])
    except (KeyError, TypeError, ValueError):
        return None
    is_on_earth = math.isfinite(longitude) and abs(latitude) <= 85 and abs(longitude) <= 180
    return (latitude, longitude) if is_on_earth else None


def _to_visit(row: _Row, place_id: int | None, file: _File) -> Visit:
    values = row.values
    if row.fault:
        raise _Fault(row.fault)
    if place_id is None:
        is_told = "place" in values or _position(values) is not None
        raise _Fault("place_unknown" if is_told else "no_place_and_no_position")
    return Visit(
        place_id=place_id,
        arrived_at=_time(values.get("at"), file.zone),
        left_at=None if values.get("left_at") is None else _time(values["left_at"], file.zone),
        operation_id=_operation(values, file.said),
        is_complete=file.is_complete,
    )


def _operation(values: Mapping[str, Any], said: Counter[bytes]) -> str:
    """Return what names a row: its own name, or what it says and how often that was said before."""
    ref = values.get("ref")
    if ref is not None:
        return f"file:{ref}"
    spelt = orjson.dumps([values.get(name) for name in sorted(COLUMNS)])
    said[spelt] += 1
    return f"row:{spelt.decode()}:{said[spelt]}"


def _time(said: Any, zone: ZoneInfo | None) -> datetime:
    """Return a time; one without a zone is the city's, where the file is said to be so."""
    try:
        at = datetime.fromisoformat(said)
    except (TypeError, ValueError):
        raise _Fault("no_time") from None
    if len(said) < len("2026-05-01T14:00"):  # a day alone
        raise _Fault("no_time")
    if at.tzinfo is not None:
        return at
    if zone is None:
        raise _Fault("naive_time")
    local = at.replace(tzinfo=zone)
    try:
        again = local.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    except OverflowError:
        raise _Fault("no_time") from None
    if again != at:  # the clock skips it
        raise _Fault("time_does_not_exist")
    return local


def _set_aside(file: str, faults: Mapping[int, str], now: datetime) -> None:
    RefusedVisit.objects.bulk_create(
        [
            RefusedVisit(file=file, line=line, reason=reason, refused_at=now)
            for line, reason in sorted(faults.items())
        ],
        ignore_conflicts=True,
    )
