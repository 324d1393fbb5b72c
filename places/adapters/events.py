"""Seoul's culture events: exhibitions, shows and festivals, each there on its days alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from places.adapters import cleaning
from places.adapters.public_data import korean_public_data, stable_ref
from places.adapters.reading import read_table
from places.adapters.source import Feed, SourceAdapter
from places.types import Draft, HoursText, Refusal, Row, SourceTerms

CATEGORIES: Final = {
    "전시/미술": "gallery", "클래식": "theatre", "콘서트": "theatre", "연극": "theatre",
    "영화": "theatre", "국악": "theatre", "뮤지컬/오페라": "theatre", "무용": "theatre",
    "독주/독창회": "theatre",
}  # fmt: skip
FESTIVAL: Final = "축제"
# One signs up for these weeks ahead, or cannot come at all: nobody drops in.
ENROLLED: Final = re.compile(
    r"단체|학급|교육|강좌|아카데미|모집|수강|워크숍|공모|온라인|유튜브|비대면"
)
CODE: Final = re.compile(r"cultcode=(\d+)")
# "[소마미술관] 빠씨를 찾아서": who invites stands before what one is invited to.
HOST: Final = re.compile(r"^\s*[\[［【][^\]］】]*[\]］】]\s*")
PRICE: Final = re.compile(r"(\d[\d,]*)\s*(만\s*)?원")
NAME_LENGTH: Final = 120
DAYS_HIGH: Final = 366 * 3  # longer is no event but a museum's own rooms
PRICE_HIGH: Final = 500_000  # dearer is a slip


class CultureEvents(SourceAdapter):
    """Reads the city's list as it is downloaded."""

    files: tuple[str, ...] = ("events.csv",)
    terms: SourceTerms = replace(
        korean_public_data(
            "culture-events", "서울시 문화행사 정보", publisher="서울 열린데이터광장"
        ),
        grace_syncs=1,
    )

    def fetch(self, feed: Feed) -> Iterator[Row | Refusal]:
        for row in read_table(feed.open(self.files, marks=("공연/행사명", "시작일"))):
            if isinstance(row, Row):
                code = CODE.search(str(row.values.get("문화포털상세URL", "")))
                yield replace(row, ref=code[1] if code else "")
            else:
                yield row

    def clean(self, row: Row) -> Draft | Refusal:
        cell = {key: cleaning.text(value) for key, value in row.values.items()}
        said, venue = cell["공연/행사명"], cell["장소"]
        first, last = cleaning.day(cell["시작일"]), cleaning.day(cell["종료일"])
        if first is None or last is None:
            return Refusal(row.where, "no days", said)
        if not 0 <= (last - first).days <= DAYS_HIGH:
            return Refusal(row.where, "not the days of an event", f"{said}: {first}–{last}")
        point = cleaning.position(row, "위도(Y좌표)", "경도(X좌표)")
        if isinstance(point, Refusal):
            return point
        category = _category(cell["분류"])
        if not category or ENROLLED.search(f"{said} {cell['이용대상']} {venue}"):
            return Refusal(row.where, "nobody drops in", said, expected=True)
        return Draft(
            source=self.terms.slug,
            ref=row.ref or stable_ref(said, venue, first.isoformat()),
            where=row.where,
            name=_name(said),
            category=category,
            source_class=cell["분류"],
            latitude=point[0],
            longitude=point[1],
            # No address: the venue's name is none, and stands in the description.
            district=cell["자치구"],
            hours=HoursText(opening=cell.get("행사시간", "")),
            cost=_cost(cell["이용요금"], is_free=cell["유무료"] == "무료"),
            signs={"venue": venue} if venue else {},
            as_of=cleaning.day(cell["신청일"]),
            valid_from=first,
            valid_until=last,
            payload={
                name: value
                for name, value in cell.items()
                if name not in ("프로그램소개", "기타내용", "출연자정보")
            },
        )


def _category(said: str) -> str:
    return "activity" if said.startswith(FESTIVAL) else CATEGORIES.get(said, "")


def _name(said: str) -> str:
    """Return the title without the host before it, cut where it is a whole programme."""
    return (HOST.sub("", said) or said)[:NAME_LENGTH].strip()


def _cost(said: str, *, is_free: bool) -> tuple[int, int] | None:
    """Return the cheapest and the dearest ticket; None where the list does not say."""
    prices = [
        int(amount.replace(",", "")) * (10_000 if by_ten_thousand else 1)
        for amount, by_ten_thousand in PRICE.findall(said)
    ]
    prices = [price for price in prices if 0 < price <= PRICE_HIGH]
    if is_free and not prices:
        return 0, 0
    return (min(prices), max(prices)) if prices else None
