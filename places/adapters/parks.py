"""Seoul's parks: the list, and the detailed list with areas and rules of use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from places.adapters import cleaning
from places.adapters.public_data import korean_public_data, stable_ref
from places.adapters.reading import read_table
from places.adapters.source import Feed, SourceAdapter
from places.types import Draft, Refusal, Row, SourceTerms

AREA: Final = re.compile(r"^\D{0,6}([\d.,]+)\s*(?:㎡|㎥|m2|m²|제곱미터)")
AREA_HIGH_M2: Final = 100_000_000
NO_PETS: Final = re.compile(r"(?:애완|반려)(?:동물|견)\S*[^.]{0,60}(?:금지|자제|삼가|출입\s*불가)")
ROYAL_NAME: Final = re.compile(r"궁$|릉$|능$")


def _category(name: str) -> str:
    return "heritage" if ROYAL_NAME.search(name) else "park"


class Parks(SourceAdapter):
    """The list: names and points."""

    files: tuple[str, ...] = ("seoul_parks.tsv",)
    terms: SourceTerms = korean_public_data(
        "seoul-parks", "서울시 주요 공원현황", publisher="서울 열린데이터광장"
    )
    as_of: date = date(2024, 1, 1)

    def fetch(self, feed: Feed) -> Iterator[Row | Refusal]:
        decoded = feed.open(self.files, marks=("dong_tokens", "category"))
        yield from read_table(decoded, delimiter="\t")

    def clean(self, row: Row) -> Draft | Refusal:
        cell = {key: cleaning.text(value) for key, value in row.values.items()}
        point = cleaning.position(row, "lat", "lon")
        if isinstance(point, Refusal):
            return point
        return Draft(
            source=self.terms.slug,
            ref=stable_ref(cell["name"], cell["address"]),
            where=row.where,
            name=cell["name"],
            category=_category(cell["name"]),
            source_class=cell["category"],
            latitude=point[0],
            longitude=point[1],
            address=cell["address"],
            district=cell["gu"] or cleaning.district(cell["address"]),
            cost=(0, 0) if _category(cell["name"]) == "park" else None,
            indoor=False,
            as_of=self.as_of,
            payload=row.values,
        )


class ParkDetails(SourceAdapter):
    """The detailed list: areas, what may not be done, and a description."""

    files: tuple[str, ...] = ("seoul_parks_detail.csv",)
    terms: SourceTerms = korean_public_data(
        "seoul-parks-detail", "서울시 공원 상세정보", publisher="서울 열린데이터광장"
    )
    as_of: date = date(2024, 1, 1)

    def fetch(self, feed: Feed) -> Iterator[Row | Refusal]:
        yield from read_table(feed.open(self.files, marks=("공원명", "공원개요")))

    def clean(self, row: Row) -> Draft | Refusal:
        cell = {key: cleaning.text(value) for key, value in row.values.items()}
        point = cleaning.position(row, "Y좌표(WGS84)", "X좌표(WGS84)")
        if isinstance(point, Refusal):
            return point
        rules = cell["이용시참고사항"]
        return Draft(
            source=self.terms.slug,
            ref=stable_ref(cell["공원명"], cell["공원주소"]),
            where=row.where,
            name=cell["공원명"],
            category=_category(cell["공원명"]),
            source_class="공원",
            latitude=point[0],
            longitude=point[1],
            address=cell["공원주소"],
            district=cell["지역"] or cleaning.district(cell["공원주소"]),
            area_m2=_area(cell["면적"]),
            cost=(0, 0) if _category(cell["공원명"]) == "park" else None,
            indoor=False,
            pets_allowed=False if NO_PETS.search(rules) else None,
            parking=True if "주차장" in cell["주요시설"] else None,
            introduction=cell["공원개요"],
            as_of=self.as_of,
            payload={key: cell[key] for key in ("공원명", "면적", "공원주소", "이용시참고사항")},
        )


def _area(said: str) -> float | None:
    found = AREA.search(said)
    area = cleaning.number(found[1]) if found else None
    return area if area and 0 < area <= AREA_HIGH_M2 else None
