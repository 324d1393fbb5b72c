"""Foursquare's open places (FSQ OS Places), as GeoParquet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from places.adapters import cleaning
from places.adapters.open_categories import category_of
from places.adapters.parquet import read_parquet
from places.adapters.source import Feed, SourceAdapter
from places.types import Draft, Refusal, Row, SourceTerms

COLUMNS: Final = (
    "name", "latitude", "longitude", "address", "locality", "region", "country", "date_created",
    "date_refreshed", "date_closed", "tel", "website", "fsq_category_labels", "unresolved_flags",
    "geom",
)  # fmt: skip
# What its readers reported and nobody has answered yet.
DOUBTED: Final = ("closed", "delete", "doesnt_exist", "privatevenue", "inappropriate", "duplicate")


class FoursquareOpenPlaces(SourceAdapter):
    """Reads `foursquare_places.parquet`: rows of the monthly release, of one region or of all."""

    files: tuple[str, ...] = ("foursquare_places.parquet",)
    terms: SourceTerms = SourceTerms(
        slug="foursquare-open",
        name="Foursquare Open Source Places",
        kind="open_catalogue",
        licence="Apache 2.0",
        attribution="Foursquare Open Source Places",
        terms="https://docs.foursquare.com/data-products/docs/access-fsq-os-places",
        may_ship=False,  # our sample city does without, and so carries no more licences
    )

    def fetch(self, feed: Feed) -> Iterator[Row | Refusal]:
        path = feed.path(self.files, self.files[0])
        yield from read_parquet(path, ref="fsq_place_id", columns=COLUMNS, bounds=feed.bounds)

    def clean(self, row: Row) -> Draft | Refusal:
        said = row.values
        point = cleaning.position(row, "latitude", "longitude")
        if isinstance(point, Refusal):
            return point
        name, aside = cleaning.split_name(cleaning.text(said.get("name")))
        if not cleaning.is_name(name):
            return Refusal(row.where, "unnamed", expected=True)
        if doubts := set(said.get("unresolved_flags") or ()) & set(DOUBTED):
            return Refusal(row.where, "reported by others", f"{name}: {min(doubts)}", expected=True)
        labels = [str(label) for label in said.get("fsq_category_labels") or ()]
        # "Dining and Drinking > Cafe, Coffee, and Tea House > Coffee Shop": the finest first.
        classes = [part for label in labels for part in reversed(label.split(" > "))]
        found = next(((category_of(one), one) for one in classes if category_of(one)), None)
        if found is None:
            said_class = classes[0] if classes else "no class"
            return Refusal(row.where, "not a trip stop", f"{name}: {said_class}", expected=True)
        address = cleaning.text(
            " ".join(str(said[key]) for key in ("region", "locality", "address") if said.get(key))
        )
        return Draft(
            source=self.terms.slug,
            ref=row.ref,
            where=row.where,
            name=name,
            name_en=aside,
            category=found[0],
            source_class=found[1],
            latitude=point[0],
            longitude=point[1],
            address=address,
            district=cleaning.district(address),
            identifiers={"foursquare": row.ref},
            signs={"contact": "website or phone"} if said.get("website") or said.get("tel") else {},
            is_closed=bool(said.get("date_closed")),
            as_of=cleaning.day(said.get("date_refreshed") or said.get("date_created")),
            payload=said,
        )
