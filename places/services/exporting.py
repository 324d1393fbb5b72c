"""Writes a city's places as files that may be shipped, and the notice of whose data they are."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from places.adapters.geography import District
from places.models import Area, AreaKind, ContentSource, Place
from places.services.cities import DISTRICTS, district_collection
from places.services.storing import COLUMNS
from places.services.tagging.overlaying import without_tags

PLACES: Final = "places.jsonl.gz"
MANIFEST: Final = "manifest.json"
SIZE_HIGH_BYTES: Final = 3 * 1024 * 1024
_NOT_WRITTEN: Final = ("city_id",)  # the manifest says it once


class CityTooBig(ValueError):
    """The compressed files are larger than a repository should carry."""


class NothingToExport(ValueError):
    """The city has no place that may be shipped."""


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written."""

    places: int
    left_out: int
    size_bytes: int
    data_version: str


@dataclass(frozen=True)
class CityExport:
    """Writes one city; the same places give the same bytes."""

    def run(self, *, city: str, folder: Path) -> ExportReport:
        """
        Write the places all of whose sources may be shipped into `folder`.

        Raises:
            NothingToExport: there is none.
            CityTooBig: together the files pass SIZE_HIGH_BYTES; nothing is written.
        """
        shippable = set(ContentSource.objects.filter(may_ship=True).values_list("slug", flat=True))
        places = list(Place.objects.active().of_city(city).prefetch_related("sources"))
        records = sorted(
            (_record(place) for place in places if _may_ship(place, shippable)),
            key=lambda record: (record["sources"][0]["source"], record["sources"][0]["ref"]),
        )
        if not records:
            raise NothingToExport(city)
        parts = {
            PLACES: _gzip("".join(f"{_json(record)}\n" for record in records)),
            DISTRICTS: _gzip(_json(district_collection(_districts(city)))),
        }
        manifest = _manifest(city, records, parts, shippable)
        size = sum(map(len, parts.values())) + len(manifest)
        if size > SIZE_HIGH_BYTES:
            raise CityTooBig(f"{size:,} bytes")
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in {**parts, MANIFEST: manifest}.items():
            (folder / name).write_bytes(data)
        return ExportReport(
            len(records), len(places) - len(records), size, json.loads(manifest)["data_version"]
        )


def _may_ship(place: Place, shippable: set[str]) -> bool:
    # An event is over before anybody loads it.
    return place.valid_until is None and all(
        row.source_id in shippable for row in place.sources.all()
    )


def _record(place: Place) -> dict[str, Any]:
    columns = {name: getattr(place, name) for name in COLUMNS}
    # What tags say may rest on texts that may not be handed on.
    columns |= without_tags(columns)
    fields = {name: _plain(columns[name]) for name in COLUMNS if name not in _NOT_WRITTEN}
    sources = sorted(place.sources.all(), key=lambda row: (row.source_id, row.external_ref))
    return {
        "lat": round(place.location.y, 7),
        "lon": round(place.location.x, 7),
        # What is empty is left out: it is what a missing column means when the city is loaded.
        "fields": {name: value for name, value in fields.items() if value not in (None, "", {})},
        "sources": [
            {
                "source": row.source_id,
                "ref": row.external_ref,
                "class": row.source_class,
                "as_of": _plain(row.as_of),
            }
            for row in sources
        ],
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _districts(city: str) -> list[District]:
    areas = Area.objects.filter(city_id=city, kind=AreaKind.DISTRICT, outline__isnull=False)
    return [District(a.name_ko, a.name_en, a.outline) for a in areas.order_by("slug") if a.outline]


def _manifest(
    city: str, records: list[dict[str, Any]], parts: dict[str, bytes], shippable: set[str]
) -> bytes:
    used = {row["source"] for record in records for row in record["sources"]}
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in parts.items()}
    newest = max((record["fields"].get("as_of", "") for record in records), default="")
    version = hashlib.sha256("".join(sums.values()).encode()).hexdigest()[:12]
    manifest = {
        "city": city,
        "data_version": f"{newest}-{version}",
        "places": len(records),
        "parts": {name: {"sha256": sums[name], "bytes": len(data)} for name, data in parts.items()},
        "sources": [
            {
                "slug": source.slug,
                "name": source.name,
                "kind": source.kind,
                "licence": source.licence,
                "attribution": source.attribution,
                "terms": source.terms,
            }
            for source in ContentSource.objects.filter(slug__in=used & shippable).order_by("slug")
        ],
    }
    return (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _gzip(text: str) -> bytes:
    return gzip.compress(text.encode(), compresslevel=9, mtime=0)
