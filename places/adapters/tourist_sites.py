"""The national standard data set of tourist sites, CP949."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from places.adapters import cleaning
from places.adapters.public_data import korean_public_data, stable_ref
from places.adapters.reading import read_table
from places.adapters.source import Feed, SourceAdapter
from places.types import Draft, Refusal, Row, SourceTerms

# The set says only "tourist site": what it is stands at the end of the name.
BY_NAME: Final = (
    (re.compile(r"기념관|박물관|전시관|울림관|역사관|국악원|딜라이트"), "museum"),
    (re.compile(r"미술관|공예관"), "gallery"),
    (re.compile(r"공원|[가-힣]섬|숲|바위$"), "park"),
    (re.compile(r"시장|아케이드|고투몰"), "market"),
    (re.compile(r"타워|전망대|분수"), "viewpoint"),
    (re.compile(r"예술의전당|극장"), "theatre"),
)
GROUND_MARK: Final = re.compile(r"터$|지$|비$|비\)$|관측소|시위지|나루터|재$")


class TouristSites(SourceAdapter):
    files: tuple[str, ...] = ("tourist_sites_standard_cp949.csv",)
    terms: SourceTerms = korean_public_data("tourist-sites", "전국관광지정보표준데이터")

    def fetch(self, feed: Feed) -> Iterator[Row | Refusal]:
        yield from read_table(feed.open(self.files, marks=("관광지명", "관광지구분")))

    def clean(self, row: Row) -> Draft | Refusal:
        cell = {key: cleaning.text(value) for key, value in row.values.items()}
        name = cell["관광지명"]
        point = cleaning.position(row, "위도", "경도")
        if isinstance(point, Refusal):
            return point
        address = cell["소재지도로명주소"] or cell["소재지지번주소"]
        category = next((kind for pattern, kind in BY_NAME if pattern.search(name)), "heritage")
        area = cleaning.number(cell["면적"])
        return Draft(
            source=self.terms.slug,
            ref=stable_ref(name, address),
            where=row.where,
            name=name,
            category=category,
            source_class=cell["관광지구분"],
            latitude=point[0],
            longitude=point[1],
            address=address,
            district=cleaning.district(address, cell["소재지지번주소"]),
            area_m2=area if area and category == "park" else None,
            parking=True if (cleaning.number(cell["주차가능수"]) or 0) > 0 else None,
            signs={"ground_mark": "name"} if GROUND_MARK.search(name) else {},
            introduction=cell["관광지소개"],
            as_of=cleaning.day(cell["데이터기준일자"]),
            payload={key: value for key, value in cell.items() if key != "관광지소개"},
        )
