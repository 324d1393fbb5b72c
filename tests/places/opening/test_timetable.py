import pytest
from hypothesis import given
from hypothesis import strategies as st

from places.opening.closures import WeekdayClosure
from places.opening.timetable import read_timetable
from places.opening.types import ALL_DAY, Intervals, OpeningHours, Refusal, every_day

H = 60


def read(text: str) -> OpeningHours:
    hours = read_timetable(text)
    assert isinstance(hours, OpeningHours), hours
    return hours


@pytest.mark.parametrize(
    ("text", "intervals"),
    [
        ("10:00~22:00", ((600, 1320),)),
        ("9:00 ~18:00", ((540, 1080),)),
        ("11-22", ((660, 1320),)),
        ("오전11~오후11", ((660, 1380),)),
        ("오전 10시 30분 ~ 오후 5시", ((630, 1020),)),
        ("10시반부터 19시까지", ((630, 1140),)),
        ("am 9:30 ~ pm 6:00", ((570, 1080),)),
        ("9 AM - 4 PM", ((540, 960),)),
        ("10 am - 7pm", ((600, 1140),)),
        ("17:00~02:00", ((1020, 1560),)),
        ("오후 6시~새벽 2시", ((1080, 1560),)),
        ("18시~자정", ((1080, 1440),)),
        ("정오~오후 9시", ((720, 1260),)),
        ("08:00~00:00", ((480, 1440),)),
        ("AM10:00-PM12:00", ((600, 1440),)),
        ("12~9", ((720, 1260),)),
        ("8:00~10:00", ((480, 1320),)),
        ("6:00~11:00", ((360, 660),)),
        ("1130-2200", ((690, 1320),)),
        ("11:30~15:00   17:00~22:00", ((690, 900), (1020, 1320))),
        ("영업시간 : 11:00~21:00", ((660, 1260),)),
        ("매일 11:30-22:00/ 15:00-17:00 브레이크타임", ((690, 900), (1020, 1320))),
        ("매일 08:00 ~ 22:00(15:00 ~ 17:00 브레이크타임)", ((480, 900), (1020, 1320))),
        ("11:00~21:00 준비시간 15:00~16:30", ((660, 900), (990, 1260))),
        ("09:00 ? 18:00", ((540, 1080),)),
        ("24시간", ALL_DAY),
        ("24hrs", ALL_DAY),
        ("24", ALL_DAY),
        ("상시개방", ALL_DAY),
        ("운영 제한 없음", ALL_DAY),
        ("always", ALL_DAY),
    ],
)
def test_reads_times_of_every_day(text: str, intervals: Intervals) -> None:
    assert read(text).week == every_day(intervals)


def test_workdays_and_weekend_have_their_own_times() -> None:
    hours = read("평일 : 09:00~22:00, 주말 : 10:00~17:00")

    assert hours.week == (((540, 1320),),) * 5 + (((600, 1020),),) * 2
    assert hours.holiday == ((600, 1020),)  # what workday and Sunday have in common


def test_workdays_alone_leave_weekends_and_holidays_closed() -> None:
    hours = read("평일 오전9시~오후6시")

    assert hours.week == (((540, 1080),),) * 5 + ((), ())
    assert hours.holiday == ()


def test_days_may_stand_behind_their_times_in_parentheses() -> None:
    hours = read("10:30~20:30 (화~목) / 10:00~21:00 (토~일)")

    middle, end = ((630, 1230),), ((600, 1260),)
    assert hours.week == ((), middle, middle, middle, (), end, end)


def test_times_of_some_days_take_them_over_from_every_day() -> None:
    hours = read("09:00~18:00 (주말 10:00 ~ 16:00)")

    assert hours.week == (((540, 1080),),) * 5 + (((600, 960),),) * 2


def test_public_holidays_have_their_own_times() -> None:
    hours = read("화~금 10:00~21:00, 주말, 공휴일 10:00~22:00")

    assert hours.week == ((), *(((600, 1260),),) * 4, *(((600, 1320),),) * 2)
    assert hours.holiday == ((600, 1320),)
    assert hours.speaks_of_holidays


def test_reads_english_days() -> None:
    hours = read("MON~FRI 07:00~23:00 / SAT~SUN 08:00~23:00")

    assert hours.week == (((420, 1380),),) * 5 + (((480, 1380),),) * 2


def test_seasons_have_their_own_times() -> None:
    hours = read("3~10월 09:30~18:00 | 11~2월 09:30~17:00")

    summer, winter = hours.seasons
    assert (summer.first, summer.last) == ((3, 1), (10, 31))
    assert summer.week == every_day(((570, 1080),))
    assert (winter.first, winter.last) == ((11, 1), (2, 31))
    assert winter.week == every_day(((570, 1020),))


def test_a_season_in_parentheses_changes_only_itself() -> None:
    hours = read("평일 : 09:00~20:00(동절기 11/1~2/28, 09:00~18:00), 주말 : 09:00~17:00")

    (winter,) = hours.seasons
    assert hours.week == (((540, 1200),),) * 5 + (((540, 1020),),) * 2
    assert (winter.first, winter.last) == ((11, 1), (2, 28))
    assert winter.week is not None
    assert winter.week[0] == ((540, 1080),)


@pytest.mark.parametrize(
    ("text", "last_entry_min", "last_entry_at"),
    [
        ("09:00~18:00 (입장마감 : 17:30)", None, 1050),
        ("오전 10시 ~ 오후 6시 (입장마감 오후 4시)", None, 960),
        ("10:00~20:00 (관람 종료 1시간 전까지 입장)", 60, None),
        ("10:00~20:00 폐관 30분전까지 입장", 30, None),
        ("11:00~22:00 라스트오더 21:00", None, 1260),
    ],
)
def test_reads_the_last_entry(
    text: str, last_entry_min: int | None, last_entry_at: int | None
) -> None:
    hours = read(text)

    assert (hours.last_entry_min, hours.last_entry_at) == (last_entry_min, last_entry_at)
    assert hours.week is not None
    assert len(hours.week[0]) == 1


@pytest.mark.parametrize(
    ("text", "closures"),
    [
        ("11시~21시 (일요일휴무)", {WeekdayClosure(6)}),
        ("09:00-21:00 (2주, 4주, 5주 일요일 휴무)", {WeekdayClosure(6, (2, 4, 5))}),
        ("12:00~22:30, Closed on Monday", {WeekdayClosure(0)}),
        ("영업시간 :09:00~21:00 좌석수 :5 휴무일 :매주 수요일 예약 :불가능", {WeekdayClosure(2)}),
        ("11:00~21:00 휴무 : 토,일", {WeekdayClosure(5), WeekdayClosure(6)}),
        ("09:00~21:00 * 매주 월요일 정기휴관", {WeekdayClosure(0)}),
    ],
)
def test_reads_closing_days_beside_the_times(text: str, closures: set[WeekdayClosure]) -> None:
    assert set(read(text).closures) == closures


def test_times_of_another_room_are_noted_and_left_out() -> None:
    hours = read("평일 : 09:00~22:00, 주말 : 09:00~20:00 어린이자료실: 09:00~18:00")

    assert hours.week == (((540, 1320),),) * 5 + (((540, 1200),),) * 2
    assert hours.notes == ("어린이자료실", "09:00~18:00")


def test_days_whose_times_vary_are_not_called_open() -> None:
    hours = read("평일 : 9:00 ~18:00 / 주말 : 행사에 따라 상이")

    assert hours.week == (((540, 1080),),) * 5 + ((), ())


@pytest.mark.parametrize(
    "text",
    ["", "-23:00", "~23:00", "새벽1시까지", "알 수 없음", "Korean", "ATM: 07:00 ~ 23:30", "99:00~88:00",
     "성수기 12:00~21:00", "매주 4일, 9일", "공연에 따라 다름", "예약제"],
)  # fmt: skip
def test_refuses_what_states_no_times(text: str) -> None:
    assert isinstance(read_timetable(text), Refusal)


@pytest.mark.parametrize(
    "text",
    [
        "10:00 ~ 18:00 화~일",
        "10:00 ~ 18:00 화, 수, 목, 금, 토, 일요일(입장마감 17:00)",
        "매주 화수목금토일10:00~18:00",
        "화~일 10:00~18:00 / 도서관 : 월~금 09:00~20:00",
    ],
)
def test_reads_the_days_wherever_they_stand(text: str) -> None:
    assert read(text).week == ((), *(((600, 1080),),) * 6)


def test_several_parts_of_the_year_share_their_times() -> None:
    hours = read("1월~2월, 11월~12월 09:00~17:00, 3월~10월 09:00~18:00")

    assert [(season.first, season.last) for season in hours.seasons] == [
        ((1, 1), (2, 31)),
        ((11, 1), (12, 31)),
        ((3, 1), (10, 31)),
    ]


def test_refuses_times_of_no_days_behind_times_of_some() -> None:
    text = "09:00~18:00 화~일 / 18:00~21:00 매주 금요일 음악회"

    assert read_timetable(text) == Refusal(
        "times of every day stand behind times of some days", text
    )


def test_refuses_times_that_contradict_each_other() -> None:
    assert isinstance(read_timetable("월요일 09:00~18:00 10:00~17:00"), Refusal)


@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(
            st.sampled_from(
                ["10:00", "25:00", "~", "-", "오전", "오후", "pm", "평일", "주말", "월", "(", ")", "휴무",
                 "하절기", "3월", "브레이크타임", "입장마감", "1시간 전", "24시간", " ", ",", "12", "시"]
            ),
            max_size=14,
        ).map("".join),
    )
)  # fmt: skip
def test_never_fails_on_any_text(text: str) -> None:
    assert isinstance(read_timetable(text), OpeningHours | Refusal)


def test_a_last_entry_of_days_before_closing_is_a_slip() -> None:
    hours = read_timetable("0~0:00 100시간 전")

    assert isinstance(hours, OpeningHours)
    assert hours.last_entry_min is None
