import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.tagging.stays import STAY_HIGH_MIN, STAY_LOW_MIN, stay_in
from tests.engine.tagging.test_costs import PIECES


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("관람 소요시간 약 1시간 30분", (90, 90)),
        ("둘러보는 데 1~2시간", (60, 120)),
        ("두세 시간 머물기 좋다", (120, 180)),
        ("한 시간 반 코스", (90, 90)),
        ("plan 45 minutes", (45, 45)),
        ("allow an hour and a half to visit", (90, 90)),
        ("takes 2 hours and 15 minutes", (135, 135)),
        ("the loop takes 1h 30m", (90, 90)),
        ("주말에는 웨이팅 2시간 기본이지만 먹는 데는 30분", (30, 30)),
        ("You can see everything in half an hour", (30, 30)),
        ("a chocolate tour of 2 hours", (120, 120)),
        ("전시 보는데 1시간~1시간 30분 걸림", (60, 90)),
    ],
)
def test_a_length_of_a_visit_is_read(text: str, minutes: tuple[int, int]) -> None:
    stay = stay_in(text)

    assert stay is not None
    assert (stay.minutes_low, stay.minutes_high) == minutes


@pytest.mark.parametrize(
    "text",
    [
        "역에서 도보 10분",
        "서울에서 2시간 거리",
        "24시간 영업",
        "웨이팅 1시간",
        "마감 30분 전까지 입장",
        "36시간 우린 육수",
        "30분 간격으로 운행",
        "a 5 minute walk from the station",
        "we waited 40 minutes in line",
        "오후 3시에 시작",
        "2024년 10월 3일",
        "서울역에서 KTX로 1시간",
        "open 10 hours a day",
    ],
)
def test_a_length_of_something_else_is_not(text: str) -> None:
    assert stay_in(text) is None


def test_a_word_of_visiting_makes_surer() -> None:
    told, bare = stay_in("관람에 1시간 소요"), stay_in("커피와 함께 1시간")

    assert told is not None
    assert bare is not None
    assert told.confidence > bare.confidence


@settings(max_examples=30, deadline=None)
@given(st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=60))
def test_any_text_is_read_and_its_evidence_stands_in_it(text: str) -> None:
    stay = stay_in(text)

    assert stay is None or stay.evidence in text
    assert stay is None or STAY_LOW_MIN <= stay.minutes_low <= stay.minutes_high <= STAY_HIGH_MIN
