from collections import Counter
from dataclasses import dataclass

from places.shortlisting import shortlist


@dataclass(frozen=True)
class Row:
    category: str
    has_known_hours: bool = False
    rank: int = 0


def test_categories_share_the_places_by_their_weights() -> None:
    rows = [Row("cafe")] * 50 + [Row("museum")] * 50 + [Row("market")] * 50

    chosen = shortlist(rows, limit=25, asked=(), mostly=())

    assert Counter(row.category for row in chosen) == {"cafe": 10, "museum": 10, "market": 5}


def test_a_category_asked_for_has_three_times_its_share() -> None:
    rows = [Row("cafe")] * 50 + [Row("museum")] * 50

    chosen = shortlist(rows, limit=20, asked=("cafe",), mostly=())

    assert Counter(row.category for row in chosen) == {"cafe": 15, "museum": 5}


def test_a_category_that_runs_out_leaves_its_share_to_others() -> None:
    rows = [Row("cafe")] * 50 + [Row("museum")] * 2

    chosen = shortlist(rows, limit=20, asked=(), mostly=())

    assert Counter(row.category for row in chosen) == {"cafe": 18, "museum": 2}


def test_the_best_of_a_category_come_first() -> None:
    rows = [Row("cafe", rank=rank) for rank in range(10)]

    chosen = shortlist(rows, limit=3, asked=(), mostly=())

    assert [row.rank for row in chosen] == [0, 1, 2]


def test_known_hours_make_up_half_where_there_are_enough() -> None:
    rows = [Row("cafe", rank=rank) for rank in range(10)]
    rows += [Row("cafe", has_known_hours=True, rank=rank) for rank in range(10, 20)]

    chosen = shortlist(rows, limit=6, asked=(), mostly=())

    assert [row.rank for row in chosen] == [10, 0, 11, 1, 12, 2]


def test_better_known_places_need_not_wait_for_assumed_ones() -> None:
    rows = [Row("cafe", has_known_hours=rank < 4, rank=rank) for rank in range(8)]

    chosen = shortlist(rows, limit=6, asked=(), mostly=())

    assert [row.rank for row in chosen] == [0, 1, 2, 3, 4, 5]


def test_nothing_to_choose_from_is_nothing_chosen() -> None:
    assert shortlist([], limit=5, asked=(), mostly=()) == []
