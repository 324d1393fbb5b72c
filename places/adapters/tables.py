"""Tables of places, read by a mapping: whatever set a city or an office offers, without new code."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from engine.catalogue import minor_units
from engine.tagging.costs import cost_in
from places.adapters import cleaning
from places.adapters.files import OpenedFile
from places.adapters.mapping import TableMapping, read_mapping
from places.adapters.projecting import to_wgs84
from places.adapters.public_data import stable_ref
from places.adapters.reading import UnreadableFile, read_lines, read_records, read_table
from places.adapters.source import Feed, SourceAdapter
from places.types import Draft, HoursText, Refusal, Row

POINT: Final = re.compile(r"^\s*(?:POINT\s*\()?\s*(-?[\d.]+)[\s,]+(-?[\d.]+)\s*\)?\s*$", re.I)
CLOCK: Final = re.compile(r"^\s*(\d{1,2}):?(\d{2})")
_NEEDED: Final = ("name", "latitude", "x", "point")  # columns by which the file is known
_READING: Final = 2  # raised when the code below says other things of the same row and mapping
_VERSION_BITS: Final = 31  # as many as its column holds


class MappedTable(SourceAdapter):
    """A table of which a mapping says what its columns mean."""

    def __init__(self, mapping: TableMapping) -> None:
        self.mapping = mapping
        self.terms = mapping.terms
        self.files = mapping.files
        self.lists_all = mapping.lists_all
        self.parser_version = _version(mapping)

    @classmethod
    def of(cls, path: Path) -> MappedTable:
        """Return the source that a mapping describes; raises MappingFaulty."""
        return cls(read_mapping(path))

    def fetch(self, feed: Feed) -> Iterator[Row | Refusal]:
        marks = [self.mapping.columns[fact] for fact in _NEEDED if fact in self.mapping.columns]
        text = feed.open(self.files, marks=marks)
        column = self.mapping.columns.get("ref", "")
        is_known = self._form(text) in ("json", "jsonl")  # whose records may leave members out
        for row in self._read(text):
            if isinstance(row, Row) and not is_known:
                is_known = True
                self._require_columns(row)
            if isinstance(row, Row) and column:
                yield replace(row, ref=cleaning.text(row.values.get(column)))
            else:
                yield row

    def _read(self, text: OpenedFile) -> Iterator[Row | Refusal]:
        """Yield the records; the standard sets come as tables and as JSON under one name."""
        form = self._form(text)
        if form == "json":
            return read_records(text, key=self.mapping.records)
        if form == "jsonl":
            return read_lines(text)
        return read_table(text, delimiter="\t" if form == "tsv" else self.mapping.delimiter)

    def _form(self, text: OpenedFile) -> str:
        if self.mapping.format != "auto":
            return self.mapping.format
        return "json" if _begin(text) in ("{", "[") else "csv"

    def _require_columns(self, row: Row) -> None:
        """Refuse a table without a column that the mapping names: else each row is refused for it."""
        for fact, column in self.mapping.columns.items():
            if column not in row.values:
                raise UnreadableFile(
                    f"there is no column {column}, which the mapping names for {fact}"
                )

    def clean(self, row: Row) -> Draft | Refusal:
        said = _Said(row, self.mapping)
        name, aside = cleaning.split_name(said.text("name"))
        if not cleaning.is_name(name):
            return Refusal(row.where, "unnamed", name)
        category = self._category(said, name)
        if not category:
            return Refusal(
                row.where, "not a trip stop", f"{name}: {said.text('category')}", expected=True
            )
        point = self._point(said)
        if isinstance(point, Refusal):
            return point
        first, last = (cleaning.day(said.text(fact)) for fact in ("valid_from", "valid_until"))
        if "valid_from" in self.mapping.columns and None in (first, last):
            # Without its days an event would be taken for what is always there.
            return Refusal(row.where, "no days", name)
        address = said.text("address") or said.text("address_2")
        area = said.number("area_m2")
        return Draft(
            source=self.terms.slug,
            ref=row.ref or stable_ref(name, address or f"{point[0]:.5f},{point[1]:.5f}"),
            where=row.where,
            name=cleaning.without_closed_mark(name),
            name_en=said.text("name_en") or aside,
            category=category,
            source_class=said.text("category"),
            latitude=point[0],
            longitude=point[1],
            address=address,
            district=said.text("district") or cleaning.district(address, said.text("address_2")),
            area_m2=area if area and area > 0 else None,
            hours=_hours(said),
            cost=said.fee(),
            is_public=self.mapping.is_public,
            indoor=said.truth("indoor"),
            wheelchair=said.truth("wheelchair"),
            pets_allowed=said.truth("pets"),
            parking=said.truth("parking"),
            introduction=said.text("introduction"),
            is_closed=said.text("closed") in self.mapping.closed_words
            or cleaning.is_closed(name, said.text("closing")),
            as_of=cleaning.day(said.text("as_of")),
            valid_from=first,
            valid_until=last,
            payload=row.values,
        )  # fmt: skip

    def _category(self, said: _Said, name: str) -> str:
        for pattern, category in self._patterns:
            if pattern.search(name):
                return category
        return self.mapping.categories.get(said.text("category"), self.mapping.default_category)

    @cached_property
    def _patterns(self) -> list[tuple[re.Pattern[str], str]]:
        return [(re.compile(pattern), category) for pattern, category in self.mapping.by_name]

    def _point(self, said: _Said) -> tuple[float, float] | Refusal:
        """Return latitude and longitude, out of whatever system the table is in."""
        columns, row = self.mapping.columns, said.row
        if "latitude" in columns:
            at = {"y": said.number("latitude"), "x": said.number("longitude")}
            return cleaning.position(Row(row.where, at), "y", "x")
        found = POINT.match(said.text("point")) if "point" in columns else None
        x, y = (found[1], found[2]) if found else (said.text("x"), said.text("y"))
        east, north = said.as_number(x), said.as_number(y)
        if east is None or north is None or (east == 0 and north == 0):
            return Refusal(row.where, "no coordinates")
        east, north = to_wgs84(east=east, north=north, srid=self.mapping.srid)
        return cleaning.position(Row(row.where, {"y": north, "x": east}), "y", "x")


def _version(mapping: TableMapping) -> int:
    """Return a number that is another one as soon as the mapping makes another place of a row."""
    said = (
        _READING, sorted(mapping.columns.items()), sorted(mapping.categories.items()),
        mapping.by_name, mapping.default_category, mapping.srid, mapping.decimal, mapping.currency, sorted(mapping.true_words),
        sorted(mapping.closed_words), mapping.is_public,
    )  # fmt: skip
    digest = hashlib.sha256(json.dumps(said).encode()).digest()
    return int.from_bytes(digest[:4]) >> (32 - _VERSION_BITS)


class _Said:
    """What a row says by the mapping."""

    def __init__(self, row: Row, mapping: TableMapping) -> None:
        self.row, self._mapping = row, mapping

    def text(self, fact: str) -> str:
        column = self._mapping.columns.get(fact)
        if column is None:
            return ""
        return cleaning.text(_at(self.row.values, column))

    def number(self, fact: str) -> float | None:
        return self.as_number(self.text(fact))

    def as_number(self, said: str) -> float | None:
        """Return the number that a text spells as the table does: "37,5563", "1.200,5"."""
        if self._mapping.decimal == ",":
            said = said.replace(".", "").replace(",", ".")
        return cleaning.number(said)

    def fee(self) -> tuple[int, int] | None:
        """Return what an adult pays, in minor units of the mapping's currency."""
        said, currency = self.text("fee"), self._mapping.currency
        if currency == "KRW":
            return cleaning.fee(said)
        amount = self.as_number(said)
        if amount is not None:
            minor = minor_units(amount=amount, currency=currency)
            return (minor, minor) if amount > 0 else None
        told = cost_in(said)
        return (told.low, told.high) if told and told.currency in (currency, "") else None

    def truth(self, fact: str) -> bool | None:
        """Return True where the column says so; what it does not say is unknown, not false."""
        return True if self.text(fact) in self._mapping.true_words else None


def _at(values: Mapping[str, Any], column: str) -> Any:
    """
    Return a cell; "a.b" looks inside an object where no column has that very name.

    Raises:
        KeyError: there is no such column.
    """
    if column in values:
        return values[column]
    outer, _, inner = column.partition(".")
    if inner and isinstance(values.get(outer), Mapping):
        return _at(values[outer], inner)
    raise KeyError(column)


def _begin(text: OpenedFile) -> str:
    return next(text.chunks(), "").lstrip()[:1]


def _hours(said: _Said) -> HoursText:
    return HoursText(
        osm=said.text("osm_hours"),
        opening=said.text("opening"),
        closing=said.text("closing"),
        weekday=_clocks(said.text("weekday_opens"), said.text("weekday_closes")),
        holiday=_clocks(said.text("holiday_opens"), said.text("holiday_closes")),
    )


def _clocks(opens: str, closes: str) -> tuple[str, str] | None:
    first, last = CLOCK.match(opens), CLOCK.match(closes)
    if first is None or last is None:
        return None
    return f"{int(first[1]):02}:{first[2]}", f"{int(last[1]):02}:{last[2]}"
