"""Naver's search: the five best places for each neighbourhood and kind of stop, and what blogs write of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings

from common.http import HttpFailed
from places.adapters import cleaning
from places.adapters.asking import Asker
from places.adapters.blogs import MENTION, TITLE_LENGTH
from places.adapters.public_data import stable_ref
from places.adapters.source import Feed, SourceAbsent, SourceAdapter
from places.types import Draft, Refusal, Row, SourceTerms

PAGE_ROWS: Final = 5  # the service gives no more, and no second page
# What is searched for in each area: the words that people use, in the service's own spelling.
KINDS: Final = (
    "카페", "디저트", "맛집", "술집", "박물관", "미술관", "서점", "소품샵", "공방", "전시", "전망대", "시장",
)  # fmt: skip
# By the service's classes ("카페,디저트>카페"), the first part that is known.
CLASSES: Final = (
    ("베이커리", "dessert"), ("디저트", "dessert"), ("아이스크림", "dessert"), ("떡", "dessert"),
    ("카페", "cafe"), ("술집", "bar"), ("바(BAR)", "bar"), ("와인", "bar"), ("클럽", "club"),
    ("박물관", "museum"), ("기념관", "museum"), ("미술관", "gallery"), ("갤러리", "gallery"),
    ("전시", "gallery"), ("서점", "bookstore"), ("도서관", "library"), ("공연장", "theatre"),
    ("극장", "theatre"), ("영화관", "theatre"), ("전망대", "viewpoint"), ("공원", "park"),
    ("시장", "market"), ("궁", "heritage"), ("유적", "heritage"), ("사찰", "heritage"),
    ("공방", "activity"), ("체험", "activity"), ("테마파크", "activity"), ("방탈출", "activity"),
    ("소품", "shop"), ("선물", "shop"), ("문구", "shop"), ("음반", "shop"),
    ("음식점", "restaurant"), ("한식", "restaurant"), ("중식", "restaurant"), ("일식", "restaurant"),
    ("양식", "restaurant"), ("분식", "restaurant"),
)  # fmt: skip
POSTS: Final = 100  # of one page
START_HIGH: Final = 1_000  # the service goes no deeper
DEGREES: Final = 1e-7  # the service writes degrees without their point


class NaverLocal(SourceAdapter):
    """Asks with `NAVER_CLIENT_ID` and `NAVER_CLIENT_SECRET`; `cursor` counts the questions."""

    terms: SourceTerms = SourceTerms(
        slug="naver-local",
        name="네이버 지역 검색",
        kind="commercial",
        licence="NAVER API 이용약관",
        attribution="NAVER",
        terms="https://developers.naver.com/products/terms/",
        may_ship=False,
        rate_per_s=5.0,
        every_min=7 * 24 * 60,
    )
    lists_all: bool = False  # what is not among the five best is not gone
    has_windows: bool = False

    def fetch(self, feed: Feed) -> Iterator[Row | Refusal]:
        asker = _asker(feed, self.terms)
        questions = [f"{area} {kind}" for area in _areas(feed) for kind in KINDS]
        for at, question in enumerate(questions):
            if at >= (feed.cursor or {}).get("question", 0):
                yield from _ask(asker, question, at)

    def clean(self, row: Row) -> Draft | Refusal:
        said = row.values
        name, aside = cleaning.split_name(cleaning.text(said["title"]))
        if not cleaning.is_name(name):
            return Refusal(row.where, "unnamed", name)
        source_class = cleaning.text(said["category"])
        category = _category(source_class)
        if not category:
            return Refusal(row.where, "not a trip stop", f"{name}: {source_class}", expected=True)
        x, y = cleaning.number(said["mapx"]), cleaning.number(said["mapy"])
        at = {"x": None if x is None else x * DEGREES, "y": None if y is None else y * DEGREES}
        point = cleaning.position(Row(row.where, at), "y", "x")
        if isinstance(point, Refusal):
            return point
        address = cleaning.text(said.get("roadAddress") or said.get("address"))
        return Draft(
            source=self.terms.slug,
            ref=row.ref,
            where=row.where,
            name=name,
            name_en=aside,
            category=category,
            source_class=source_class,
            latitude=round(point[0], 7),
            longitude=round(point[1], 7),
            address=address,
            district=cleaning.district(address, cleaning.text(said.get("address"))),
            payload=said,
        )


class NaverBlogs(SourceAdapter):
    """What blogs of late write of each area, by Naver's search: title, address and day, nothing else."""

    terms: SourceTerms = SourceTerms(
        slug="naver-blogs",
        name="네이버 블로그 검색",
        kind="crawl",
        licence="NAVER API 이용약관: facts alone",
        attribution="NAVER, and the blogs, each by its address",
        terms="https://developers.naver.com/products/terms/",
        may_ship=False,
        rate_per_s=5.0,
        every_min=24 * 60,
    )
    lists_all: bool = False

    def fetch(self, feed: Feed) -> Iterator[Row | Refusal]:
        asker = _asker(feed, self.terms)
        at = feed.cursor or {}
        for number, area in enumerate(_areas(feed)):
            if number >= at.get("question", 0):
                start = at.get("start", 1) if number == at.get("question", 0) else 1
                yield from _posts(asker, area, number, start, feed)

    def clean(self, row: Row) -> Draft | Refusal:
        return Refusal(row.where, MENTION, str(row.values["title"]), expected=True)


def _posts(asker: Asker, area: str, at: int, start: int, feed: Feed) -> Iterator[Row | Refusal]:
    """Yield the posts of an area, the newest first, until those before the window."""
    while start <= START_HIGH:
        query = {"query": f"{area} 가볼만한 곳", "display": POSTS, "start": start, "sort": "date"}
        items = _search(asker, "blog", query)
        for number, one in enumerate(items, start=start):
            where = f"{area}, post {number}"
            written = cleaning.day(one.get("postdate")) if isinstance(one, dict) else None
            if written is None or not one.get("link"):
                yield Refusal(where, "no day or address", str(one)[:80])
                continue
            if feed.since is not None and written < feed.since.date():
                return
            values = {
                "title": cleaning.text(one.get("title"))[:TITLE_LENGTH],
                "link": str(one["link"]),
                "written": written.isoformat(),
                "area": area,
            }
            yield Row(where, values, ref=stable_ref(values["link"], area), cursor={"question": at, "start": start})  # fmt: skip
        if len(items) < POSTS:
            return
        start += POSTS


def _asker(feed: Feed, terms: SourceTerms) -> Asker:
    if not (settings.NAVER_CLIENT_ID and settings.NAVER_CLIENT_SECRET):
        raise SourceAbsent(
            "NAVER_CLIENT_ID and NAVER_CLIENT_SECRET are not set: the source is off."
        )
    return Asker(http=feed.http, name="Naver", rate_per_s=terms.rate_per_s, sleep=feed.sleep)


def _search(asker: Asker, kind: str, query: Mapping[str, Any]) -> list[Any]:
    """
    Return the items of one answer.

    Raises:
        HttpFailed: it is none.
    """
    said, _ = asker.get_json(
        f"{settings.NAVER_URL.rstrip('/')}/v1/search/{kind}.json?{urlencode(query)}",
        headers={
            "X-Naver-Client-Id": settings.NAVER_CLIENT_ID,
            "X-Naver-Client-Secret": settings.NAVER_CLIENT_SECRET,
        },
    )
    items = said.get("items") if isinstance(said, Mapping) else None
    if not isinstance(items, list):
        raise HttpFailed("wrong_shape")
    return items


def _areas(feed: Feed) -> list[str]:
    """Return the names that are searched around: `--option areas=홍대,성수`, else those of our gazetteer."""
    said = feed.options.get("areas", "")
    names = [name.strip() for name in said.split(",") if name.strip()] or list(feed.areas)
    if not names:
        raise SourceAbsent("No area to search around: name some, or load the city's areas.")
    return names


def _ask(asker: Asker, question: str, at: int) -> Iterator[Row | Refusal]:
    query = {"query": question, "display": PAGE_ROWS, "start": 1, "sort": "random"}
    items = _search(asker, "local", query)
    for number, one in enumerate(items, start=1):
        where = f"{question}, record {number}"
        if isinstance(one, dict):
            is_end = number == len(items)
            # What was searched for stands in bold in the title: another question, another title.
            values = {**one, "title": cleaning.text(one.get("title"))}
            yield Row(where, values, ref=_ref(values), cursor={"question": at + is_end})
        else:
            yield Refusal(where, "not an object", str(one)[:80])


def _ref(said: Mapping[str, Any]) -> str:
    """Return what stands for the place: the service has no identifiers."""
    address = said.get("roadAddress") or said.get("address")
    return stable_ref(cleaning.text(said.get("title")), cleaning.text(address))


def _category(said: str) -> str:
    """Return our category by the finest part of the class that we know."""
    for part in reversed(said.split(">")):
        for word, category in CLASSES:
            if word in part:
                return category
    return ""
