"""Imports a folder of open data into one city: read, check, attach, merge, compose, store."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Final

from django.db import transaction

from places.adapters.culture import CultureList, CultureVenues
from places.adapters.geography import read_districts, read_hotspots, read_stations
from places.adapters.good_price import GoodPriceShops
from places.adapters.heritage import Heritage
from places.adapters.libraries import Libraries
from places.adapters.markets import Markets
from places.adapters.museums import Museums
from places.adapters.night_views import NightViews
from places.adapters.osm import OpenStreetMap
from places.adapters.parks import ParkDetails, Parks
from places.adapters.reading import UnreadableFile
from places.adapters.source import SourceAdapter, fetch
from places.adapters.streets import Streets
from places.adapters.tourist_sites import TouristSites
from places.models import City
from places.opening.types import Refusal as HoursRefusal
from places.services.attaching import Attached, attach
from places.services.chains import branched_names
from places.services.cities import areas_version, read_shipped_districts, store_city
from places.services.composing import Composer, ReadHours, is_shut
from places.services.grouping import clusters, sites
from places.services.judging import read_priors
from places.services.locating import CityShape, is_coarse, misplaced
from places.services.merging import bare_key
from places.services.screening import screen
from places.services.storing import PlaceStore, content_hash
from places.types import Draft, PlaceRecord, Refusal, Row, SourceReport, SourceTerms, StoreCounts

ADAPTERS: Final[tuple[SourceAdapter, ...]] = (
    OpenStreetMap(), Museums(), CultureVenues(), CultureList(), Heritage(), Parks(), ParkDetails(),
    Libraries(), GoodPriceShops(), Markets(), NightViews(), TouristSites(), Streets(),
)  # fmt: skip
IMPORTED: Final = "import-"  # how the data version of an imported city begins


class NoOutline(ValueError):
    """Neither the folder nor the project knows where the city ends."""


class NothingToImport(ValueError):
    """The folder holds no file of any source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import read and changed."""

    sources: tuple[SourceReport, ...]
    absent: tuple[str, ...]
    places: int
    counts: StoreCounts | None  # None: a dry run


@dataclass
class _Reading:
    """The drafts of a run, and the report of each source."""

    drafts: list[Draft] = field(default_factory=list)
    reports: dict[str, SourceReport] = field(default_factory=dict)
    terms: list[SourceTerms] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)

    def refuse(self, refused: Sequence[tuple[Draft, Refusal]]) -> None:
        for draft, refusal in refused:
            self.reports[draft.source].refusals.append(refusal)


@dataclass(frozen=True)
class CityImport:
    """Imports one folder. Everything is read and judged before the first row is written."""

    adapters: Sequence[SourceAdapter] = ADAPTERS
    store: PlaceStore = field(default_factory=PlaceStore)

    def run(
        self, *, folder: Path, city: str, now: datetime, is_dry_run: bool = False
    ) -> ImportReport:
        """
        Import `folder` as the places of `city`.

        Raises:
            NoOutline: no district outlines are found for the city.
            NothingToImport: no source finds a file.
        """
        districts = read_districts(folder, city=city) or read_shipped_districts(city=city)
        if not districts:
            raise NoOutline(city)
        shape = CityShape(districts, name=read_priors(city).city["name_ko"])
        reading = self._read(folder, city)
        if not reading.terms:
            raise NothingToImport(str(folder))
        records = self._compose(reading, folder, city, shape)
        counts = None if is_dry_run else self._store(records, reading, city, shape, now)
        return ImportReport(
            sources=tuple(reading.reports.values()),
            absent=tuple(reading.absent),
            places=len(records),
            counts=counts,
        )

    def _read(self, folder: Path, city: str) -> _Reading:
        reading = _Reading()
        for adapter in self.adapters:
            files = fetch(adapter, folder=folder, city=city)
            if adapter.files[0] not in files:
                reading.absent.append(adapter.terms.slug)
                continue
            report = SourceReport(source=adapter.terms.slug, files=list(files))
            reading.reports[report.source] = report
            reading.terms.append(adapter.terms)
            reading.drafts.extend(_drafts(adapter, files, report))
        return reading

    def _compose(
        self, reading: _Reading, folder: Path, city: str, shape: CityShape
    ) -> list[PlaceRecord]:
        located = _locate(reading, shape)
        kept, refused = screen(located)
        reading.refuse(refused)
        attached = attach(kept)
        reading.refuse(attached.refusals)
        composer = Composer(
            city=city,
            priors=read_priors(city),
            hotspots=frozenset(bare_key(name) for name in read_hotspots(folder)),
            stations=read_stations(folder),
            branched=branched_names([draft.name for draft in kept]),
            newest=max((d.as_of for d in kept if d.as_of), default=date.min),
        )
        return _records(reading, attached, composer)

    @transaction.atomic(durable=True)
    def _store(
        self,
        records: Sequence[PlaceRecord],
        reading: _Reading,
        city: str,
        shape: CityShape,
        now: datetime,
    ) -> StoreCounts:
        priors = read_priors(city)
        store_city(slug=city, facts=priors.city, outline=shape.outline)
        counts = self.store.replace(
            city=city, records=records, sources=reading.terms, origin="import", now=now
        )
        version = f"{IMPORTED}{_version(records)}-{areas_version(city)}"
        City.objects.filter(slug=city).update(data_version=version)
        return counts


def _drafts(
    adapter: SourceAdapter, files: Mapping[str, bytes], report: SourceReport
) -> list[Draft]:
    drafts: dict[str, Draft] = {}
    try:
        rows = list(adapter.parse(files))
    except UnreadableFile as error:
        rows = [Refusal(adapter.files[0], "unreadable file", str(error))]
    for row in rows:
        report.read += 1
        draft = row if isinstance(row, Refusal) else _clean(adapter, row)
        if isinstance(draft, Refusal):
            report.refusals.append(draft)
        else:
            older = _keep_newer(drafts, draft)
            if older is not None:
                report.refusals.append(
                    Refusal(older.where, "repeats another row", older.name, expected=True)
                )
    return list(drafts.values())


def _keep_newer(drafts: dict[str, Draft], draft: Draft) -> Draft | None:
    """Put the draft under its reference; return the one that had to give way, if any."""
    before = drafts.get(draft.ref)
    if before is not None and (before.as_of or date.min) > (draft.as_of or date.min):
        return draft
    drafts[draft.ref] = draft
    return before


def _clean(adapter: SourceAdapter, row: Row) -> Draft | Refusal:
    try:
        return adapter.clean(row)
    except KeyError as error:
        return Refusal(row.where, f"field {error.args[0]} is missing")


def _locate(reading: _Reading, shape: CityShape) -> list[Draft]:
    """Return the drafts that lie where they say, with their district."""
    public = [draft for draft in reading.drafts if draft.source != "osm"]
    wrong = misplaced(public)
    located: list[Draft] = []
    for draft in reading.drafts:
        found: Draft | Refusal = shape.locate(draft)
        if isinstance(found, Draft) and draft.source != "osm" and is_coarse(draft.address):
            found = Refusal(draft.where, "address names no more than a district", draft.name)
        elif isinstance(found, Draft) and draft.key in wrong:
            found = Refusal(draft.where, "point shared by many addresses", draft.name)
        if isinstance(found, Refusal):
            reading.reports[draft.source].refusals.append(found)
        else:
            located.append(found)
    return located


def _records(reading: _Reading, attached: Attached, composer: Composer) -> list[PlaceRecord]:
    groups = clusters(attached.drafts)
    leads = [group[0] for group in groups]
    shared = sites(leads)
    records = []
    for group, lead in zip(groups, leads, strict=True):
        members = [member for draft in group for member in attached.members.get(draft.key, ())]
        read = [composer.read_hours(draft) for draft in group]
        _count_hours(read, reading.reports)
        if is_shut(group, read):
            reading.refuse([(d, Refusal(d.where, "does not operate", d.name)) for d in group])
            reading.refuse(
                [(d, Refusal(d.where, "its site does not operate", d.name)) for d in members]
            )
            continue
        reading.reports[lead.source].kept += 1
        for draft in group[1:]:
            reading.reports[draft.source].merged += 1
        for member in members:
            reading.reports[member.source].attached += 1
        site = shared.get(lead.key, "")
        records.append(composer.compose(group, members, site=site, read=read))
    return records


def _count_hours(read: Sequence[ReadHours], reports: Mapping[str, SourceReport]) -> None:
    for one in read:
        if one.hours is None:
            continue
        report = reports[one.draft.source]
        report.hours_said += 1
        if isinstance(one.hours, HoursRefusal):
            refusal = Refusal(one.draft.where, one.hours.reason, one.draft.hours.text)
            report.hours_refused.append(refusal)
        else:
            report.hours_parsed += 1


def _version(records: Sequence[PlaceRecord]) -> str:
    hashes = sorted(content_hash(record) for record in records)
    return hashlib.sha256("".join(hashes).encode()).hexdigest()[:12]
