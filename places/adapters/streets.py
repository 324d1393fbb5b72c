"""Seoul's named streets: names for areas, not stops."""

from __future__ import annotations

from collections.abc import Iterator

from places.adapters import cleaning
from places.adapters.public_data import korean_public_data
from places.adapters.reading import read_table
from places.adapters.source import Feed, SourceAdapter
from places.types import Draft, Refusal, Row, SourceTerms


class Streets(SourceAdapter):
    """
    Reads the streets and keeps none as a stop.

    The set gives each street the centre of its dong, up to a kilometre away and shared by up to
    nine streets: good enough for an area of the gazetteer, not for where to walk to.
    """

    files: tuple[str, ...] = ("tour_streets.csv",)
    terms: SourceTerms = korean_public_data(
        "tour-streets", "서울시 특화거리", publisher="서울 열린데이터광장"
    )

    def fetch(self, feed: Feed) -> Iterator[Row | Refusal]:
        yield from read_table(feed.open(self.files, marks=("최종 표기명",)))

    def clean(self, row: Row) -> Draft | Refusal:
        name = cleaning.text(row.values["최종 표기명"])
        return Refusal(row.where, "an area, not a stop", name, expected=True)
