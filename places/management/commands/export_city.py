"""`manage.py export_city seoul --to FOLDER`: write the sample city that the project ships."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from places.services.cities import CITIES
from places.services.exporting import CityExport, CityTooBig, NothingToExport


class Command(BaseCommand):
    help = "Write a city's places as the files that are shipped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("city")
        parser.add_argument("--to", type=Path, help="default: where load_city reads from")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["to"] or CITIES / options["city"]
        try:
            report = CityExport().run(city=options["city"], folder=folder)
        except NothingToExport as error:
            raise CommandError(
                f"{error} has no places that may be shipped: import it first."
            ) from None
        except CityTooBig as error:
            raise CommandError(f"{error} are too many to ship; nothing was written.") from None
        self.stdout.write(
            f"{report.places:,} places ({report.left_out:,} may not be shipped), "
            f"{report.size_bytes / 1024:,.0f} KiB, version {report.data_version}"
        )
