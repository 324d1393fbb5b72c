import pytest

from engine.learning.habits import Habits

SESSIONS = [(1, 2, 3), (2, 3), (1, 2, 4)]


def test_counts_visits_sessions_and_ends() -> None:
    habits = Habits.of(sessions=[*SESSIONS, (3, 3)], earlier=(5,))

    assert habits.visits == {1: 2, 2: 3, 3: 4, 4: 1}
    assert habits.sessions == {1: 2, 2: 3, 3: 3, 4: 1}
    assert habits.ends == {3: 3, 4: 1}


def test_a_visit_fades_with_each_session_after() -> None:
    habits = Habits.of(sessions=[(1,), (2,), (1,)], earlier=(5,))

    assert habits.recent[1] == pytest.approx(1 + 0.8**2)
    assert habits.recent[2] == pytest.approx(0.8)


def test_what_follows_the_last_two_places_is_told_from_what_follows_the_last() -> None:
    habits = Habits.of(sessions=SESSIONS, earlier=(1, 2))

    assert (habits.following[3], habits.following[4]) == (2, 1)
    assert dict(habits.third) == {3: 1, 4: 1}


def test_a_session_counts_as_company_by_what_it_shares() -> None:
    habits = Habits.of(sessions=[(1, 2, 3), (1, 4)], earlier=(1, 2))

    assert dict(habits.company) == {2: 1, 3: 1, 4: 0.5}


def test_the_session_so_far_counts_for_what_follows() -> None:
    habits = Habits.of(sessions=[], earlier=(7, 8, 7))

    assert habits.following[8] == 1
    assert habits.visits == {}
