import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from common.http import HttpFailed, OutboundHttp
from places.adapters.source import Feed, SourceAbsent
from places.adapters.tourapi import CONTENT_TYPES, TourApi
from places.types import Draft, Refusal, Row
from tests.builders.web import Page, Web, as_json

LIST = "/areaBasedList2"
SYNC = "/areaBasedSyncList2"


def record(ref: int, **fields: str) -> dict[str, str]:
    """Return a record in the fields of the service, made by hand."""
    usual = {
        "addr1": "서울특별시 마포구 와우산로 1 (서교동)", "addr2": "", "areacode": "1", "cat1": "A05",
        "cat2": "A0502", "cat3": "A05020100", "contentid": str(ref), "contenttypeid": "39",
        "createdtime": "20221019172623", "cpyrhtDivCd": "Type3", "mapx": "126.9236000000",
        "mapy": "37.5563000000", "mlevel": "6", "modifiedtime": "20250116153020",
        "sigungucode": "13", "title": f"달빛식당 {ref}", "zipcode": "04000", "lDongRegnCd": "11",
        "lDongSignguCd": "440", "lclsSystm1": "FD", "lclsSystm2": "FD01",
        "lclsSystm3": "FD010100",
    }  # fmt: skip
    return usual | fields


def page(items: list[Any], *, total: int | None = None) -> Page:
    body = {
        "items": {"item": items} if items else "",
        "numOfRows": 500,
        "pageNo": 1,
        "totalCount": len(items) if total is None else total,
    }
    header = {"resultCode": "0000", "resultMsg": "OK"}
    return as_json({"response": {"header": header, "body": body}})


@pytest.fixture
def service(web: Web) -> Iterator[Web]:
    web.say(LIST, page([]))
    with override_settings(TOURAPI_URL=web.url, TOURAPI_KEY="a+key/of=ours"):
        yield web


def ask(**fields: Any) -> list[Row | Refusal]:
    http = OutboundHttp(allows_private=True)
    return list(TourApi().fetch(Feed(city="seoul", http=http, sleep=lambda _: None, **fields)))


def clean(**fields: str) -> Draft | Refusal:
    return TourApi().clean(Row("record 1", record(7, **fields), ref="7"))


def test_files_of_a_folder_are_read_without_asking(tmp_path: Path) -> None:
    folder = tmp_path / "tourapi"
    folder.mkdir()
    for name, ref in (("food", 1), ("sights", 2)):
        body = {"region": "서울", "items": [record(ref)]}
        (folder / f"{name}.json").write_text(json.dumps(body), "utf-8")
    feed = Feed(city="seoul", folder=tmp_path)

    rows = list(TourApi().fetch(feed))

    assert TourApi().is_found(feed)
    assert [(row.where, row.ref) for row in rows if isinstance(row, Row)] == [
        ("sights.json, record 1", "2"),
        ("food.json, record 1", "1"),
    ]


def test_a_record_becomes_a_draft() -> None:
    draft = clean(title="진관사(서울)", lclsSystm3="HS030100")

    assert isinstance(draft, Draft)
    assert (draft.name, draft.category, draft.source_class) == ("진관사", "heritage", "HS030100")
    assert (draft.latitude, draft.longitude, draft.district) == (37.5563, 126.9236, "마포구")
    assert draft.as_of == date(2025, 1, 16)


@pytest.mark.parametrize(
    ("fields", "category"),
    [
        ({"lclsSystm3": "FD050100"}, "cafe"),
        ({"lclsSystm3": "SH060200"}, "market"),
        ({"lclsSystm3": "SH070100", "title": "소수책방"}, "bookstore"),
        ({"lclsSystm3": "LS011900", "title": "남산자락숲길"}, "park"),
        ({"lclsSystm3": "", "cat3": "A05020900"}, "cafe"),
        ({"lclsSystm3": "SH040300", "title": "컨버스 롯데월드몰점"}, ""),
        ({"lclsSystm3": "VE100100"}, ""),
    ],
)
def test_classes_become_ours(fields: dict[str, str], category: str) -> None:
    found = clean(**fields)

    assert (found.category if isinstance(found, Draft) else "") == category


def test_all_pages_of_all_kinds_are_asked_for(service: Web) -> None:
    first = [record(ref) for ref in range(500)]
    service.say(LIST, page(first, total=501), page([record(500)], total=501), page([]))

    rows = ask()

    assert [row.ref for row in rows if isinstance(row, Row)] == [str(ref) for ref in range(501)]
    queries = [one.query for one in service.asked]
    assert [(query["contentTypeId"], query["pageNo"]) for query in queries] == [
        ("12", "1"), ("12", "2"), *((str(kind), "1") for kind in CONTENT_TYPES[1:]),
    ]  # fmt: skip
    assert {query["serviceKey"] for query in queries} == {"a+key/of=ours"}
    assert {query["lDongRegnCd"] for query in queries} == {"11"}


def test_a_run_that_was_cut_off_goes_on_at_its_page(service: Web) -> None:
    service.say(LIST, page([record(ref) for ref in range(500)], total=501))
    (*_, last) = [row for row in ask() if isinstance(row, Row) and row.ref == "499"][:1]
    service.asked.clear()
    service.say(LIST, page([record(500)], total=501), page([]))

    rows = ask(cursor=last.cursor)

    assert last.cursor == {"question": 0, "page": 2}
    assert [row.ref for row in rows if isinstance(row, Row)] == ["500"]
    assert service.asked[0].query["pageNo"] == "2"


def test_a_window_asks_for_what_changed_day_by_day(service: Web) -> None:
    service.say(SYNC, page([record(1, showflag="0")]), page([]))

    (row,) = ask(
        since=datetime(2026, 11, 19, 15, tzinfo=UTC), until=datetime(2026, 11, 20, 16, tzinfo=UTC)
    )

    assert [one.query["modifiedtime"] for one in service.asked] == ["20261120", "20261121"]
    assert isinstance(row, Row)
    draft = TourApi().clean(row)
    assert isinstance(draft, Draft)
    assert draft.is_closed


XML_FAULT = """<OpenAPI_ServiceResponse><cmmMsgHeader><errMsg>SERVICE ERROR</errMsg>
<returnAuthMsg>{message}</returnAuthMsg><returnReasonCode>{code}</returnReasonCode>
</cmmMsgHeader></OpenAPI_ServiceResponse>"""


def xml_fault(code: str, message: str) -> Page:
    return Page(XML_FAULT.format(code=code, message=message).encode(), content_type="text/xml")


@pytest.mark.parametrize(
    ("answer", "fault", "text"),
    [
        (xml_fault("30", "SERVICE_KEY_IS_NOT_REGISTERED_ERROR"), SourceAbsent, "NOT_REGISTERED"),
        (
            xml_fault("22", "LIMITED_NUMBER_OF_SERVICE_REQUESTS_EXCEEDS_ERROR"),
            HttpFailed,
            "quota_of_today_spent",
        ),
        (
            as_json({"responseTime": "2026", "resultCode": "10", "resultMsg": "INVALID"}),
            HttpFailed,
            "result_10",
        ),
        (
            as_json({"response": {"header": {"resultCode": "0000"}, "body": {"items": {}}}}),
            HttpFailed,
            "wrong_shape",
        ),
        (Page(b"<html>busy", content_type="text/html"), HttpFailed, "not_json"),
        (Page(b"[1, 2]"), HttpFailed, "not_json"),
        (Page(b"busy"), HttpFailed, "not_json"),
    ],
)
def test_faults_inside_an_answer_of_200_are_told(
    service: Web, answer: Page, fault: type[Exception], text: str
) -> None:
    service.say(LIST, answer)

    with pytest.raises(fault, match=text):
        ask()


def test_without_a_key_the_source_is_off(web: Web) -> None:
    with (
        override_settings(TOURAPI_URL=web.url, TOURAPI_KEY=""),
        pytest.raises(SourceAbsent, match="TOURAPI_KEY is not set"),
    ):
        ask()

    assert web.asked == []
