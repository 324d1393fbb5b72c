"""`manage.py build_busy_areas FILE --city seoul`: make the shipped areas that a city counts people in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from places.conditions.busy_areas import BusyAreasUnreadable, build_busy_areas, shipped_file
from places.services.judging import known_cities


class Command(BaseCommand):
    help = "Simplify the outlines of the city's own table (area_cd, name_ko, polygon_wkt_4326)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--city", default="seoul", choices=known_cities())
        parser.add_argument("--output", type=Path, help="default: where it is shipped")

    def handle(self, *_args: Any, **options: Any) -> None:
        output: Path = options["output"] or shipped_file(options["city"])
        try:
            count = build_busy_areas(source=options["file"], output=output)
        except (BusyAreasUnreadable, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{count} areas, {output.stat().st_size / 1000:.0f} kB: {output}")
