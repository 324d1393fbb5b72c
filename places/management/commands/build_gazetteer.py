"""`manage.py build_gazetteer FOLDER`: make the shipped gazetteer again from its raw material."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from places.services.gazetteer_building import SHIPPED, build_gazetteer, write_gazetteer
from places.services.gazetteer_sources import GazetteerUnreadable


class Command(BaseCommand):
    help = "Merge area names from FOLDER (with areas/ and tour_streets.csv) and the hand-made file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--output", type=Path, default=SHIPPED)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            built = build_gazetteer(folder=options["folder"])
        except GazetteerUnreadable as error:
            raise CommandError(str(error)) from error
        size = write_gazetteer(areas=built.areas, path=options["output"])
        for kind, count in sorted(Counter(area.kind for area in built.areas).items()):
            self.stdout.write(f"{kind:14} {count:5}")
        for reason, count in sorted(Counter(reason for _, reason in built.refused).items()):
            self.stdout.write(f"left out: {reason}: {count}")
        self.stdout.write(f"{len(built.areas)} areas, {size / 1000:.0f} kB: {options['output']}")
