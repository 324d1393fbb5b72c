from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from places.opening.calendar import Feast
from places.opening.closing import Closings, read_closings
from places.opening.closures import (
    LAST,
    Closure,
    DatedClosure,
    FeastClosure,
    HolidayClosure,
    IfHoliday,
    WeekdayClosure,
    YearlyClosure,
)
from places.opening.types import Refusal

MON, TUE, WED, THU, FRI, SAT, SUN = (WeekdayClosure(day) for day in range(7))
HOLIDAYS = HolidayClosure()
NEW_YEAR = YearlyClosure((1, 1), (1, 1))
LABOUR_DAY = YearlyClosure((5, 1), (5, 1))
SEOLLAL, CHUSEOK = FeastClosure(Feast.SEOLLAL), FeastClosure(Feast.CHUSEOK)
SEOLLAL_ALL, CHUSEOK_ALL = (
    FeastClosure(Feast.SEOLLAL, all_days=True),
    FeastClosure(Feast.CHUSEOK, all_days=True),
)
MON_OPEN = WeekdayClosure(0, if_holiday=IfHoliday.OPEN)
MON_NEXT_DAY = WeekdayClosure(0, if_holiday=IfHoliday.NEXT_DAY)
MON_NEXT_WORKDAY = WeekdayClosure(0, if_holiday=IfHoliday.NEXT_WORKDAY)


@pytest.mark.parametrize(
    ("text", "closures"),
    [
        ("매주 화요일", {TUE}),
        ("월", {MON}),
        ("매주 수", {WED}),
        ("매 주 목요일 휴관", {THU}),
        ("금요일 정기휴무", {FRI}),
        ("일요일은 쉽니다", {SUN}),
        ("토+일+공휴일", {SAT, SUN, HOLIDAYS}),
        ("토·일요일", {SAT, SUN}),
        ("화,수요일", {TUE, WED}),
        ("월~수", {MON, TUE, WED}),
        ("토요일일요일", {SAT, SUN}),
        ("일?월요일, 법정공휴일", {SUN, MON, HOLIDAYS}),
        ("주말 및 국경일", {SAT, SUN, HOLIDAYS}),
        ("매주 금~일요일", {FRI, SAT, SUN}),
        ("법정 공휴일", {HOLIDAYS}),
        ("관공서의 공휴일", {HOLIDAYS}),
        ("국,공휴일", {HOLIDAYS}),
        ("임시공휴일", {HOLIDAYS}),
        ("월요일, 공휴일 다음날", {MON, HolidayClosure(day_after=True)}),
        ("목요일, 일요일을 제외한 법정공휴일", {THU, HolidayClosure(except_sundays=True)}),
        ("매주 금요일 및 법정 공휴일(일요일 제외)", {FRI, HolidayClosure(except_sundays=True)}),
    ],
)
def test_reads_weekdays_and_public_holidays(text: str, closures: set[Closure]) -> None:
    closings = read_closings(text)

    assert isinstance(closings, Closings)
    assert set(closings.closures) == closures


@pytest.mark.parametrize(
    ("text", "closures"),
    [
        ("1월 1일", {NEW_YEAR}),
        ("월+1월 1일", {MON, NEW_YEAR}),
        ("1.1 / 매주 월요일", {NEW_YEAR, MON}),
        ("1/1, 화요일", {NEW_YEAR, TUE}),
        ("신정, 성탄절", {NEW_YEAR, YearlyClosure((12, 25), (12, 25))}),
        ("근로자의 날(5월 1일)", {LABOUR_DAY}),
        ("창립기념일(9월 3일), 월요일", {YearlyClosure((9, 3), (9, 3)), MON}),
        ("12월 30일~1월 2일", {YearlyClosure((12, 30), (1, 2))}),
        ("월요일, 7~8월", {MON, YearlyClosure((7, 1), (8, 31))}),
        ("매년 2월", {YearlyClosure((2, 1), (2, 29))}),
        ("2031.3~2032.2", {DatedClosure(date(2031, 3, 1), date(2032, 2, 29))}),
        ("설날, 추석 당일", {SEOLLAL, CHUSEOK}),
        ("설·추석 연휴", {SEOLLAL_ALL, CHUSEOK_ALL}),
        ("구정, 한가위", {SEOLLAL, CHUSEOK}),
        ("명절", {SEOLLAL, CHUSEOK}),
        ("명절 연휴", {SEOLLAL_ALL, CHUSEOK_ALL}),
        ("설 당일, 추석 연휴", {SEOLLAL, CHUSEOK_ALL}),
        ("설날추석당일", {SEOLLAL, CHUSEOK}),
        ("설연휴(3일)", {SEOLLAL_ALL}),
        ("설날 오전, 월요일", {SEOLLAL, MON}),
        ("명절(1.1, 설날, 추석)", {SEOLLAL, CHUSEOK, NEW_YEAR}),
        (
            "토요일, 방학기간",
            {SAT, YearlyClosure((6, 20), (8, 31)), YearlyClosure((12, 20), (2, 29))},
        ),
    ],
)
def test_reads_dates_and_feasts(text: str, closures: set[Closure]) -> None:
    closings = read_closings(text)

    assert isinstance(closings, Closings)
    assert set(closings.closures) == closures


@pytest.mark.parametrize(
    ("text", "closures"),
    [
        ("1,3주 월요일", {WeekdayClosure(0, (1, 3))}),
        ("2.4주 일요일, 1.3.5주 월요일", {WeekdayClosure(6, (2, 4)), WeekdayClosure(0, (1, 3, 5))}),
        ("매월 둘째/넷째 화요일", {WeekdayClosure(1, (2, 4))}),
        ("첫 번째, 세 번째 금요일", {WeekdayClosure(4, (1, 3))}),
        ("매월 마지막주 일요일", {WeekdayClosure(6, (LAST,))}),
        ("매월 마지막 수요일 및 공휴일", {WeekdayClosure(2, (LAST,)), HOLIDAYS}),
        ("월 (매월 셋째주)", {WeekdayClosure(0, (3,))}),
        ("셋째주 목요일, 매주 월요일", {WeekdayClosure(3, (3,)), MON}),
        ("5월, 10월 첫째 월요일", {WeekdayClosure(0, (1,), months=(5, 10))}),
        ("제2주 토요일", {WeekdayClosure(5, (2,))}),
    ],
)
def test_reads_weekdays_of_a_month(text: str, closures: set[Closure]) -> None:
    closings = read_closings(text)

    assert isinstance(closings, Closings)
    assert set(closings.closures) == closures


@pytest.mark.parametrize(
    ("text", "closures"),
    [
        ("매주 월요일(공휴일이면 다음 평일)", {MON_NEXT_WORKDAY}),
        (
            "월요일(단, 월요일이 공휴일인 경우 당일은 개관하고 그 다음 첫번째 평일에 휴관)",
            {MON_NEXT_WORKDAY},
        ),
        ("월(공휴일인 월요일은 운영, 다음날 휴관)", {MON_NEXT_DAY}),
        ("월요일(월요일이 휴일인 경우, 화요일)", {MON_NEXT_DAY}),
        ("월요일+월요일이 휴일인 경우 다음날 휴관+1월 1일", {MON_NEXT_DAY, NEW_YEAR}),
        ("월요일(공휴일과 겹치면 그 익일)", {MON_NEXT_DAY}),
        ("매주 월요일(공휴일 제외)", {MON_OPEN}),
        ("매주 월요일(단, 월요일이 공휴일인 경우 개관)", {MON_OPEN}),
        ("공휴일을 제외한 매주 월요일", {MON_OPEN}),
        ("매주 월요일, 단 공휴일인 월요일은 개관", {MON_OPEN}),
        ("월요일(공휴일 다음의 첫 번째 비공휴일)", {MON_NEXT_WORKDAY}),
        (
            "1월 1일, 화요일, 2,4주 목요일(공휴일인 경우 다음날 휴관)",
            {NEW_YEAR, WeekdayClosure(1, if_holiday=IfHoliday.NEXT_DAY), WeekdayClosure(3, (2, 4))},
        ),
    ],
)
def test_reads_what_becomes_of_a_closing_day_on_a_holiday(
    text: str, closures: set[Closure]
) -> None:
    closings = read_closings(text)

    assert isinstance(closings, Closings)
    assert set(closings.closures) == closures


@pytest.mark.parametrize(
    ("text", "closures"),
    [
        ("연중무휴(명절제외)", {SEOLLAL, CHUSEOK}),
        ("연중무휴 (단, 설·추석 당일 휴무)", {SEOLLAL, CHUSEOK}),
        ("1월 1일을 제외하고 연중무휴", {NEW_YEAR}),
    ],
)
def test_reads_the_exceptions_of_never_closing(text: str, closures: set[Closure]) -> None:
    closings = read_closings(text)

    assert isinstance(closings, Closings)
    assert set(closings.closures) == closures
    assert not closings.is_always_open


@pytest.mark.parametrize(
    "text", ["연중무휴", "연중 무휴", "휴관일 없음", "없음", "365일 개방", "무휴"]
)
def test_reads_that_a_place_never_closes(text: str) -> None:
    assert read_closings(text) == Closings(is_always_open=True)


@pytest.mark.parametrize(
    "text",
    [
        "휴관",
        "휴관중",
        "임시휴관",
        "현재 휴관 중",
        "폐관",
        "휴관 중(내부 공사)",
        "월요일, 증축으로 장기휴관",
    ],
)
def test_reads_that_a_place_does_not_operate(text: str) -> None:
    assert read_closings(text) == Closings(is_never_open=True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "정보 부재",
        "홈페이지 참조",
        "변동",
        "개별 확인",
        "공연 일정에 따라 다름",
        "null",
        "우천시",
    ],
)
def test_refuses_what_says_nothing(text: str) -> None:
    assert read_closings(text) == Refusal("says nothing of closing days", text)


@pytest.mark.parametrize(
    "text",
    [
        "매주 월요일(별관은 화요일)",
        "격주 월요일",
        "월요일, 13:00 이후",
        "매월 18일",
        "공휴일 전날",
        "abc",
        "월요일(고유일일 경우 익일)",
    ],
)
def test_refuses_what_it_understands_only_in_part(text: str) -> None:
    assert isinstance(read_closings(text), Refusal)


def test_keeps_unforeseeable_closings_as_notes() -> None:
    closings = read_closings("매주 월요일, 전시 교체 기간, 기타 관장이 필요하다고 인정하는 날")

    assert closings == Closings(
        closures=(MON,), notes=("전시 교체 기간", "관장이 필요하다고 인정하는 날")
    )


def test_an_irregular_closing_does_not_swallow_the_day_behind_it() -> None:
    closings = read_closings("전시 기간 중 월요일 휴관, 일요일")

    assert isinstance(closings, Closings)
    assert set(closings.closures) == {MON, SUN}


def test_a_remark_of_more_openings_is_noted_and_left_out() -> None:
    closings = read_closings("월요일(단체예약시 개관)+신정")

    assert closings == Closings(closures=(MON, NEW_YEAR), notes=("단체예약시 개관",))


@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(
            st.sampled_from(
                ["매주", "월", "요일", "1", "2주", "공휴일", "(", ")", ",", "+", "설", "연휴", "당일",
                 "13월 45일", "다음날", "마지막", "~", "2031.13", "이", "경우", "휴관", " "]
            ),
            max_size=12,
        ).map("".join),
    )
)  # fmt: skip
def test_never_fails_on_any_text(text: str) -> None:
    assert isinstance(read_closings(text), Closings | Refusal)
