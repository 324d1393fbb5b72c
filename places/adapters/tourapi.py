"""TourAPI of the Korea Tourism Organization: lists kept as JSON files, or the live service with a key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode
from xml.etree.ElementTree import ParseError
from zoneinfo import ZoneInfo

import orjson
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.conf import settings

from common.http import HttpFailed
from places.adapters import cleaning
from places.adapters.asking import Asker
from places.adapters.files import open_text
from places.adapters.reading import read_records
from places.adapters.source import Feed, SourceAbsent, SourceAdapter
from places.types import Draft, Refusal, Row, SourceTerms

PAGE_ROWS: Final = 500
CONTENT_TYPES: Final = (12, 14, 28, 38, 39)  # sights, culture, leisure, shopping, food
REGIONS: Final = {
    "seoul": "11", "busan": "26", "daegu": "27", "incheon": "28", "gwangju": "29",
    "daejeon": "30", "ulsan": "31", "sejong": "36", "jeju": "50",
}  # fmt: skip
SEOUL: Final = ZoneInfo("Asia/Seoul")
# What the service answers instead of places, mostly with status 200.
FINE: Final = ("0000", "00")
NOTHING: Final = ("03", "0003")
KEY_REFUSED: Final = ("20", "30", "31", "32", "33")
QUOTA_SPENT: Final = ("22", "0022")
# Ours by the service's newer classes, the longest that fits; "" for what is no stop.
CLASSES: Final = {
    "FD": "restaurant", "FD04": "bar", "FD05": "cafe",
    "SH": "shop", "SH01": "", "SH02": "", "SH03": "", "SH04": "", "SH06": "market",
    "VE01": "viewpoint", "VE02": "activity", "VE03": "park", "VE04": "", "VE05": "",
    "VE06": "theatre", "VE07": "museum", "VE0705": "gallery", "VE0706": "gallery",
    "VE0903": "library",
    "HS": "heritage", "NA": "park", "LS": "activity", "LS0119": "park",
    "EX01": "activity", "EX02": "activity", "EX06": "activity", "EX07": "activity",
}  # fmt: skip
CLASS_LENGTHS: Final = (6, 4, 2)
# By the older classes, for records that have no newer one yet.
OLD_CLASSES: Final = {
    "A0502": "restaurant", "A05020900": "cafe", "A05021000": "bar", "A0206": "museum",
    "A02060500": "gallery", "A02060900": "library", "A02060600": "theatre", "A0201": "heritage",
    "A0202": "park", "A0203": "activity", "A0101": "park", "A04010600": "", "A0401": "shop",
    "A04010100": "market", "A04010200": "market",
}  # fmt: skip
OLD_CLASS_LENGTHS: Final = (9, 5)
BOOKS: Final = re.compile(r"책방|서점|문고|북스|\bbook", re.I)
TRAIL: Final = re.compile(r"둘레길|자락길|숲길|올레|산책로|순성길|한양도성")
# "진관사(서울)": which of its namesakes it is, not a part of its name.
NAMESAKE: Final = re.compile(r"\s*\((?:서울|부산|대구|인천|광주|대전|울산|제주)\)$")


class TourApi(SourceAdapter):
    """Reads `tourapi/*.json` of a folder; without files it asks the service, with `TOURAPI_KEY`."""

    files: tuple[str, ...] = (
        "tourapi/sights.json", "tourapi/culture.json", "tourapi/leisure.json",
        "tourapi/shopping.json", "tourapi/food.json",
    )  # fmt: skip
    terms: SourceTerms = SourceTerms(
        slug="tourapi",
        name="한국관광공사 국문 관광정보 서비스",
        kind="public_data",
        licence="KOGL type 1 or 3, by record",
        attribution="한국관광공사 TourAPI",
        terms="https://www.kogl.or.kr/info/license.do",
        may_ship=False,  # type 3 allows no change, and merging is one
        rate_per_s=5.0,
        grace_syncs=2,
    )

    def is_found(self, feed: Feed) -> bool:
        return any(feed.find(self.files, name) is not None for name in self.files)

    def fetch(self, feed: Feed) -> Iterator[Row | Refusal]:
        if feed.file is None and feed.folder is None:
            yield from self._ask(feed)
            return
        paths = [path for name in self.files if (path := feed.find(self.files, name)) is not None]
        if not paths:
            raise SourceAbsent(f"{self.files[0]} is not there.")
        for path in paths:
            for row in read_records(open_text(path, marks=('"contentid"',)), key="items"):
                where = f"{path.name}, {row.where}"
                if isinstance(row, Row):
                    yield Row(where, row.values, ref=cleaning.text(row.values.get("contentid")))
                else:
                    yield Refusal(where, row.reason, row.text, ends_early=row.ends_early)

    def _ask(self, feed: Feed) -> Iterator[Row | Refusal]:
        if not settings.TOURAPI_KEY:
            raise SourceAbsent("TOURAPI_KEY is not set: the source is off.")
        region = REGIONS.get(feed.city)
        if region is None:
            raise SourceAbsent(f"TourAPI knows no region for {feed.city}.")
        asker = Asker(
            http=feed.http, name="TourAPI", rate_per_s=self.terms.rate_per_s, sleep=feed.sleep
        )
        begin = feed.cursor or {}
        for at, question in enumerate(_questions(feed)):
            if at < begin.get("question", 0):
                continue
            page = begin.get("page", 1) if at == begin.get("question", 0) else 1
            yield from _pages(asker, {**question, "lDongRegnCd": region}, at, page)

    def clean(self, row: Row) -> Draft | Refusal:
        said = {key: cleaning.text(value) for key, value in row.values.items()}
        name = NAMESAKE.sub("", said["title"])
        name, aside = cleaning.split_name(name)
        if not cleaning.is_name(name):
            return Refusal(row.where, "unnamed", said["title"])
        category, source_class = _class(said, name)
        if not category:
            return Refusal(row.where, "not a trip stop", f"{name}: {source_class}", expected=True)
        point = cleaning.position(row, "mapy", "mapx")
        if isinstance(point, Refusal):
            return point
        address = said["addr1"]
        return Draft(
            source=self.terms.slug,
            ref=row.ref or said["contentid"],
            where=row.where,
            name=name,
            name_en=aside,
            category=category,
            source_class=source_class,
            latitude=point[0],
            longitude=point[1],
            address=address,
            district=cleaning.district(address),
            is_closed=said.get("showflag") == "0",
            as_of=cleaning.day(said["modifiedtime"][:8]),
            payload={key: value for key, value in said.items() if value},
        )


def _class(said: Mapping[str, str], name: str) -> tuple[str, str]:
    """Return our category and the source's class."""
    new, old = said.get("lclsSystm3", ""), said.get("cat3", "")
    table, said_class, lengths = (
        (CLASSES, new, CLASS_LENGTHS) if new else (OLD_CLASSES, old, OLD_CLASS_LENGTHS)
    )
    words = (said_class[:length] for length in lengths)
    found = next((table[word] for word in words if word in table), "")
    if found == "shop" and BOOKS.search(name):
        found = "bookstore"
    if found == "activity" and TRAIL.search(name):
        found = "park"
    return found, new or old


def _questions(feed: Feed) -> list[dict[str, str]]:
    """Return what is asked, each page by page: all of a kind, or what changed on each day."""
    if feed.since is None:
        return [{"path": "areaBasedList2", "contentTypeId": str(one)} for one in CONTENT_TYPES]
    first = feed.since.astimezone(SEOUL).date()
    last = (feed.until or feed.since).astimezone(SEOUL).date()
    days = [first + timedelta(days=at) for at in range((last - first).days + 1)]
    return [{"path": "areaBasedSyncList2", "modifiedtime": f"{day:%Y%m%d}"} for day in days]


def _pages(asker: Asker, question: dict[str, str], at: int, page: int) -> Iterator[Row | Refusal]:
    path = question.pop("path")
    while True:
        query = {
            "serviceKey": settings.TOURAPI_KEY, "MobileOS": "ETC", "MobileApp": "dongne",
            "_type": "json", "arrange": "A", "numOfRows": str(PAGE_ROWS), "pageNo": str(page),
            **question,
        }  # fmt: skip
        items, total = _read(asker.get(f"{settings.TOURAPI_URL.rstrip('/')}/{path}?{urlencode(query)}").body)  # fmt: skip
        is_last = not items or page * PAGE_ROWS >= total
        for number, item in enumerate(items, start=1):
            where = f"{path} {at + 1}, page {page}, record {number}"
            is_end = number == len(items)
            cursor = {"question": at + is_last, "page": 1 if is_last else page + 1} if is_end else {"question": at, "page": page}  # fmt: skip
            if isinstance(item, dict):
                yield Row(where, item, ref=cleaning.text(item.get("contentid")), cursor=cursor)
            else:
                yield Refusal(where, "not an object", str(item)[:80])
        if is_last:
            return
        page += 1


def _read(body: bytes) -> tuple[list[Any], int]:
    """
    Return the records of a page, and how many there are in all.

    Raises:
        HttpFailed: it is no page of records.
        SourceAbsent: the key is not taken.
    """
    if body.lstrip().startswith(b"<"):
        _raise(*_read_xml_fault(body))
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise HttpFailed("not_json") from None
    said = said if isinstance(said, dict) else {}
    response = said.get("response")
    response = response if isinstance(response, dict) else {"header": said}
    header = response.get("header") or {}
    code = str(header.get("resultCode", ""))
    if code in NOTHING:
        return [], 0
    if code not in FINE:
        _raise(code, str(header.get("resultMsg", "")))
    try:
        page = response["body"]
        items = page["items"]["item"] if page["items"] else []
        return items if isinstance(items, list) else [items], int(page["totalCount"])
    except (KeyError, TypeError, ValueError):
        raise HttpFailed("wrong_shape") from None


def _read_xml_fault(body: bytes) -> tuple[str, str]:
    try:
        root = fromstring(body)
    except (ParseError, DefusedXmlException, ValueError):
        return "", "no JSON"
    code = root.findtext(".//returnReasonCode") or root.findtext(".//resultCode") or ""
    return code, root.findtext(".//returnAuthMsg") or root.findtext(".//resultMsg") or ""


def _raise(code: str, message: str) -> None:
    if code in KEY_REFUSED:
        raise SourceAbsent(f"TourAPI does not take the key ({code} {message[:80]}).")
    if code in QUOTA_SPENT:
        raise HttpFailed("quota_of_today_spent")
    raise HttpFailed(f"result_{code[:8]}" if code else "not_json")
