import pytest

from engine.learning.crowd import Crowd, Session

HISTORIES: list[list[Session]] = [[(0, 1, 2), (0, 1)], [(0, 2, 2)]]


def test_counts_what_came_straight_after_and_at_any_time_after() -> None:
    straight, later = Crowd.of(histories=HISTORIES, places=3).after(earlier=(1, 0), without=())

    assert straight.tolist() == [0, 2, 1]
    assert later.tolist() == [0, 2, 3]


def test_a_session_taken_off_is_as_if_it_was_never_made() -> None:
    crowd = Crowd.of(histories=HISTORIES, places=3)
    fewer = Crowd.of(histories=[[(0, 1, 2)], [(0, 2, 2)]], places=3)

    for earlier in [(0,), (1,), (2,), (0, 1), (1, 2, 0)]:
        straight, later = crowd.after(earlier=earlier, without=[(0, 1)])
        expected_straight, expected_later = fewer.after(earlier=earlier, without=())

        assert straight.tolist() == expected_straight.tolist()
        assert later.tolist() == expected_later.tolist()


def test_counts_visitors_once_and_ends_each_time() -> None:
    crowd = Crowd.of(histories=HISTORIES, places=3)

    assert crowd.visitors.tolist() == [2, 1, 2]
    assert crowd.ends.tolist() == [0, 1, 2]


@pytest.mark.parametrize("session", [(), (3,), (0, -1)])
def test_a_session_that_cannot_be_is_refused(session: Session) -> None:
    with pytest.raises(ValueError, match="session"):
        Crowd.of(histories=[[session]], places=3)
