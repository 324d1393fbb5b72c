"""Good-price shops: the city's list with one real menu price each, and hours matched by name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from places.adapters import cleaning
from places.adapters.files import open_text
from places.adapters.public_data import korean_public_data
from places.adapters.reading import read_records, read_table
from places.adapters.source import Feed, SourceAdapter
from places.types import Draft, HoursText, Refusal, Row, SourceTerms

FOOD: Final = re.compile(r"^한식|^중식|^일식|양식|분식")
COFFEE: Final = re.compile(r"커피|아메리카노|라떼|에스프레소|녹차|전통차")
SWEET: Final = re.compile(
    r"빵|도넛|도너츠|꽈배기|와플|케이크|마카롱|쿠키|빙수|단팥|소보루|슈크림|글레이즈|인절미"
)
STUDY: Final = re.compile(r"스터디|독서실|PC방|피씨방|시간$")
OPENING: Final = re.compile(
    r"영업\s*시간\s*:?\s*(.*?)\s*(?=좌석|휴무|휴일|배달|예약|카드|주차|기타|홈페이지|취급|[(○*]|$)"
)
CLOSING: Final = re.compile(
    r"(?:휴무일?|휴일)\s*:?\s*(.*?)\s*(?=배달|예약|카드|주차|기타|홈페이지|취급|좌석|[)○*]|$)"
)
PARKING: Final = re.compile(r"주차\s*:?\s*가능")
PLAUSIBLE: Final = (500, 100_000)  # of one dish, won


class GoodPriceShops(SourceAdapter):
    """Keeps what is eaten and drunk; hairdressers and laundries stay out."""

    files: tuple[str, ...] = ("good_price_shops.json", "good_price_hours_cp949.csv")
    terms: SourceTerms = korean_public_data(
        "good-price", "서울시 착한가격업소 현황", publisher="서울 열린데이터광장"
    )
    as_of: date = date(2024, 10, 1)

    def fetch(self, feed: Feed) -> Iterator[Row | Refusal]:
        shops = feed.open(self.files, marks=('"menu"',))
        hours: dict[str, list[Row]] = {}
        beside = feed.find(self.files, self.files[1])
        if beside is not None:
            for row in read_table(open_text(beside, marks=("업소명", "업소정보"))):
                if isinstance(row, Refusal):
                    yield Refusal(f"hours {row.where}", row.reason, row.text)
                else:
                    hours.setdefault(_key(row.values["업소명"]), []).append(row)
        for row in read_records(shops):
            if isinstance(row, Refusal):
                yield row
            else:
                matching = _matching(hours.get(_key(row.values.get("name")), []), row)
                ref = cleaning.text(row.values.get("id"))
                yield Row(row.where, {**row.values, **matching}, ref=ref)

    def clean(self, row: Row) -> Draft | Refusal:
        name = cleaning.text(row.values.get("name"))
        point = cleaning.position(row, "latitude", "longitude")
        if isinstance(point, Refusal):
            return point
        kind, menu = (
            cleaning.text(row.values.get("category")),
            cleaning.text(row.values.get("menu")),
        )
        category = _category(kind, menu, name)
        if not category or not cleaning.is_name(name):
            return Refusal(row.where, "not a trip stop", f"{name} ({kind})", expected=True)
        price = cleaning.number(row.values.get("price"))
        address = cleaning.text(row.values.get("address"))
        info = cleaning.text(row.values.get("업소정보"))
        return Draft(
            source=self.terms.slug,
            ref=str(row.values.get("id") or row.where),
            where=row.where,
            name=name,
            category=category,
            source_class=kind,
            latitude=point[0],
            longitude=point[1],
            address=address,
            district=cleaning.district(address),
            hours=_hours(info),
            cost=_cost(price),
            indoor=True,
            parking=True if PARKING.search(info) else None,
            signs={"menu": f"{menu} {price:,.0f}원"} if menu and price else {},
            as_of=self.as_of,
            payload=row.values,
        )


def _key(name: object) -> str:
    return re.sub(r"[\s()·,.&-]", "", cleaning.text(name)).casefold()


def _matching(rows: list[Row], shop: Row) -> dict[str, object]:
    """Return the hours of the one shop of this name; of several, of the one on the same street."""
    road = cleaning.road_address(cleaning.text(shop.values.get("address")))
    same = [
        row for row in rows if road and cleaning.road_address(str(row.values["업소 주소"])) == road
    ]
    chosen = same or (rows if len(rows) == 1 else [])
    return {"업소정보": chosen[0].values["업소정보"]} if chosen else {}


def _category(kind: str, menu: str, name: str) -> str:
    if STUDY.search(name) or STUDY.search(menu):
        return ""
    if COFFEE.search(menu):
        return "cafe"
    if SWEET.search(menu):
        return "dessert"
    return "restaurant" if FOOD.search(kind) else ""


def _hours(info: str) -> HoursText:
    opening, closing = OPENING.search(info), CLOSING.search(info)
    said = (
        opening[1]
        if opening
        else ("" if "휴무" in info[:6] else info.split("휴무", maxsplit=1)[0].strip(" :"))
    )
    return HoursText(opening=said.strip(" ,."), closing=closing[1].strip(" ,.") if closing else "")


def _cost(price: float | None) -> tuple[int, int] | None:
    if price is None or not PLAUSIBLE[0] <= price <= PLAUSIBLE[1]:
        return None
    return int(price), int(price)
