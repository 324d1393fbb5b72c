"""`manage.py load_city seoul`: load the sample city that is shipped with the project."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from places.services.loading import CityDamaged, CityLoad, CityNotShipped
from places.services.tagging.asking import tags_follow


class Command(BaseCommand):
    help = "Load a shipped city. A second time does nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("city")
        parser.add_argument(
            "--force", action="store_true", help="load it even over an import or the same version"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = CityLoad().run(
                city=options["city"], now=timezone.now(), is_forced=options["force"]
            )
        except CityNotShipped as error:
            raise CommandError(
                f"No city {error} is shipped: import it with import_places."
            ) from None
        except CityDamaged as error:
            raise CommandError(f"{error} is damaged: check the files out again.") from None
        if report.counts is None:
            why = "an import stands" if report.is_imported else "up to date"
            self.stdout.write(f"{options['city']}: {why} ({report.data_version})")
            return
        counts = report.counts
        self.stdout.write(
            f"{options['city']}: {counts.created:,} places new, {counts.updated:,} changed, "
            f"{counts.unchanged:,} unchanged, {counts.deactivated:,} no longer there "
            f"({report.data_version})"
        )
        self.stdout.write(tags_follow(options["city"]))
