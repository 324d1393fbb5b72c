"""Overture Maps' places theme, as GeoParquet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from places.adapters import cleaning
from places.adapters.open_categories import category_of
from places.adapters.parquet import read_parquet
from places.adapters.source import Feed, SourceAdapter
from places.types import Draft, Refusal, Row, SourceTerms

COLUMNS: Final = (
    "geometry", "names", "categories", "basic_category", "taxonomy", "confidence", "websites",
    "phones", "brand", "addresses", "operating_status", "sources", "version",
)  # fmt: skip
CONFIDENCE_LOW: Final = 0.4  # below, its makers say, it is as likely as not to be there
GONE: Final = ("permanently_closed", "temporarily_closed", "closed")
# So wide that only what else the place is said to be tells what it is.
WIDE: Final = (
    "eat_and_drink", "food_and_drink", "arts_and_entertainment", "attractions_and_activities", "retail",
    "travel", "structure_and_geography",
)  # fmt: skip
REGION_CODE: Final = re.compile(r"(?:[A-Z]{2}-)?[A-Z0-9]{1,3}")


class OverturePlaces(SourceAdapter):
    """Reads `overture_places.parquet` as `overturemaps download -t place -f geoparquet` writes it."""

    files: tuple[str, ...] = ("overture_places.parquet",)
    parser_version: int = 2  # addresses without codes of regions, wide classes by their alternates
    terms: SourceTerms = SourceTerms(
        slug="overture-places",
        name="Overture Maps places",
        kind="open_catalogue",
        licence="CDLA Permissive 2.0",
        attribution="Overture Maps Foundation, overturemaps.org",
        terms="https://docs.overturemaps.org/attribution/",
        may_ship=False,  # our sample city does without, and so carries no more licences
    )

    def fetch(self, feed: Feed) -> Iterator[Row | Refusal]:
        path = feed.path(self.files, self.files[0])
        yield from read_parquet(path, ref="id", columns=COLUMNS, bounds=feed.bounds)

    def clean(self, row: Row) -> Draft | Refusal:
        said = row.values
        point = cleaning.position(row, "latitude", "longitude")
        if isinstance(point, Refusal):
            return point
        names = said.get("names") or {}
        common = names.get("common") or {}
        name = cleaning.text(common.get("ko") or names.get("primary"))
        if not cleaning.is_name(name):
            return Refusal(row.where, "unnamed", expected=True)
        found, source_class = _class(said)
        if not found:
            return Refusal(row.where, "not a trip stop", f"{name}: {source_class}", expected=True)
        confidence = cleaning.number(said.get("confidence"))
        if confidence is not None and confidence < CONFIDENCE_LOW:
            return Refusal(row.where, "low confidence", f"{name}: {confidence:.2f}", expected=True)
        return Draft(
            source=self.terms.slug,
            ref=row.ref,
            where=row.where,
            name=name,
            name_en=cleaning.text(common.get("en")),
            category=found,
            source_class=source_class,
            latitude=point[0],
            longitude=point[1],
            address=_address(said),
            district=cleaning.district(_address(said)),
            identifiers=_identifiers(said),
            signs={"contact": "website or phone"} if said.get("websites") or said.get("phones") else {},
            is_closed=said.get("operating_status") in GONE,
            as_of=max((day for day in map(_day, said.get("sources") or ()) if day), default=None),
            payload=said,
        )  # fmt: skip


def _class(said: Mapping[str, Any]) -> tuple[str, str]:
    """Return our category and theirs: the first of their classes, the finest first, that we know."""
    categories, taxonomy = said.get("categories") or {}, said.get("taxonomy") or {}
    classes = [
        *(categories.get("primary"), taxonomy.get("primary")),
        *reversed(taxonomy.get("hierarchy") or ()),
        said.get("basic_category"),
    ]
    if not classes[0] or classes[0] in WIDE:
        classes += [*(categories.get("alternate") or ()), *(taxonomy.get("alternates") or ())]
    named = [str(one) for one in classes if one]
    found = next(((category_of(one), one) for one in named if category_of(one)), None)
    return found or ("", named[0] if named else "no class")


def _address(said: Mapping[str, Any]) -> str:
    one = next(iter(said.get("addresses") or ()), None) or {}
    parts = [str(one[name]) for name in ("region", "locality", "freeform") if one.get(name)]
    told = (part for part in parts if not REGION_CODE.fullmatch(part))  # "KR-11" says nobody
    return cleaning.text(" ".join(dict.fromkeys(told)))


def _identifiers(said: Mapping[str, Any]) -> dict[str, str]:
    """Return what Foursquare calls the place, where that is among its sources."""
    refs = (
        one.get("record_id")
        for one in said.get("sources") or ()
        if str(one.get("dataset")).lower() == "foursquare"
    )
    ref = next(refs, None)
    return {"foursquare": str(ref)} if ref else {}


def _day(source: Mapping[str, Any]) -> Any:
    return cleaning.day(source.get("update_time"))
