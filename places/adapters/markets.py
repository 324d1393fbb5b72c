"""The national standard data set of traditional markets, CP949."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from places.adapters import cleaning
from places.adapters.public_data import korean_public_data, stable_ref
from places.adapters.reading import read_table
from places.adapters.source import Feed, SourceAdapter
from places.types import Draft, HoursText, Refusal, Row, SourceTerms

FOOD_MARKET: Final = "food_market"  # one can eat there: the list of its goods names eateries
GOODS_MARKET: Final = "goods_market"
HOUSE: Final = re.compile(r"상가|타운|몰$|프라자|플라자|포스트|쇼핑")


class Markets(SourceAdapter):
    files: tuple[str, ...] = ("markets_standard.csv",)
    terms: SourceTerms = korean_public_data("markets-standard", "전국전통시장표준데이터")

    def fetch(self, feed: Feed) -> Iterator[Row | Refusal]:
        yield from read_table(feed.open(self.files, marks=("시장명", "시장유형")))

    def clean(self, row: Row) -> Draft | Refusal:
        cell = {key: cleaning.text(value) for key, value in row.values.items()}
        point = cleaning.position(row, "위도", "경도")
        if isinstance(point, Refusal):
            return point
        if not cleaning.is_name(cell["시장명"]):
            return Refusal(row.where, "unnamed")
        address = cell["소재지도로명주소"] or cell["소재지지번주소"]
        stalls = cleaning.number(cell["점포수"])
        signs = {"stalls": f"{stalls:.0f}"} if stalls else {}
        # A building of wholesale shops is called one; a street market is not.
        if HOUSE.search(cell["시장명"]):
            signs["market_house"] = "name"
        goods = cell["취급품목"]
        if goods:
            signs["goods"] = goods.replace("+", ", ")
        return Draft(
            source=self.terms.slug,
            ref=stable_ref(cell["시장명"], address),
            where=row.where,
            name=cell["시장명"],
            category="market",
            source_class=FOOD_MARKET if "음식점" in goods else GOODS_MARKET,
            latitude=point[0],
            longitude=point[1],
            address=address,
            district=cleaning.district(address, cell["소재지지번주소"]),
            # "매일" says on which days there is a market, not from when to when.
            hours=HoursText(),
            parking={"Y": True, "N": False}.get(cell["주차장보유여부"]),
            signs=signs,
            as_of=cleaning.day(cell["데이터기준일자"]),
            payload=row.values,
        )
