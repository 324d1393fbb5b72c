"""
Visit Seoul's attractions: hours, closing days and hashtags in five languages, but no coordinates.

An attraction is placed where a source that has coordinates places its very street address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from places.adapters import cleaning
from places.adapters.culture import CultureVenues
from places.adapters.libraries import Libraries
from places.adapters.markets import Markets
from places.adapters.museums import Museums
from places.adapters.reading import read_table
from places.adapters.source import Feed, SourceAbsent, SourceAdapter
from places.adapters.tourapi import TourApi
from places.adapters.tourist_sites import TouristSites
from places.types import Draft, HoursText, Refusal, Row, SourceTerms

KOREAN, ENGLISH = "ko", "en"
# "…/KOPkr613y?utm_source=…": one attraction has one code in all languages, where it is no mere number.
CODE: Final = re.compile(r"/[A-Z]{2}P([0-9a-z]+)(?:\?|$)")
POSTCODE: Final = re.compile(r"^\s*(?:\d{5}|\d{3}-\d{3})\s+")
UNSAID: Final = ("없음", "-")
# Whose addresses and points are the city's or the state's own.
PLACERS: Final[tuple[SourceAdapter, ...]] = (
    CultureVenues(), Museums(), Libraries(), TouristSites(), Markets(), TourApi(),
)  # fmt: skip
# What an attraction is stands nowhere: its name tells, else its hashtags do.
KINDS: Final = (
    ("gallery", re.compile(r"미술관|갤러리|화랑|아트센터|뮤지엄")),
    ("museum", re.compile(r"박물관|기념관|전시관|역사관|문학관|과학관|체험관")),
    ("library", re.compile(r"도서관")),
    ("bookstore", re.compile(r"서점|책방|문고|책보고")),
    ("theatre", re.compile(r"극장|공연장|아트홀|콘서트홀|시네마|영화관")),
    ("market", re.compile(r"시장(?!실)")),
    ("viewpoint", re.compile(r"전망대|타워$|스카이$")),
    ("heritage", re.compile(r"[가-힣]궁$|사찰|^[가-힣]{1,2}사$|성당|교회|향교|서원|한옥|고택|가옥|문화재|유적|사적|왕릉|[가-힣]릉$")),
    ("park", re.compile(r"공원|숲|둘레길|산책로|식물원|정원|수목원|생태")),
    ("cafe", re.compile(r"카페|커피|찻집|다방")),
    ("activity", re.compile(r"공방|체험|테마파크|아쿠아리움|놀이공원|동물원")),
    ("shop", re.compile(r"소품|편집숍|편집샵|기념품|오래가게")),
)  # fmt: skip

# Hashtags name the neighbours too: none but the plain word for a kind is believed.
TAGS: Final = {
    "미술관": "gallery", "갤러리": "gallery", "박물관": "museum", "기념관": "museum",
    "도서관": "library", "서점": "bookstore", "책방": "bookstore", "공연장": "theatre",
    "극장": "theatre", "전통시장": "market", "전망대": "viewpoint", "고궁": "heritage",
    "사찰": "heritage", "유적지": "heritage", "문화재": "heritage", "공원": "park",
    "카페": "cafe", "공방": "activity", "편집숍": "shop", "소품샵": "shop",
}  # fmt: skip


class VisitSeoul(SourceAdapter):
    """Reads the list of attractions, and the lists beside it that know where an address is."""

    files: tuple[str, ...] = ("visitseoul_attractions.csv",)
    terms: SourceTerms = SourceTerms(
        slug="visit-seoul",
        name="비짓서울 관광명소",
        kind="public_data",
        licence="as Visit Seoul allows; none stated for passing on",
        attribution="비짓서울 (visitseoul.net)",
        may_ship=False,
    )

    def fetch(self, feed: Feed) -> Iterator[Row | Refusal]:
        text = feed.open(self.files, marks=("상호명", "신주소"))
        english = {
            code: cleaning.text(row.values["상호명"])
            for row in read_table(text)
            if isinstance(row, Row) and row.values["언어"] == ENGLISH and (code := _code(row))
        }
        book = _address_book(feed)
        for row in read_table(text):
            if isinstance(row, Refusal):
                yield row
            elif row.values["언어"] == KOREAN:
                at = book.get(_key(_address(row.values)))
                values = {**row.values, "영어": english.get(_code(row), ""), "곳": at}
                yield Row(row.where, values, ref=cleaning.text(row.values["고유번호"]))

    def clean(self, row: Row) -> Draft | Refusal:
        cell = {key: cleaning.text(value) for key, value in row.values.items() if key != "곳"}
        name, aside = cleaning.split_name(cell["상호명"])
        if not cleaning.is_name(name):
            return Refusal(row.where, "unnamed", name)
        tags = [tag.strip() for tag in cell["태그"].split(",")]
        kind = _kind(name) or next((TAGS[tag] for tag in tags if tag in TAGS), "")
        if not kind:
            return Refusal(row.where, "what it is stands nowhere", name, expected=True)
        address = _address(cell)
        at = row.values["곳"]
        if not at:
            return Refusal(row.where, "no coordinates", f"{name}: {address}", expected=True)
        closing = "" if cell["휴무일"] in UNSAID else cell["휴무일"]
        return Draft(
            source=self.terms.slug,
            ref=row.ref,
            where=row.where,
            name=name,
            name_en=cell["영어"] or aside,
            category=kind,
            source_class="",
            latitude=at["lat"],
            longitude=at["lon"],
            address=address,
            district=cleaning.district(address),
            hours=HoursText(opening=cell["운영시간"], closing=closing),
            wheelchair=True if "접근가능" in cell["장애인편의시설"] else None,
            payload={**cell, "곳": at},
        )


def _code(row: Row) -> str:
    """Return what the attraction is called in all languages; "" for a number, which differs."""
    found = CODE.search(str(row.values["콘텐츠URL"]))
    return found[1] if found and not found[1].isdigit() else ""


def _address(cell: Mapping[str, object]) -> str:
    said = cleaning.text(cell["신주소"]) or cleaning.text(cell["주소"])
    return POSTCODE.sub("", said)


def _key(address: str) -> str:
    road = cleaning.road_address(address)
    return f"{cleaning.district(address)} {road}" if road else ""


def _address_book(feed: Feed) -> dict[str, dict[str, object]]:
    """Return where each street address lies, by the first source that says so."""
    book: dict[str, dict[str, object]] = {}
    beside = Feed(city=feed.city, folder=feed.folder or (feed.file.parent if feed.file else None))
    for placer in PLACERS:
        if not placer.is_found(beside):
            continue
        for row in placer.fetch(beside):
            found = _placed(placer, row)
            if found is not None and (key := _key(found.address)):
                at = {"lat": found.latitude, "lon": found.longitude, "by": found.key}
                book.setdefault(key, at)
    if not book:
        raise SourceAbsent("No list lies beside it that says where an address is.")
    return book


def _placed(placer: SourceAdapter, row: Row | Refusal) -> Draft | None:
    if isinstance(row, Refusal):
        return None
    try:
        draft = placer.clean(row)
    except (KeyError, ValueError, TypeError):  # of its own file, and told there
        return None
    return draft if isinstance(draft, Draft) else None


def _kind(said: str) -> str:
    return next((category for category, pattern in KINDS if pattern.search(said)), "")
