"""`manage.py tag_places --city seoul`: tag the places of a city by their texts."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from tqdm import tqdm

from places.services.judging import known_cities
from places.services.tagging.mentions import BlogMentions
from places.services.tagging.reading import Tagged, TextTagging


class Command(BaseCommand):
    help = "Tag a city's places by their names and texts. A second time changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--city", required=True, choices=known_cities())
        parser.add_argument("--again", action="store_true", help="read what is unchanged, too")
        parser.add_argument("--after", type=int, default=0, help="go on behind this place's key")

    def handle(self, *args: Any, **options: Any) -> None:
        tagging = TextTagging()
        total = Tagged(last=options["after"])
        with tqdm(unit=" places", disable=None, mininterval=0.5) as bar:
            for tagged in tagging.run(
                city=options["city"],
                now=timezone.now(),
                after=options["after"],
                is_again=options["again"],
            ):
                total.add(tagged)
                bar.update(tagged.read + tagged.unchanged)
        for line in lines(total):
            self.stdout.write(line)
        named = BlogMentions(tagger=tagging.tagger).hear(city=options["city"], now=timezone.now())
        if named.places:
            self.stdout.write(
                f"{named.places:,} places named by blogs, {named.read:,} of them read anew"
            )
        self.stdout.write(f"read by {tagging.tagger.label}")


def lines(total: Tagged) -> Iterator[str]:
    """Yield the report: what was done to each tag as a table, then the sums."""
    settled = total.settled
    names = sorted(settled.accepted | settled.asked)
    if names:
        width = max(map(len, names))
        yield f"{'tag':<{width}}  {'accepted':>8}  {'to review':>9}"
        for name in names:
            yield f"{name:<{width}}  {settled.accepted[name]:>8,}  {settled.asked[name]:>9,}"
    yield (
        f"{total.read:,} places read, {total.unchanged:,} unchanged; {total.applied:,} changed by it"
    )
    yield (
        f"{settled.accepted.total():,} tags accepted, {settled.changed:,} changed, "
        f"{settled.withdrawn:,} withdrawn; {settled.asked.total():,} to review, "
        f"{settled.no_longer_asked:,} no longer asked"
    )
