from datetime import date
from typing import Any

from places.services import rivalling
from places.services.rivalling import rivals_of
from tests.builders.drafts import make_draft

YEAR = {date(2026, 1, 1): 1.0, date(2022, 1, 1): 0.5, None: 0.0}


def made(source: str, as_of: date | None, **fields: Any) -> Any:
    return make_draft(**{"name": "달빛박물관", **fields}, source=source, ref="1", as_of=as_of)


def test_records_that_agree_say_nothing_more() -> None:
    drafts = [made("a", date(2026, 1, 1)), made("b", None, name="달빛 박물관")]

    assert rivals_of("a:1", rivalling.names(drafts), weigh=YEAR.__getitem__) == {}


def test_what_another_record_says_keeps_its_row_its_date_and_its_share() -> None:
    drafts = [
        made("a", date(2026, 1, 1), cost=(3000, 3000)),
        made("b", date(2022, 1, 1), cost=(2000, 2000)),
        made("c", date(2026, 1, 1), cost=(2000, 2000)),
        made("d", None, cost=(0, 0)),
        made("e", date(2026, 1, 1)),  # says nothing of it
    ]

    found = rivals_of("a:1", rivalling.costs(drafts), weigh=YEAR.__getitem__)

    assert found == {
        "as_of": "2026-01-01",
        "confidence": 0.398,
        "rivals": [
            {"from": "c:1", "said": [2000, 2000], "as_of": "2026-01-01", "confidence": 0.598},
            {"from": "d:1", "said": [0, 0], "as_of": None, "confidence": 0.004},
        ],
    }


def test_nobody_rivals_a_fact_that_no_record_states() -> None:
    drafts = [made("a", None, cost=(1, 1)), made("b", None, cost=(2, 2))]

    assert rivals_of("", rivalling.costs(drafts), weigh=YEAR.__getitem__) == {}


def test_of_records_without_a_date_each_counts_alike() -> None:
    drafts = [made("a", None), made("b", None, name="별빛박물관")]

    found = rivals_of("a:1", rivalling.names(drafts), weigh=YEAR.__getitem__)

    assert found["confidence"] == found["rivals"][0]["confidence"] == 0.5
