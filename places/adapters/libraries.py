"""Seoul's public libraries with hours and closing days in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from places.adapters import cleaning
from places.adapters.public_data import korean_public_data, stable_ref, with_refs
from places.adapters.reading import read_table
from places.adapters.source import Feed, SourceAdapter
from places.types import Draft, HoursText, Refusal, Row, SourceTerms


class Libraries(SourceAdapter):
    files: tuple[str, ...] = ("seoul_libraries.csv",)
    terms: SourceTerms = korean_public_data(
        "seoul-libraries", "서울시 공공도서관 현황정보", publisher="서울 열린데이터광장"
    )
    as_of: date = date(2024, 1, 1)

    def fetch(self, feed: Feed) -> Iterator[Row | Refusal]:
        yield from with_refs(
            read_table(feed.open(self.files, marks=("도서관명", "운영시간"))),
            column="도서관 일련번호",
        )

    def clean(self, row: Row) -> Draft | Refusal:
        cell = {key: cleaning.text(value) for key, value in row.values.items()}
        name, closing = cell["도서관명"], cell["정기 휴관일"]
        point = cleaning.position(row, "위도", "경도")
        if isinstance(point, Refusal):
            return point
        if not cleaning.is_name(name):
            return Refusal(row.where, "unnamed")
        return Draft(
            source=self.terms.slug,
            ref=cell["도서관 일련번호"] or stable_ref(name, cell["주소"]),
            where=row.where,
            name=cleaning.without_closed_mark(name),
            category="library",
            source_class=cell["도서관 구분명"],
            latitude=point[0],
            longitude=point[1],
            address=cell["주소"],
            district=cell["구명"] or cleaning.district(cell["주소"]),
            hours=HoursText(opening=cell["운영시간"], closing=closing),
            cost=(0, 0),  # entering a public library is free by law
            indoor=True,
            is_closed=cleaning.is_closed(name, closing),
            as_of=self.as_of,
            payload=row.values,
        )
