"""
Seoul's culture events: exhibitions, shows and festivals, each there on its days alone.

They come as the city's file, or from its open API with a key; one event has one reference in both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote

from django.conf import settings

from common.http import HttpFailed
from places.adapters import cleaning
from places.adapters.asking import Asker
from places.adapters.prices import amounts
from places.adapters.public_data import korean_public_data, stable_ref
from places.adapters.reading import read_table
from places.adapters.source import Feed, SourceAbsent, SourceAdapter
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
API_TEXTS: Final = ("PROGRAM", "ETC_DESC", "PLAYER", "MAIN_IMG")  # long, and theirs
NAME_LENGTH: Final = 120
DAYS_HIGH: Final = 366 * 3  # longer is no event but a museum's own rooms
PRICE_HIGH: Final = 500_000  # dearer is a slip


# What the API calls the columns of the file.
API_NAMES: Final = {
    "CODENAME": "분류", "GUNAME": "자치구", "TITLE": "공연/행사명", "PLACE": "장소",
    "USE_TRGT": "이용대상", "USE_FEE": "이용요금", "PRO_TIME": "행사시간", "RGSTDATE": "신청일",
    "STRTDATE": "시작일", "END_DATE": "종료일", "IS_FREE": "유무료", "HMPG_ADDR": "문화포털상세URL",
}  # fmt: skip
SERVICE: Final = "culturalEventInfo"
PAGE_ROWS: Final = 200  # their texts are long
FINE: Final = "INFO-000"
NOTHING: Final = "INFO-200"
KEY_REFUSED: Final = ("INFO-100", "INFO-300")


class CultureEvents(SourceAdapter):
    """Reads the city's list as it is downloaded; without a file it asks, with `SEOUL_CITY_DATA_KEY`."""

    files: tuple[str, ...] = ("events.csv",)
    parser_version: int = 2  # amounts in 만 and 천, and behind ages, are read
    terms: SourceTerms = replace(
        korean_public_data(
            "culture-events", "서울시 문화행사 정보", publisher="서울 열린데이터광장"
        ),
        rate_per_s=2.0,
    )

    def fetch(self, feed: Feed) -> Iterator[Row | Refusal]:
        if feed.file is None and feed.folder is None:
            yield from self._ask(feed)
            return
        for row in read_table(feed.open(self.files, marks=("공연/행사명", "시작일"))):
            yield replace(row, ref=_ref(row.values)) if isinstance(row, Row) else row

    def _ask(self, feed: Feed) -> Iterator[Row | Refusal]:
        if not (settings.SEOUL_CITY_DATA_URL and settings.SEOUL_CITY_DATA_KEY):
            raise SourceAbsent("SEOUL_CITY_DATA_URL and _KEY are not set: the source is off.")
        if feed.city != "seoul":
            raise SourceAbsent("The city of Seoul lists its own events alone.")
        asker = Asker(
            http=feed.http,
            name="서울 열린데이터광장",
            rate_per_s=self.terms.rate_per_s,
            sleep=feed.sleep,
        )
        base = f"{settings.SEOUL_CITY_DATA_URL.rstrip('/')}/{quote(settings.SEOUL_CITY_DATA_KEY)}"
        first = (feed.cursor or {}).get("first", 1)
        while True:
            last = first + PAGE_ROWS - 1
            said, _ = asker.get_json(f"{base}/json/{SERVICE}/{first}/{last}/")
            rows, total = _read(said)
            for number, one in enumerate(rows, start=first):
                where = f"record {number}"
                if isinstance(one, dict):
                    yield Row(where, one, ref=_ref(one), cursor={"first": number + 1})
                else:
                    yield Refusal(where, "not an object", str(one)[:80])
            if last >= total or not rows:
                return
            first = last + 1

    def clean(self, row: Row) -> Draft | Refusal:
        cell = _cells(row)
        said, venue = cell["공연/행사명"], cell["장소"]
        first, last = cleaning.day(cell["시작일"]), cleaning.day(cell["종료일"])
        if first is None or last is None:
            return Refusal(row.where, "no days", said)
        if not 0 <= (last - first).days <= DAYS_HIGH:
            return Refusal(row.where, "not the days of an event", f"{said}: {first}–{last}")
        point = cleaning.position(Row(row.where, cell), "위도(Y좌표)", "경도(X좌표)")
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
                if name not in ("프로그램소개", "기타내용", "출연자정보", *API_TEXTS)
            },
        )


def _ref(values: Mapping[str, Any]) -> str:
    """Return the number of the event on the city's pages; "" where it has none."""
    found = CODE.search(str(values.get("문화포털상세URL") or values.get("HMPG_ADDR") or ""))
    return found[1] if found else ""


def _cells(row: Row) -> dict[str, str]:
    """Return the cells by the names that the file gives them."""
    cell = {API_NAMES.get(key, key): cleaning.text(value) for key, value in row.values.items()}
    if "LAT" in cell:
        # The API mistakes the two for each other, in some years: in Korea the greater is east.
        numbers = sorted((cell.pop("LAT"), cell.pop("LOT", "")), key=_degrees)
        cell["위도(Y좌표)"], cell["경도(X좌표)"] = numbers
    return cell


def _degrees(said: str) -> float:
    return cleaning.number(said) or 0.0


def _read(said: Any) -> tuple[list[Any], int]:
    """
    Return the rows of an answer, and how many there are in all.

    Raises:
        SourceAbsent: the key is not taken.
        HttpFailed: it is none for now.
    """
    page = said.get(SERVICE, said) if isinstance(said, dict) else {}
    result = page.get("RESULT") if isinstance(page, dict) else None
    code = str(result.get("CODE", "")) if isinstance(result, dict) else ""
    if code == NOTHING:
        return [], 0
    if code in KEY_REFUSED:
        raise SourceAbsent(f"The city of Seoul does not take the key ({code}).")
    if code != FINE:
        raise HttpFailed(f"result_{code[:12]}" if code else "wrong_shape")
    rows, total = page.get("row"), page.get("list_total_count")
    if not isinstance(rows, list) or not isinstance(total, int):
        raise HttpFailed("wrong_shape")
    return rows, total


def _category(said: str) -> str:
    return "activity" if said.startswith(FESTIVAL) else CATEGORIES.get(said, "")


def _name(said: str) -> str:
    """Return the title without the host before it, cut where it is a whole programme."""
    return (HOST.sub("", said) or said)[:NAME_LENGTH].strip()


def _cost(said: str, *, is_free: bool) -> tuple[int, int] | None:
    """Return the cheapest and the dearest ticket; None where the list does not say."""
    tickets = [one.won for one in amounts(said) if one.is_said and 0 < one.won <= PRICE_HIGH]
    if is_free and not tickets:
        return 0, 0
    return (min(tickets), max(tickets)) if tickets else None
