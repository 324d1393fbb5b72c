from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from common.http import HttpFailed, OutboundHttp
from places.adapters.events import CultureEvents
from places.adapters.source import Feed, SourceAbsent
from places.types import Draft, Refusal, Row
from tests.builders.web import Page, Web, as_json

# A row of the city's list as it is downloaded, with a byte order mark before the header.
HEADER = (
    "분류,자치구,공연/행사명,날짜/시간,장소,기관명,이용대상,이용요금,신청일,시작일,종료일,"
    "위도(Y좌표),경도(X좌표),유무료,문화포털상세URL"
)
EXHIBITION = (
    "전시/미술,송파구,[소마미술관] 푸룻푸룻 프렌즈_빠씨를 찾아서,2025-04-11~2025-08-31,"
    '소마미술관 2관 1~2전시실,기타,누구나,"성인 18,000원, 청소년 16,000원, 어린이 14,000원",'
    "2025-03-20,2025-04-11 0:00,2025-08-31 0:00,37.51692066,127.118167,유료,"
    "https://culture.seoul.go.kr/culture/culture/cultureEvent/view.do?cultcode=152690&menuNo=200009"
)


def values(**fields: str) -> dict[str, Any]:
    return dict(zip(HEADER.split(","), [""] * 15, strict=True)) | {
        "분류": "연극",
        "공연/행사명": "달빛 아래",
        "장소": "달빛극장",
        "시작일": "2026-11-20 0:00",
        "종료일": "2026-11-22 0:00",
        "위도(Y좌표)": "37.5563",
        "경도(X좌표)": "126.9236",
        "유무료": "유료",
        **fields,
    }


def clean(**fields: str) -> Draft | Refusal:
    return CultureEvents().clean(Row("line 2", values(**fields), ref="7"))


def test_an_exhibition_is_a_gallery_on_its_days(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text(f"{HEADER}\n{EXHIBITION}\n", "utf-8-sig")
    adapter = CultureEvents()

    (row,) = adapter.fetch(Feed(city="seoul", folder=tmp_path))

    assert isinstance(row, Row)
    draft = adapter.clean(row)
    assert isinstance(draft, Draft)
    assert (draft.ref, draft.name, draft.category) == (
        "152690",
        "푸룻푸룻 프렌즈_빠씨를 찾아서",
        "gallery",
    )
    assert (draft.valid_from, draft.valid_until) == (date(2025, 4, 11), date(2025, 8, 31))
    assert (draft.cost, draft.district, draft.address) == ((14_000, 18_000), "송파구", "")
    assert (draft.signs["venue"], draft.as_of) == ("소마미술관 2관 1~2전시실", date(2025, 3, 20))


@pytest.mark.parametrize(
    ("fields", "cost"),
    [
        ({"이용요금": "R석 10만원, S석 8만원, C석 1만원"}, (10_000, 100_000)),
        ({"이용요금": "전석 30,000원 (구민 50% 할인)"}, (30_000, 30_000)),
        ({"이용요금": "R석 2만원 S석 1만5천원"}, (15_000, 20_000)),
        ({"이용요금": "", "유무료": "무료"}, (0, 0)),
        ({"이용요금": "홈페이지 참조"}, None),
    ],
)
def test_tickets_cost_from_the_cheapest_to_the_dearest(
    fields: dict[str, str], cost: tuple[int, int] | None
) -> None:
    draft = clean(**fields)

    assert isinstance(draft, Draft)
    assert draft.cost == cost


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"시작일": ""}, Refusal("line 2", "no days", "달빛 아래")),
        (
            {"종료일": "2026-11-19 0:00"},
            Refusal("line 2", "not the days of an event", "달빛 아래: 2026-11-20–2026-11-19"),
        ),
        (
            {"종료일": "2099-12-31 0:00"},
            Refusal("line 2", "not the days of an event", "달빛 아래: 2026-11-20–2099-12-31"),
        ),
        ({"위도(Y좌표)": "0", "경도(X좌표)": "0"}, Refusal("line 2", "no coordinates")),
        (
            {"분류": "교육/체험"},
            Refusal("line 2", "nobody drops in", "달빛 아래", expected=True),
        ),
        (
            {"이용대상": "초등학교 학급단체"},
            Refusal("line 2", "nobody drops in", "달빛 아래", expected=True),
        ),
    ],
)
def test_what_is_no_event_to_drop_in_at_is_refused(
    fields: dict[str, str], refusal: Refusal
) -> None:
    assert clean(**fields) == refusal


API = "/a-key/json/culturalEventInfo"


def listed(ref: int, **fields: str) -> dict[str, str]:
    """Return a row of the open API in its own names, made by hand."""
    usual = {
        "CODENAME": "연극", "GUNAME": "마포구", "TITLE": f"달빛 아래 {ref}", "PLACE": "달빛극장",
        "USE_TRGT": "누구나", "USE_FEE": "전석 20,000원", "PROGRAM": "", "RGSTDATE": "2026-10-01",
        "STRTDATE": "2026-11-20 00:00:00.0", "END_DATE": "2026-11-22 00:00:00.0",
        "LOT": "37.5563", "LAT": "126.9236", "IS_FREE": "유료",
        "HMPG_ADDR": f"https://culture.seoul.go.kr/view.do?cultcode={ref}&menuNo=200009",
    }  # fmt: skip
    return usual | fields


def page_of(*rows: Any, total: int, code: str = "INFO-000") -> Page:
    result = {"CODE": code, "MESSAGE": ""}
    return as_json(
        {"culturalEventInfo": {"list_total_count": total, "RESULT": result, "row": list(rows)}}
    )


def ask(web: Web, key: str = "a-key", **fields: Any) -> list[Row | Refusal]:
    http = OutboundHttp(allows_private=True)
    feed = Feed(city="seoul", http=http, sleep=lambda _: None, **fields)
    with override_settings(SEOUL_CITY_DATA_URL=web.url, SEOUL_CITY_DATA_KEY=key):
        return list(CultureEvents().fetch(feed))


def test_the_open_api_is_asked_page_by_page(web: Web) -> None:
    first = [listed(ref) for ref in range(200)]
    web.say(f"{API}/1/200/", page_of(*first, total=201))
    web.say(f"{API}/201/400/", page_of(listed(200, LOT="126.9236", LAT="37.5563"), total=201))

    rows = ask(web)
    web.asked.clear()
    again = ask(web, cursor={"first": 201})

    drafts = [CultureEvents().clean(row) for row in rows if isinstance(row, Row)]
    assert [draft.ref for draft in drafts if isinstance(draft, Draft)] == [
        str(ref) for ref in range(201)
    ]
    assert {
        (draft.latitude, draft.longitude, draft.valid_until, draft.cost)
        for draft in drafts
        if isinstance(draft, Draft)
    } == {(37.5563, 126.9236, date(2026, 11, 22), (20_000, 20_000))}
    assert [row.where for row in again] == ["record 201"]
    assert web.paths() == [f"{API}/201/400/"]


@pytest.mark.parametrize(
    ("answer", "fault", "text"),
    [
        (as_json({"RESULT": {"CODE": "INFO-100"}}), SourceAbsent, "does not take the key"),
        (as_json({"RESULT": {"CODE": "ERROR-337"}}), HttpFailed, "result_ERROR-337"),
        (as_json({"RESULT": "none"}), HttpFailed, "wrong_shape"),
        (as_json({"culturalEventInfo": {"RESULT": {"CODE": "INFO-000"}}}), HttpFailed, "wrong_sh"),
        (Page(b"<RESULT/>", content_type="text/xml"), HttpFailed, "not_json"),
    ],
)
def test_faults_of_the_open_api_are_told(
    web: Web, answer: Page, fault: type[Exception], text: str
) -> None:
    web.say(f"{API}/1/200/", answer)

    with pytest.raises(fault, match=text):
        ask(web)


def test_no_events_are_none(web: Web) -> None:
    web.say(f"{API}/1/200/", as_json({"RESULT": {"CODE": "INFO-200"}}))

    assert ask(web) == []


def test_without_a_key_the_open_api_is_off(web: Web) -> None:
    with pytest.raises(SourceAbsent, match="the source is off"):
        ask(web, key="")
