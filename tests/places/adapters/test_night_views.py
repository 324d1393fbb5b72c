from places.adapters.night_views import NightViews
from places.types import Draft, HoursText, Refusal, Row


def clean(hours: str) -> Draft | Refusal:
    values = {
        "번호": "7",
        "분류": "공원/광장",
        "장소명": "달빛공원",
        "주소": "서울 광진구 달빛동 1",
        "위도": "37.53",
        "경도": "127.07",
        "운영시간": hours,
        "이용요금": "",
        "내용": "",
        "수정일시": "2024-01-02",
    }
    return NightViews().clean(Row("line 2", values))


def test_the_hours_of_lights_are_a_note_and_not_those_of_the_park() -> None:
    draft = clean("17:30~22:30 (축제 경관조명 점등 시간)")

    assert isinstance(draft, Draft)
    assert draft.hours == HoursText(note="17:30~22:30 (축제 경관조명 점등 시간)")
    assert not draft.hours.is_said
    assert draft.hours.text == "17:30~22:30 (축제 경관조명 점등 시간)"


def test_performances_of_some_months_are_no_stop_of_the_whole_year() -> None:
    refusal = clean("성수기(7~8월) 12:00 ~ 21:00(10회), 비수기(4~6월) 12:00, 17:00")

    assert refusal == Refusal("line 2", "only in season", "달빛공원", expected=True)


def test_opening_hours_by_months_are_hours() -> None:
    said = "4월~10월(12:00~20:00), 3월,11월(12:00~18:00)"
    draft = clean(said)

    assert isinstance(draft, Draft)
    assert draft.hours == HoursText(opening=said)
