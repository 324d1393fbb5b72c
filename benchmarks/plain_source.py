"""A plain source: a name, a category and a point in each line."""

from __future__ import annotations

from collections.abc import Iterator

from places.adapters.public_data import with_refs
from places.adapters.reading import read_lines
from places.adapters.source import Feed, SourceAdapter
from places.types import Draft, Refusal, Row, SourceTerms


class PlainFile(SourceAdapter):
    """One JSON object in each line."""

    files: tuple[str, ...] = ("places.jsonl",)
    terms: SourceTerms = SourceTerms(
        slug="plain",
        name="Made-up places",
        kind="file",
        licence="CC0",
        attribution="made up",
        may_ship=False,
    )

    def fetch(self, feed: Feed) -> Iterator[Row | Refusal]:
        yield from with_refs(read_lines(feed.open(self.files, marks=('"id"',))), column="id")

    def clean(self, row: Row) -> Draft | Refusal:
        said = row.values
        return Draft(
            source="plain",
            ref=row.ref,
            where=row.where,
            name=said["name"],
            category=said["category"],
            source_class="",
            latitude=said["lat"],
            longitude=said["lon"],
            payload=said,
        )
