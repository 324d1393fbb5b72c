import json
from datetime import date

import pytest

from places.opening.calendar import Feast
from places.opening.closures import (
    LAST,
    DatedClosure,
    FeastClosure,
    HolidayClosure,
    IfHoliday,
    WeekdayClosure,
    YearlyClosure,
)
from places.opening.types import MalformedHours, OpeningHours, Season, every_day

NINE_TO_SIX = every_day(((540, 1080),))


def test_json_gives_back_every_field() -> None:
    hours = OpeningHours(
        week=NINE_TO_SIX,
        holiday=(),
        seasons=(Season(first=(11, 1), last=(2, 28), week=NINE_TO_SIX, holiday=((600, 700),)),),
        closures=(
            WeekdayClosure(0, (1, LAST), IfHoliday.NEXT_WORKDAY, (4, 5)),
            HolidayClosure(except_sundays=True),
            FeastClosure(Feast.CHUSEOK, all_days=True),
            YearlyClosure((12, 30), (1, 2)),
            DatedClosure(date(2026, 1, 1), date(2026, 2, 1)),
        ),
        last_entry_min=30,
        last_entry_at=1020,
        speaks_of_holidays=True,
        place=(37.5, 127.0),
        source_text="본문",
        notes=("메모",),
    )

    assert OpeningHours.from_json(json.loads(json.dumps(hours.to_json()))) == hours


def test_json_leaves_out_what_is_empty() -> None:
    assert OpeningHours(week=None).to_json() == {"v": 1}


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"v": 2},
        {"v": 1, "week": [[]]},
        {"v": 1, "week": [[[600, 500]]] + [[]] * 6},
        {"v": 1, "week": [[[600, 700], [650, 800]]] + [[]] * 6},
        {"v": 1, "week": [[[1500, 1600]]] + [[]] * 6},
        {"v": 1, "week": "always"},
        {"v": 1, "closures": [["moon", 1]]},
        {"v": 1, "closures": [["weekday", 9, [], "closed", []]]},
        {"v": 1, "closures": [["yearly", [2, 31], [3, 1]]]},
        {"v": 1, "closures": [[]]},
        {"v": 1, "last_entry_min": 5000},
        {"v": 1, "seasons": [{"first": [1, 1]}]},
    ],
)
def test_refuses_json_of_another_shape(value: dict[str, object]) -> None:
    with pytest.raises(MalformedHours):
        OpeningHours.from_json(value)
