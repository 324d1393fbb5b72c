from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import override_settings

from common.http import HttpFailed, OutboundHttp
from places.adapters.foursquare import Foursquare
from places.adapters.source import Feed, SourceAbsent
from places.types import Draft, Refusal, Row
from tests.builders.web import Asked, Page, Web, as_json

SEARCH = "/places/search"
HERE = (126.92, 37.55, 126.93, 37.56)  # one circle
WIDE = (126.92, 37.55, 126.95, 37.56)  # two


def result(ref: str, **fields: Any) -> dict[str, Any]:
    """Return a result in the shape of version 2025-06-17, made by hand."""
    usual = {
        "fsq_place_id": ref, "name": "달빛다방 (Moonlight)", "latitude": 37.5563,
        "longitude": 126.9236, "distance": 120, "date_refreshed": "2026-10-01",
        "categories": [{"fsq_category_id": "4bf5", "name": "Coffee Shop"}],
        "location": {"formatted_address": "와우산로 1, 마포구 서울특별시 04000", "country": "KR"},
    }  # fmt: skip
    return usual | fields


def page(*results: Any, after: str = "") -> Page:
    link = f'<https://places-api.foursquare.com/places/search?cursor={after}>; rel="next"'
    return as_json({"results": list(results)}, headers={"Link": link} if after else {})


@pytest.fixture
def service(web: Web) -> Iterator[Web]:
    web.say(SEARCH, page())
    with override_settings(FOURSQUARE_URL=web.url, FOURSQUARE_KEY="a-key"):
        yield web


def ask(**fields: Any) -> list[Row | Refusal]:
    told: dict[str, Any] = {"bounds": HERE, "http": OutboundHttp(allows_private=True)}
    feed = Feed(city="seoul", sleep=lambda _: None, **(told | fields))
    return list(Foursquare().fetch(feed))


def test_a_result_becomes_a_draft(service: Web) -> None:
    service.say(SEARCH, page(result("a1")))

    (row,) = ask()

    assert isinstance(row, Row)
    assert "distance" not in row.values
    draft = Foursquare().clean(row)
    assert isinstance(draft, Draft)
    assert (draft.ref, draft.name, draft.name_en) == ("a1", "달빛다방", "Moonlight")
    assert (draft.category, draft.source_class, draft.district) == ("cafe", "Coffee Shop", "마포구")
    assert (draft.identifiers, draft.as_of) == ({"foursquare": "a1"}, date(2026, 10, 1))


def test_asks_with_its_key_and_version(service: Web) -> None:
    ask()

    (asked,) = service.asked
    assert asked.headers["authorization"] == "Bearer a-key"
    assert asked.headers["x-places-api-version"] == "2025-06-17"
    assert (asked.query["ll"], asked.query["radius"]) == ("37.55500,126.92500", "1500")


def test_pages_are_followed_by_their_cursor_alone(service: Web) -> None:
    service.say(SEARCH, page(result("a1"), after="c2"), page(result("a2")))

    rows = ask()

    assert [(row.ref, row.cursor) for row in rows if isinstance(row, Row)] == [
        ("a1", {"circle": 0}),
        ("a2", {"circle": 1}),
    ]
    assert [one.query.get("cursor") for one in service.asked] == [None, "c2"]


def test_a_service_that_always_has_one_more_page_is_left(service: Web) -> None:
    def more(asked: Asked) -> Page:
        return page(result("a1"), after=f"c{len(service.asked)}")

    service.say(SEARCH, more)

    rows = ask()

    assert len(rows) == len(service.asked) == 40


def test_a_run_that_was_cut_off_goes_on_with_its_circle(service: Web) -> None:
    ask(bounds=WIDE)
    every = [one.query["ll"] for one in service.asked]
    service.asked.clear()

    ask(bounds=WIDE, cursor={"circle": 1})

    assert len(every) == 2
    assert [one.query["ll"] for one in service.asked] == every[1:]


@pytest.mark.parametrize(
    ("answer", "fault", "text"),
    [
        (Page(status=401), SourceAbsent, "does not take the key"),
        (as_json({"message": "what?"}), HttpFailed, "wrong_shape"),
        (as_json([1]), HttpFailed, "wrong_shape"),
        (Page(b"<html>", content_type="text/html"), HttpFailed, "not_json"),
        (Page(status=429, headers={"Retry-After": "3600"}), HttpFailed, "status_429"),
    ],
)
def test_faults_are_told(service: Web, answer: Page, fault: type[Exception], text: str) -> None:
    service.say(SEARCH, answer)

    with pytest.raises(fault, match=text):
        ask()


def test_a_result_without_identifier_is_refused(service: Web) -> None:
    service.say(SEARCH, page({"name": "누구"}, "nothing"))

    assert [row.reason for row in ask() if isinstance(row, Refusal)] == ["no identifier"] * 2


def test_without_a_key_the_source_is_off(web: Web) -> None:
    with (
        override_settings(FOURSQUARE_URL=web.url, FOURSQUARE_KEY=""),
        pytest.raises(SourceAbsent, match="FOURSQUARE_KEY is not set"),
    ):
        ask()

    assert web.asked == []
