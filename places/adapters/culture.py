"""Seoul's culture venues: the city's list as CSV with fees and closing days, and a plain TSV of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from places.adapters import cleaning
from places.adapters.public_data import korean_public_data, stable_ref, with_refs
from places.adapters.reading import read_table
from places.adapters.source import Feed, SourceAdapter
from places.types import Draft, HoursText, Refusal, Row, SourceTerms

CATEGORIES: Final = {
    "미술관/갤러리": "gallery",
    "박물관/기념관": "museum",
    "공연장": "theatre",
    "도서관": "library",
    "문화예술회관": "theatre",
}
ATTRACTION: Final = re.compile(r"아쿠아리움|테마파크|키즈카페|동물원|체험관|체험장")
ROYAL: Final = re.compile(r"^(?!.*(?:미술관|박물관|극장|공연)).*[가-힣](?:릉|궁)$")
# A venue of no stated kind is what its name ends in; offices and community centres are no stops.
COMMUNITY: Final = re.compile(
    r"구민|청소년|시니어|여성|체육|스포츠|교육|평생|캠퍼스|시민대학|학교|재단|협회|편찬원|청년|미디어"
    r"|생활문화|활력소|힐링|50플러스|스튜디오|컨벤션|빌딩|지원센터|국어원|사랑방|전수|마을예술|문화센터"
    r"|문화회관|기록원|연구|술술센터"
)
BY_NAME: Final = (
    (re.compile(r"갤러리|미술|아트스페이스|아트센터|뮤지엄|디자인플라자|예술공장|창작|gallery|art\b", re.I), "gallery"),
    (re.compile(r"박물관|과학관|기념관|문학관|전시관|역사관|역사문화관|유산|유적|경교장|공원관"), "museum"),
    (re.compile(r"책보고|서점|책방"), "bookstore"),
    (re.compile(r"도서관|라이브러리"), "library"),
    (re.compile(r"(?<!전)시장"), "market"),
    (re.compile(r"타워$|전망대"), "viewpoint"),
    (re.compile(r"공원|광장|[가-힣]섬$|둘레길"), "park"),
    (re.compile(r"한옥마을|궁$|가옥|고택|각$|재$|현$|단$|이화장|보신각"), "heritage"),
    (re.compile(r"극장|아트홀|홀$|시네마|영화"), "theatre"),
    (re.compile(r"체험|공방|새활용"), "activity"),
    (re.compile(r"복합문화|문화공간|문화비축|문화역|탱크"), "gallery"),
)  # fmt: skip


def _category(said: str, name: str) -> str:
    if ATTRACTION.search(name):
        return "activity"
    if ROYAL.search(name):
        return "heritage"
    if said in CATEGORIES:
        return CATEGORIES[said]
    if said == "문화원" or COMMUNITY.search(name):
        return ""
    return next((category for pattern, category in BY_NAME if pattern.search(name)), "")


class CultureVenues(SourceAdapter):
    """The city's list, with hours, fees and closing days in words."""

    files: tuple[str, ...] = ("culture_venues.csv",)
    parser_version: int = 2  # amounts in 만 and 천, and behind ages, are read
    terms: SourceTerms = korean_public_data(
        "culture-venues", "서울시 문화공간 정보", publisher="서울 열린데이터광장"
    )
    as_of: date = date(2024, 12, 1)  # the set names no day; its newest opening is of 2024

    def fetch(self, feed: Feed) -> Iterator[Row | Refusal]:
        yield from with_refs(
            read_table(feed.open(self.files, marks=("문화시설명", "휴관일"))), column="번호"
        )

    def clean(self, row: Row) -> Draft | Refusal:
        cell = {key: cleaning.text(value) for key, value in row.values.items()}
        said = cell["문화시설명"]
        point = cleaning.position(row, "위도", "경도")
        if isinstance(point, Refusal):
            return point
        category = _category(cell["주제분류"], said)
        if not category:
            return Refusal(row.where, "community facility, not a stop", said, expected=True)
        return Draft(
            source=self.terms.slug,
            ref=cell["번호"] or stable_ref(said, cell["주소"]),
            where=row.where,
            name=cleaning.without_closed_mark(said),
            category=category,
            source_class=cell["주제분류"],
            latitude=point[0],
            longitude=point[1],
            address=cell["주소"],
            district=cell["자치구"] or cleaning.district(cell["주소"]),
            hours=HoursText(opening=cell["관람시간"], closing=cell["휴관일"]),
            cost=cleaning.fee(cell["관람료"]),
            introduction=cell["시설소개"],
            is_closed=cleaning.is_closed(said, cell["휴관일"]),
            as_of=self.as_of,
            payload={
                key: value for key, value in cell.items() if key not in ("시설소개", "대표이미지")
            },
        )


class CultureList(SourceAdapter):
    """The plain list: names, kinds and points."""

    files: tuple[str, ...] = ("seoul_culture.tsv",)
    parser_version: int = 2  # amounts in 만 and 천, and behind ages, are read
    terms: SourceTerms = korean_public_data(
        "seoul-culture", "서울시 문화공간 현황", publisher="서울 열린데이터광장"
    )
    as_of: date = date(2024, 12, 1)

    def fetch(self, feed: Feed) -> Iterator[Row | Refusal]:
        decoded = feed.open(self.files, marks=("dong_tokens", "category"))
        yield from read_table(decoded, delimiter="\t")

    def clean(self, row: Row) -> Draft | Refusal:
        cell = {key: cleaning.text(value) for key, value in row.values.items()}
        point = cleaning.position(row, "lat", "lon")
        if isinstance(point, Refusal):
            return point
        category = _category(cell["category"], cell["name"])
        if not category:
            reason = "community facility, not a stop"
            return Refusal(row.where, reason, cell["name"], expected=True)
        return Draft(
            source=self.terms.slug,
            ref=stable_ref(cell["name"], cell["address"]),
            where=row.where,
            name=cleaning.without_closed_mark(cell["name"]),
            category=category,
            source_class=cell["category"],
            latitude=point[0],
            longitude=point[1],
            address=cell["address"],
            district=cell["gu"] or cleaning.district(cell["address"]),
            is_closed=cleaning.is_closed(cell["name"], ""),
            as_of=self.as_of,
            payload=row.values,
        )
