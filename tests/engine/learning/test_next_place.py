from collections.abc import Sequence

import pytest

from engine.learning.crowd import Session
from engine.learning.next_place import NextPlaces
from engine.types import Point

POSITIONS = [Point(40.7 + 0.002 * (k // 6), -74.0 + 0.002 * (k % 6)) for k in range(36)]
# Each visitor goes a round of their own, again and again.
HISTORIES: list[list[Session]] = [
    [(v + 24, v), (v, v + 12, v + 24), (v, v + 12, v + 24), (v, v + 12, v + 24)] for v in range(12)
]


def fit(histories: Sequence[Sequence[Session]]) -> NextPlaces:
    return NextPlaces.fit(positions=POSITIONS, histories=histories, seed=0)


def test_expects_the_visitor_to_go_on_as_before() -> None:
    model = fit(HISTORIES)

    ranked = list(model.rank(visits=[(3, (3, 15)), (7, (7,))], size=2))

    assert ranked[0][0] == 27
    assert ranked[1][0] == 19


def test_of_two_strangers_to_a_visitor_the_one_that_others_go_on_to_comes_first() -> None:
    histories = [[*sessions, (30, 33)] for sessions in HISTORIES[:-1]] + [[(11, 23, 35)]]

    ranked = next(iter(fit(histories).rank(visits=[(11, (30,))], size=36)))

    assert ranked.index(33) < ranked.index(31)


def test_ranks_different_places_as_many_as_asked_for() -> None:
    ranked = list(fit(HISTORIES).rank(visits=[(0, (0,)), (1, (35, 2))], size=10))

    assert [len(set(row)) for row in ranked] == [10, 10]


def test_another_visitor_without_sessions_still_gets_an_answer() -> None:
    ranked = next(iter(fit([*HISTORIES, []]).rank(visits=[(12, (0,))], size=10)))

    assert len(ranked) == 10


def test_without_anything_to_learn_from_the_usual_place_comes_first() -> None:
    ranked = next(iter(fit([[(4, 4, 9)]]).rank(visits=[(0, (8,))], size=1)))

    assert ranked == (4,)


def test_the_same_seed_gives_the_same_answer() -> None:
    visits = [(k, (k,)) for k in range(12)]

    assert list(fit(HISTORIES).rank(visits=visits, size=5)) == list(
        fit(HISTORIES).rank(visits=visits, size=5)
    )


@pytest.mark.parametrize(
    ("visit", "field"), [((0, ()), "session"), ((0, (36,)), "session"), ((12, (0,)), "visitor")]
)
def test_an_impossible_question_is_refused(visit: tuple[int, Session], field: str) -> None:
    model = fit(HISTORIES)

    with pytest.raises(ValueError, match=field):
        list(model.rank(visits=[visit], size=3))
