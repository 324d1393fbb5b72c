"""Seoul's list of night views, with hours and fees in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from places.adapters import cleaning
from places.adapters.public_data import korean_public_data, stable_ref, with_refs
from places.adapters.reading import read_table
from places.adapters.source import Feed, SourceAdapter
from places.types import Draft, HoursText, Refusal, Row, SourceTerms

BRIDGE: Final = re.compile(
    r"대교$|철교$"
)  # seen from afar; nobody spends half an hour in its middle
# What has hours of its own within a place that is open longer.
WITHIN: Final = re.compile(r"점등|소등|조명|축제|분수\s*가동")
# Times of performances, months by months: "(7~8월) 12:00, 17:00, 18:00".
MONTHS: Final = re.compile(r"\d\s*월")
TIMES_IN_A_ROW: Final = re.compile(r"\d:\d{2}\s*,\s*\d{1,2}:\d{2}")
BY_NAME: Final = (
    (re.compile(r"궁$|문\(|돌담길|성곽"), "heritage"),
    (re.compile(r"미술관"), "gallery"),
    (re.compile(r"박물관|전시관|함\s*공원|비축기지"), "museum"),
    (re.compile(r"공원|광장|식물원|정원|청계천|숲|섬"), "park"),
    (re.compile(r"체육관|경기장|돔$"), ""),
    (re.compile(r"문화회관"), "theatre"),
)


class NightViews(SourceAdapter):
    files: tuple[str, ...] = ("night_views.csv",)
    parser_version: int = 2  # amounts in 만 and 천, and behind ages, are read
    terms: SourceTerms = korean_public_data(
        "night-views", "서울시 야경명소 정보", publisher="서울 열린데이터광장"
    )

    def fetch(self, feed: Feed) -> Iterator[Row | Refusal]:
        yield from with_refs(
            read_table(feed.open(self.files, marks=("장소명", "운영시간"))), column="번호"
        )

    def clean(self, row: Row) -> Draft | Refusal:
        cell = {key: cleaning.text(value) for key, value in row.values.items()}
        name = cell["장소명"]
        point = cleaning.position(row, "위도", "경도")
        if isinstance(point, Refusal):
            return point
        category = next((kind for pattern, kind in BY_NAME if pattern.search(name)), "viewpoint")
        if BRIDGE.search(name) or not category:
            return Refusal(row.where, "not a trip stop", name, expected=True)
        if _is_only_in_season(cell["운영시간"]):
            return Refusal(row.where, "only in season", name, expected=True)
        return Draft(
            source=self.terms.slug,
            ref=cell["번호"] or stable_ref(name, cell["주소"]),
            where=row.where,
            name=name,
            category=category,
            source_class=cell["분류"],
            latitude=point[0],
            longitude=point[1],
            address=cell["주소"],
            district=cleaning.district(cell["주소"]),
            hours=_hours(cell["운영시간"]),
            cost=cleaning.fee(cell["이용요금"]),
            indoor=None if category in ("theatre", "museum", "gallery") else False,
            signs={"night_view": "서울시 야경명소"},
            introduction=cell["내용"],
            as_of=cleaning.day(cell["수정일시"]),
            payload={key: value for key, value in cell.items() if key != "내용"},
        )


def _is_only_in_season(said: str) -> bool:
    return bool(MONTHS.search(said) and TIMES_IN_A_ROW.search(said))


def _hours(said: str) -> HoursText:
    return HoursText(note=said) if WITHIN.search(said) else HoursText(opening=said)
