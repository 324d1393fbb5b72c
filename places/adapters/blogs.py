"""
Blogs by their feeds (RSS, Atom): that somebody wrote of a place, where and when. Nothing of what was written.

A mention is a fact and no place: it is kept raw, under its address, for the tagger
(`places.services.tagging.mentions`); none becomes a draft.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.conf import settings

from common.http import HttpAnswer, HttpFailed
from places.adapters import cleaning
from places.adapters.asking import NOT_MODIFIED, OK, Asker, NotAllowed
from places.adapters.public_data import stable_ref
from places.adapters.source import Feed, SourceAbsent, SourceAdapter
from places.types import Draft, Refusal, Row, SourceTerms

TITLE_LENGTH: Final = 160
ENTRIES_HIGH: Final = 500  # of one feed
LEGACY: Final = ("euc-kr", "euckr", "cp949", "ms949", "ks-c-5601-1987", "ksc5601", "x-windows-949")
DECLARED: Final = re.compile(rb"\s*<\?xml\b[^>]*?encoding\s*=\s*(['\"])([\w.\-]+)\1[^>]*\?>")
DECLARATION_HIGH: Final = 256
CHARSET: Final = re.compile(r"charset\s*=\s*\"?([\w.\-]+)", re.I)
ATOM: Final = "{http://www.w3.org/2005/Atom}"
MENTION: Final = "a mention, not a place"
STATE: Final = "the state of a feed"
REF_LENGTH: Final = 120


class Blogs(SourceAdapter):
    """
    Reads the feeds that `BLOG_FEEDS` names: title, address and day of each entry.

    robots.txt is obeyed; a feed that has not changed since the last run is not sent again.
    """

    terms: SourceTerms = SourceTerms(
        slug="blogs",
        name="Blogs",
        kind="crawl",
        licence="facts alone: titles, addresses and days",
        attribution="the blogs, each by its address",
        may_ship=False,
        rate_per_s=0.5,
        every_min=24 * 60,
    )
    lists_all: bool = False  # a feed names its newest entries alone
    has_windows: bool = False

    def fetch(self, feed: Feed) -> Iterator[Row | Refusal]:
        if not settings.BLOG_FEEDS:
            raise SourceAbsent("BLOG_FEEDS names no feed: the source is off.")
        asker = Asker(
            http=feed.http, name="A blog", rate_per_s=self.terms.rate_per_s, sleep=feed.sleep
        )
        begin = (feed.cursor or {}).get("feed", 0)
        reached = 0
        for at, url in enumerate(settings.BLOG_FEEDS):
            if at < begin:
                continue
            try:
                yield from _entries(asker, url, at, feed)
                reached += 1
            except (HttpFailed, NotAllowed, SourceAbsent) as error:
                # One blog that is away is in nobody's way.
                yield Refusal(_shown(url), _why(error), ends_early=True)
        if not reached and begin < len(settings.BLOG_FEEDS):
            raise HttpFailed("no_feed_answered")

    def clean(self, row: Row) -> Draft | Refusal:
        if "feed" in row.values:
            return Refusal(row.where, STATE, expected=True)
        return Refusal(row.where, MENTION, str(row.values["title"]), expected=True)


def _why(error: Exception) -> str:
    if isinstance(error, NotAllowed):
        return "robots.txt forbids it"
    return "the feed does not answer" if isinstance(error, HttpFailed) else "the feed is not public"


def _shown(url: str) -> str:
    return urlsplit(url).netloc or "a feed"


def _entries(asker: Asker, url: str, at: int, feed: Feed) -> Iterator[Row | Refusal]:
    asker.check_allowed(url)
    state = f"feed {stable_ref(url)}"
    answer = asker.get(url, headers=_conditions(feed.recall(state)))
    if answer.status == NOT_MODIFIED:
        return
    if answer.status != OK:
        raise HttpFailed(f"status_{answer.status}")
    try:
        root = fromstring(_plain(answer))
    except (ParseError, DefusedXmlException, ValueError):
        raise HttpFailed("not_a_feed") from None
    entries = [*root.iter("item"), *root.iter(f"{ATOM}entry")][:ENTRIES_HIGH]
    for number, entry in enumerate(entries, start=1):
        yield _row(entry, url, f"{_shown(url)}, entry {number}", at)
    # Kept as a row behind its entries: what was not stored is not taken for known.
    said = {name: answer.headers.get(name) for name in ("etag", "last-modified")}
    yield Row(
        f"{_shown(url)}, its state", {**said, "feed": url}, ref=state, cursor={"feed": at + 1}
    )


def _plain(answer: HttpAnswer) -> bytes:
    """
    Return a feed in UTF-8 where it is in an encoding of several bytes a letter, such as EUC-KR.

    The reader of XML knows none but UTF-8 and UTF-16 of these. What the answer's header says goes
    before what the feed says of itself.
    """
    declared = DECLARED.match(answer.body[:DECLARATION_HIGH])
    said = CHARSET.search(answer.headers.get("content-type", ""))
    name = said[1] if said else declared[2].decode() if declared else ""
    if name.lower().replace("_", "-") not in LEGACY:
        return answer.body
    body = answer.body[declared.end() :] if declared else answer.body
    try:
        body.decode()
    except UnicodeDecodeError:
        return body.decode("cp949", "replace").encode()
    return body  # it says so of itself, and is none


def _conditions(state: Mapping[str, Any] | None) -> dict[str, str]:
    """Return the headers that ask for what is new alone."""
    kept = state or {}
    pairs = {"If-None-Match": kept.get("etag"), "If-Modified-Since": kept.get("last-modified")}
    return {name: str(value) for name, value in pairs.items() if value}


def _row(entry: Element, url: str, where: str, at: int) -> Row | Refusal:
    title = cleaning.text(entry.findtext("title") or entry.findtext(f"{ATOM}title"))
    link = urljoin(url, _link(entry))
    if not title or urlsplit(link).scheme not in ("http", "https"):
        return Refusal(where, "no title or address", title[:80])
    written = _day(entry)
    values = {
        "title": title[:TITLE_LENGTH],
        "link": link,
        "written": written.isoformat() if written else None,
    }
    return Row(where, values, ref=link if len(link) <= REF_LENGTH else "", cursor={"feed": at})


def _link(entry: Element) -> str:
    found = entry.findtext("link") or ""
    if not found.strip():
        links = entry.findall(f"{ATOM}link")
        found = next(
            (one.get("href", "") for one in links if one.get("rel", "alternate") == "alternate"), ""
        )
    return found.strip()


def _day(entry: Element) -> date | None:
    said = (
        entry.findtext("pubDate")
        or entry.findtext(f"{ATOM}published")
        or entry.findtext(f"{ATOM}updated")
        or ""
    ).strip()
    try:
        return parsedate_to_datetime(said).date()
    except (TypeError, ValueError):
        pass
    try:
        return datetime.fromisoformat(said).astimezone(UTC).date()
    except ValueError:
        return None
