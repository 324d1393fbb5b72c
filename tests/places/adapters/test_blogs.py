from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from common.http import HttpFailed, OutboundHttp
from places.adapters.blogs import Blogs
from places.adapters.source import Feed, SourceAbsent
from places.models import IngestionJob, RawRecord
from places.services.ingestion.running import JobRunner
from places.types import Refusal, Row
from tests.builders.ingestion import make_job, prepare_city
from tests.builders.open_data import write_districts
from tests.builders.web import Asked, Page, Web

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
RSS = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>달빛 일기</title>
<item><title><![CDATA[홍대 <b>달빛다방</b>에서]]></title><link>/1</link>
<pubDate>Fri, 20 Nov 2026 21:10:00 +0900</pubDate>
<description>다른 사람이 쓴 문장이 여기에 있다</description></item>
<item><title>주소가 없는 글</title><link>javascript:alert(1)</link></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>성수 산책</title>
<link rel="self" href="https://x.example/feed"/><link href="https://x.example/2"/>
<updated>2026-11-19T08:00:00Z</updated><content>문장</content></entry></feed>"""
BOMB = """<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<rss><channel><item><title>&b;</title><link>/1</link></item></channel></rss>"""


def feed_of(text: str, **headers: str) -> Page:
    return Page(text.encode(), content_type="application/rss+xml", headers=headers)


@pytest.fixture
def blog(web: Web) -> Iterator[Web]:
    web.say("/rss", feed_of(RSS, ETag='"v1"'))
    with override_settings(BLOG_FEEDS=[f"{web.url}/rss"]):
        yield web


def ask(kept: Mapping[str, Any] | None = None) -> list[Row | Refusal]:
    http = OutboundHttp(allows_private=True)
    return list(
        Blogs().fetch(Feed(city="seoul", http=http, recall=lambda _: kept, sleep=lambda _: None))
    )


def test_title_address_and_day_are_kept_and_nothing_of_the_text(blog: Web) -> None:
    entry, refused, state = ask()

    assert isinstance(entry, Row)
    assert isinstance(state, Row)
    assert entry.values == {
        "title": "홍대 달빛다방 에서",
        "link": f"{blog.url}/1",
        "written": "2026-11-20",
    }
    assert isinstance(refused, Refusal)
    assert refused.reason == "no title or address"
    assert (state.values["etag"], state.values["last-modified"]) == ('"v1"', None)
    assert isinstance(Blogs().clean(entry), Refusal)


def test_an_atom_feed_is_read_alike(blog: Web) -> None:
    blog.say("/rss", feed_of(ATOM))

    entry, _ = ask()

    assert isinstance(entry, Row)
    assert entry.values == {
        "title": "성수 산책",
        "link": "https://x.example/2",
        "written": "2026-11-19",
    }


@pytest.mark.parametrize(
    ("declared", "content_type", "encoding"),
    [
        ("euc-kr", "application/rss+xml", "cp949"),
        ("utf-8", "text/xml; charset=EUC-KR", "cp949"),
        ("EUC-KR", "text/xml;charset=euc-kr", "utf-8"),
    ],
)
def test_an_old_feed_in_korean_letters_is_read(
    blog: Web, declared: str, content_type: str, encoding: str
) -> None:
    text = RSS.replace("UTF-8", declared).replace("홍대", "홍대 뷁")
    blog.say("/rss", Page(text.encode(encoding), content_type=content_type))

    entry, *_ = ask()

    assert isinstance(entry, Row)
    assert entry.values["title"] == "홍대 뷁 달빛다방 에서"


def test_what_robots_forbid_is_not_read(blog: Web) -> None:
    blog.say("/robots.txt", Page(b"User-agent: *\nDisallow: /rss\n"))

    with pytest.raises(HttpFailed, match="no_feed_answered"):
        ask()

    assert blog.paths() == ["/robots.txt"]


@pytest.mark.parametrize("text", ["<html><body>busy", BOMB, RSS[:-40], ""])
def test_one_feed_that_is_none_is_in_nobodys_way(blog: Web, text: str) -> None:
    blog.say("/bad", feed_of(text))
    with override_settings(BLOG_FEEDS=[f"{blog.url}/bad", f"{blog.url}/rss"]):
        bad, *good = ask()

    assert isinstance(bad, Refusal)
    assert (bad.reason, bad.ends_early) == ("the feed does not answer", True)
    assert len(good) == 3


@pytest.mark.django_db
def test_a_feed_that_has_not_changed_is_not_sent_again(blog: Web, tmp_path: Path) -> None:
    write_districts(tmp_path)
    prepare_city(tmp_path, now=NOW)

    def answer(asked: Asked) -> Page:
        is_known = asked.headers.get("if-none-match") == '"v1"'
        return Page(status=304) if is_known else feed_of(RSS, ETag='"v1"')

    blog.say("/rss", answer)

    first, second = run(), run()

    assert (first.counts["received"]["new"], "received" in second.counts) == (3, False)
    assert [one.headers.get("if-none-match") for one in blog.asked if one.path == "/rss"] == [
        None,
        '"v1"',
    ]
    said = " ".join(str(payload) for payload in RawRecord.objects.values_list("payload", flat=True))
    assert "다른 사람이 쓴 문장" not in said


def run() -> IngestionJob:
    blogs = Blogs()
    blogs.terms = replace(blogs.terms, rate_per_s=None)
    job = make_job(blogs, now=NOW)
    http = OutboundHttp(allows_private=True)
    return JobRunner(clock=lambda: NOW, find=lambda _: blogs, http=http).run(job_id=job.pk)


def test_without_feeds_the_source_is_off() -> None:
    with override_settings(BLOG_FEEDS=[]), pytest.raises(SourceAbsent, match="BLOG_FEEDS"):
        ask()
