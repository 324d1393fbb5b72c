from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import override_settings

from common.http import HttpFailed, OutboundHttp
from places.adapters.naver import KINDS, NaverBlogs, NaverLocal
from places.adapters.source import Feed, SourceAbsent, SourceAdapter
from places.types import Draft, Refusal, Row
from tests.builders.web import Page, Web, as_json

LOCAL, BLOG = "/v1/search/local.json", "/v1/search/blog.json"


def found(**fields: Any) -> dict[str, Any]:
    """Return an item of the local search in its own shape, made by hand."""
    usual = {
        "title": "<b>홍대</b> 달빛다방", "link": "", "category": "카페,디저트>카페",
        "description": "", "telephone": "", "address": "서울특별시 마포구 서교동 1-1",
        "roadAddress": "서울특별시 마포구 와우산로 1", "mapx": "1269236000", "mapy": "375563000",
    }  # fmt: skip
    return usual | fields


def post(number: int, day: str = "20261120") -> dict[str, str]:
    return {
        "title": f"<b>홍대</b> 나들이 {number}",
        "link": f"https://blog.example/{number}",
        "description": "다른 사람이 쓴 문장",
        "bloggername": "누군가",
        "postdate": day,
    }


def page(*items: Any) -> Page:
    said = {"lastBuildDate": "Sat, 21 Nov 2026", "total": 999, "start": 1, "display": len(items)}
    return as_json({**said, "items": list(items)})


@pytest.fixture
def service(web: Web) -> Iterator[Web]:
    web.say(LOCAL, page())
    web.say(BLOG, page())
    keys = {"NAVER_CLIENT_ID": "an-id", "NAVER_CLIENT_SECRET": "a-secret"}
    with override_settings(NAVER_URL=web.url, **keys):
        yield web


def ask(adapter: SourceAdapter, **fields: Any) -> list[Row | Refusal]:
    told: dict[str, Any] = {"areas": ["홍대"], "http": OutboundHttp(allows_private=True)}
    feed = Feed(city="seoul", sleep=lambda _: None, **(told | fields))
    return list(adapter.fetch(feed))


def test_each_kind_is_searched_for_in_each_area(service: Web) -> None:
    last = {"question": len(KINDS) - 2}

    ask(NaverLocal(), cursor=last)

    assert [one.query["query"] for one in service.asked] == [f"홍대 {kind}" for kind in KINDS[-2:]]
    assert {one.headers["x-naver-client-id"] for one in service.asked} == {"an-id"}
    assert {one.headers["x-naver-client-secret"] for one in service.asked} == {"a-secret"}


def test_an_item_becomes_a_draft(service: Web) -> None:
    service.say(LOCAL, page(found()), page(found(title="홍대 <b>달빛다방</b>")), page())

    rows = [row for row in ask(NaverLocal(), cursor={"question": len(KINDS) - 3}) if isinstance(row, Row)]  # fmt: skip

    assert len({row.ref for row in rows}) == len({row.values["title"] for row in rows}) == 1
    draft = NaverLocal().clean(rows[0])
    assert isinstance(draft, Draft)
    assert (draft.name, draft.category, draft.source_class) == (
        "홍대 달빛다방",
        "cafe",
        "카페,디저트>카페",
    )
    assert (draft.latitude, draft.longitude, draft.district) == (37.5563, 126.9236, "마포구")


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"category": "금융>은행"}, "not a trip stop"),
        ({"mapx": "", "mapy": ""}, "no coordinates"),
        ({"title": "<b></b>"}, "unnamed"),
    ],
)
def test_an_item_that_is_no_stop_is_refused(fields: dict[str, str], refusal: str) -> None:
    result = NaverLocal().clean(Row("item", found(**fields), ref="1"))

    assert isinstance(result, Refusal)
    assert result.reason == refusal


def test_posts_are_kept_by_title_address_and_day_alone(service: Web) -> None:
    service.say(BLOG, page(post(1)))

    (row,) = ask(NaverBlogs())

    assert isinstance(row, Row)
    assert row.values == {
        "title": "홍대 나들이 1",
        "link": "https://blog.example/1",
        "written": "2026-11-20",
        "area": "홍대",
    }
    assert NaverBlogs().clean(row) == Refusal(
        row.where, "a mention, not a place", "홍대 나들이 1", expected=True
    )


def test_posts_are_paged_until_those_before_the_window(service: Web) -> None:
    newer = [post(number) for number in range(100)]
    service.say(BLOG, page(*newer), page(post(100), post(101, "20261101"), post(102)))

    rows = ask(NaverBlogs(), since=datetime(2026, 11, 19, tzinfo=UTC))

    assert len(rows) == 101
    assert [one.query["start"] for one in service.asked] == ["1", "101"]


@pytest.mark.parametrize(
    ("answer", "fault", "text"),
    [
        (Page(status=401, body=b'{"errorCode": "024"}'), SourceAbsent, "does not take the key"),
        (as_json({"errorMessage": "x", "errorCode": "SE01"}), HttpFailed, "wrong_shape"),
        (Page(b"<html>", content_type="text/html"), HttpFailed, "not_json"),
    ],
)
def test_faults_are_told(service: Web, answer: Page, fault: type[Exception], text: str) -> None:
    service.say(LOCAL, answer)

    with pytest.raises(fault, match=text):
        ask(NaverLocal())


@pytest.mark.parametrize("adapter", [NaverLocal(), NaverBlogs()])
def test_without_keys_the_source_is_off(web: Web, adapter: SourceAdapter) -> None:
    with (
        override_settings(NAVER_URL=web.url, NAVER_CLIENT_ID="an-id", NAVER_CLIENT_SECRET=""),
        pytest.raises(SourceAbsent, match="are not set: the source is off"),
    ):
        ask(adapter)

    assert web.asked == []


def test_without_an_area_there_is_nothing_to_search(service: Web) -> None:
    with pytest.raises(SourceAbsent, match="No area"):
        ask(NaverLocal(), areas=[])
