"""The national standard data set of museums and art galleries, JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from places.adapters import cleaning
from places.adapters.public_data import korean_public_data, stable_ref
from places.adapters.reading import read_records
from places.adapters.source import Feed, SourceAdapter
from places.types import Draft, HoursText, Refusal, Row, SourceTerms

GALLERY: Final = re.compile(r"미술관|갤러리|화랑|아트|gallery|art", re.IGNORECASE)
PUBLIC: Final = ("국립", "공립")
FEE_VARIES: Final = re.compile(r"상이|유료|입장료|전시료|\d{3}")
CLOCK: Final = re.compile(r"\d{1,2}:\d{2}")


class Museums(SourceAdapter):
    """Fees, weekday and holiday hours, and closing days in words."""

    files: tuple[str, ...] = ("museums_standard.json",)
    parser_version: int = 2  # amounts in 만 and 천, and behind ages, are read
    terms: SourceTerms = korean_public_data("museums-standard", "전국박물관미술관정보표준데이터")

    def fetch(self, feed: Feed) -> Iterator[Row | Refusal]:
        yield from read_records(feed.open(self.files, marks=("시설명",)), key="records")

    def clean(self, row: Row) -> Draft | Refusal:
        cell = {key: cleaning.text(value) for key, value in row.values.items()}
        said = cell.get("시설명", "")
        point = cleaning.position(row, "위도", "경도")
        if isinstance(point, Refusal):
            return point
        if not cleaning.is_name(said):
            return Refusal(row.where, "unnamed")
        address = cell.get("소재지도로명주소") or cell.get("소재지지번주소", "")
        closing = cell.get("휴관정보", "")
        return Draft(
            source=self.terms.slug,
            ref=stable_ref(said, address, cell.get("제공기관코드", "")),
            where=row.where,
            name=cleaning.without_closed_mark(said),
            category="gallery" if GALLERY.search(said) else "museum",
            source_class=cell.get("박물관미술관구분", ""),
            latitude=point[0],
            longitude=point[1],
            address=address,
            district=cleaning.district(address, cell.get("소재지지번주소", "")),
            hours=HoursText(
                weekday=_span(cell, "평일"), holiday=_span(cell, "공휴일"), closing=closing
            ),
            cost=_cost(cell),
            fee_hint=_fee_hint(cell),
            is_public=cell.get("박물관미술관구분", "") in PUBLIC,
            indoor=True,
            parking=True if "주차" in cell.get("편의시설정보", "") else None,
            introduction=cell.get("박물관미술관소개", ""),
            is_closed=cleaning.is_closed(said, closing),
            as_of=cleaning.day(cell.get("데이터기준일자")),
            payload=row.values,
        )


def _span(cell: Mapping[str, str], day: str) -> tuple[str, str] | None:
    opens, closes = cell.get(f"{day}관람시작시각", ""), cell.get(f"{day}관람종료시각", "")
    return (opens, closes) if CLOCK.fullmatch(opens) and CLOCK.fullmatch(closes) else None


def _cost(cell: Mapping[str, str]) -> tuple[int, int] | None:
    stated = cleaning.fee(cell.get("어른관람료", ""))
    if stated:
        return stated
    # The other text is a list of discounts as often as a price: only "free" is taken from it.
    free = cleaning.fee(cell.get("관람료기타정보", ""))
    return free if free == (0, 0) else None


def _fee_hint(cell: Mapping[str, str]) -> str:
    if FEE_VARIES.search(cell.get("관람료기타정보", "")):
        return "varies"
    return "nought" if cell.get("어른관람료", "") == "0" else ""
