"""`manage.py import_visits FILE --city seoul`: count the visits of a file of check-ins."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from places.models import City
from places.services.folding_visits import VisitFolding
from places.services.importing_visits import FileUnreadable, VisitImport


class Command(BaseCommand):
    help = "Count the visits of a file of check-ins; the same file again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="CSV with a header, or JSON lines")
        parser.add_argument("--city", required=True)
        parser.add_argument(
            "--complete", action="store_true", help="it counts everybody who came, as a door does"
        )
        parser.add_argument(
            "--local-times", action="store_true", help="times without a zone are the city's"
        )
        parser.add_argument("--fold", action="store_true", help="make the profiles anew at once")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        try:
            done = VisitImport().run(
                path=options["file"],
                city=options["city"],
                is_complete=options["complete"],
                is_local=options["local_times"],
                now=now,
            )
        except City.DoesNotExist:
            raise CommandError(f"No city {options['city']} is loaded.") from None
        except (FileUnreadable, OSError) as error:
            raise CommandError(f"{options['file']} cannot be read: {error}.") from None
        self.stdout.write(
            f"{done.read:,} rows: {done.counted:,} counted, {done.repeated:,} known already, "
            f"{done.refused.total():,} refused"
        )
        for reason, count in done.refused.most_common():
            self.stdout.write(f"  {count:>9,}  {reason}")
        if options["fold"]:
            profiles = VisitFolding().fold_city(city=options["city"], now=now)
            self.stdout.write(f"{profiles:,} profiles of places")
