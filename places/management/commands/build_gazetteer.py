"""`manage.py build_gazetteer FOLDER --city seoul`: make the shipped gazetteer again from its raw material."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from places.services.cities import read_shipped_districts
from places.services.gazetteer_building import (
    build_gazetteer,
    gazetteer_file,
    hand_made_file,
    write_gazetteer,
)
from places.services.gazetteer_sources import GazetteerUnreadable
from places.services.judging import known_cities


class Command(BaseCommand):
    help = "Merge area names from FOLDER (with areas/ and tour_streets.csv) and the hand-made file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder", type=Path, nargs="?", help="without it: what was written by hand alone"
        )
        parser.add_argument("--city", default="seoul", choices=known_cities())
        parser.add_argument("--output", type=Path, help="default: where it is shipped")

    def handle(self, *args: Any, **options: Any) -> None:
        city: str = options["city"]
        output: Path = options["output"] or gazetteer_file(city)
        try:
            built = build_gazetteer(
                folder=options["folder"],
                hand_made=hand_made_file(city),
                districts=read_shipped_districts(city=city),
            )
        except GazetteerUnreadable as error:
            raise CommandError(str(error)) from error
        size = write_gazetteer(areas=built.areas, path=output)
        for kind, count in sorted(Counter(area.kind for area in built.areas).items()):
            self.stdout.write(f"{kind:14} {count:5}")
        for reason, count in sorted(Counter(reason for _, reason in built.refused).items()):
            self.stdout.write(f"left out: {reason}: {count}")
        self.stdout.write(f"{len(built.areas)} areas, {size / 1000:.0f} kB: {output}")
