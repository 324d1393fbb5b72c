from datetime import date
from pathlib import Path
from typing import Any

import pytest

from places.adapters.events import CultureEvents
from places.adapters.source import Feed
from places.types import Draft, Refusal, Row

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
