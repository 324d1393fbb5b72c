"""Loads the sample city that is shipped with the project."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from places.models import City
from places.services.cities import CITIES, areas_version, read_shipped_districts, store_city
from places.services.exporting import MANIFEST, PLACES
from places.services.importing import IMPORTED
from places.services.judging import read_priors
from places.services.locating import CityShape
from places.services.storing import COLUMNS, PlaceStore
from places.services.surveying import TableSurvey
from places.services.tagging.asking import ask_to_tag
from places.types import PlaceRecord, SourceTerms, StoreCounts

EMPTY: Final[Mapping[str, Any]] = {
    name: {} if kind == "jsonb" else "" if kind == "text" else None
    for name, kind in COLUMNS.items()
} | {"hours": None}


class CityNotShipped(ValueError):
    """The project carries no sample of this city."""


class CityDamaged(ValueError):
    """A file is not the one that the manifest speaks of."""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What loading did; `counts` is None where there was nothing to do."""

    data_version: str
    counts: StoreCounts | None
    is_imported: bool = False  # a folder was imported: the sample does not replace it


@dataclass(frozen=True)
class CityLoad:
    """Loads one shipped city whole or not at all."""

    folder: Path = CITIES
    store: PlaceStore = field(default_factory=PlaceStore)
    survey: TableSurvey = field(default_factory=TableSurvey)

    def run(self, *, city: str, now: datetime, is_forced: bool = False) -> LoadReport:
        """
        Load `city` unless this very version of it stands already, or a richer import does.

        Raises:
            CityNotShipped: there are no files of it.
            CityDamaged: a checksum does not agree; nothing is loaded.
        """
        path = self.folder / city / MANIFEST
        if not path.is_file():
            raise CityNotShipped(city)
        manifest = json.loads(path.read_text("utf-8"))
        version = _version(manifest, city)
        stands = City.objects.filter(slug=city).values_list("data_version", flat=True).first() or ""
        if not is_forced and stands == version:
            return LoadReport(version, None)
        if not is_forced and stands.startswith(IMPORTED):
            return LoadReport(stands, None, is_imported=True)
        records = [_record(city, line) for line in self._lines(city, manifest)]
        with transaction.atomic(durable=True):
            counts = self._store(city, manifest, records, version, now)
        self.survey.run(changed=counts.created + counts.updated)
        return LoadReport(version, counts)

    def _lines(self, city: str, manifest: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        data = (self.folder / city / PLACES).read_bytes()
        if hashlib.sha256(data).hexdigest() != manifest["parts"][PLACES]["sha256"]:
            raise CityDamaged(PLACES)
        yield from map(json.loads, gzip.decompress(data).decode().splitlines())

    def _store(
        self,
        city: str,
        manifest: Mapping[str, Any],
        records: list[PlaceRecord],
        version: str,
        now: datetime,
    ) -> StoreCounts:
        facts = read_priors(city).city
        shape = CityShape(read_shipped_districts(city=city), name=facts["name_ko"])
        store_city(slug=city, facts=facts, outline=shape.outline)
        terms = [SourceTerms(**row, may_ship=True) for row in manifest["sources"]]
        counts = self.store.replace(
            city=city, records=records, sources=terms, origin="sample city", now=now
        )
        City.objects.filter(slug=city).update(data_version=version)
        ask_to_tag(city=city, now=now)
        return counts


def _version(manifest: Mapping[str, Any], city: str) -> str:
    """Return the version of the places and of the gazetteer that is loaded with them."""
    return f"{manifest['data_version']}-{areas_version(city)}"


def _record(city: str, line: Mapping[str, Any]) -> PlaceRecord:
    return PlaceRecord(
        latitude=line["lat"],
        longitude=line["lon"],
        fields={**EMPTY, **line["fields"], "city_id": city},
        sources=tuple(
            {
                "source": row["source"],
                "external_ref": row["ref"],
                "source_class": row["class"],
                "as_of": row["as_of"],
                "payload": {},
            }
            for row in line["sources"]
        ),
    )
