"""`manage.py learn_name_words`: bring the words by which slips are mended in line with the names."""

from typing import Any

from django.core.management.base import BaseCommand

from places.services.wording import NameWords


class Command(BaseCommand):
    help = "Learn the words of the names of all places, and forget those that no name has any more."

    def handle(self, *args: Any, **options: Any) -> None:
        learnt, forgotten = NameWords().learn_all()
        self.stdout.write(f"{learnt:,} words learnt, {forgotten:,} forgotten")
