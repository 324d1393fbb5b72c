"""`manage.py import_places FOLDER --city seoul`: load a folder of open data."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from places.services.importing import CityImport, ImportReport, NoOutline, NothingToImport
from places.services.judging import known_cities
from places.services.tagging.asking import tags_follow
from places.types import SourceReport

COLUMNS = ("source", "read", "kept", "merged", "attached", "refused", "hours said", "hours parsed")
SHOWN = 5


class Command(BaseCommand):
    help = "Import a folder of open data as the places of a city."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="the folder that holds the sources' files")
        parser.add_argument("--city", required=True, choices=known_cities())
        parser.add_argument("--dry-run", action="store_true", help="read and judge, store nothing")
        parser.add_argument("--all", action="store_true", help="list every refused record")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        if not folder.is_dir():
            raise CommandError(
                f"{folder} is no folder: name the one that holds the sources' files."
            )
        try:
            report = CityImport().run(
                folder=folder,
                city=options["city"],
                now=timezone.now(),
                is_dry_run=options["dry_run"],
            )
        except NoOutline as error:
            raise CommandError(
                f"No district outlines of {error}: put {error}_districts.geojson into the folder."
            ) from None
        except NothingToImport as error:
            raise CommandError(f"No file of a known source lies in {error}.") from None
        for line in lines(report, shown=None if options["all"] else SHOWN):
            self.stdout.write(line)
        if report.counts is not None and report.counts.created + report.counts.updated:
            self.stdout.write(tags_follow(options["city"]))


def lines(report: ImportReport, *, shown: int | None) -> Iterator[str]:
    """Yield the report as a table, then the refusals by source, `shown` of each reason."""
    rows = [COLUMNS, *(_cells(source) for source in report.sources)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(COLUMNS))]
    for row in rows:
        first, *rest = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join((row[0].ljust(widths[0]), *rest)) if first else ""
    for source in report.sources:
        yield from _refusals(source, shown)
    for fault in report.faulty:
        yield f"\nleft out, its mapping is faulty: {fault}"
    if report.absent:
        yield f"\nnot in the folder: {', '.join(report.absent)}"
    yield _outcome(report)


def _cells(source: SourceReport) -> tuple[str, ...]:
    numbers = (
        source.read,
        source.kept,
        source.merged,
        source.attached,
        len(source.refusals),
        source.hours_said,
        source.hours_parsed,
    )
    return (source.source, *(f"{number:,}" for number in numbers))


def _refusals(source: SourceReport, shown: int | None) -> Iterator[str]:
    if source.refusals or source.hours_refused:
        yield f"\n{source.source} ({', '.join(source.files)})"
    for reason, count in source.refused_by_reason().most_common():
        yield f"  {count:>6,}  {reason}"
        of_reason = [refusal for refusal in source.refusals if refusal.reason == reason]
        # What the rules leave out by design is counted; what is wrong with the file is shown.
        listed = of_reason if shown is None else [r for r in of_reason if not r.expected][:shown]
        for refusal in listed:
            yield f"            {refusal.where}: {refusal.text}".rstrip()
    if source.hours_refused:
        yield f"  {len(source.hours_refused):>6,}  hours not understood, kept as text"
        for refusal in source.hours_refused[:shown]:
            yield f"            {refusal.where}: {refusal.text} ({refusal.reason})"


def _outcome(report: ImportReport) -> str:
    if report.counts is None:
        return f"\n{report.places:,} places; nothing stored (dry run)"
    counts = report.counts
    return (
        f"\n{report.places:,} places: {counts.created:,} new, {counts.updated:,} changed, "
        f"{counts.unchanged:,} unchanged, {counts.deactivated:,} no longer there"
    )
