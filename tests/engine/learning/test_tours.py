import numpy as np
import pytest

from engine.learning.tours import Tour, TourCounts

TOURS = [
    Tour(visitor=0, stops=(0, 1, 2)),
    Tour(visitor=0, stops=(2, 0)),
    Tour(visitor=1, stops=(1,)),
]


def count(tours: list[Tour]) -> TourCounts:
    return TourCounts.of(tours=tours, places=3, visitors=2)


def test_counts_ways_and_meetings_of_the_stops() -> None:
    counts = count(TOURS)

    assert counts.direct.tolist() == [[0, 1, 0], [0, 0, 1], [1, 0, 0]]
    assert counts.met.tolist() == [[0, 1, 2], [1, 0, 1], [2, 1, 0]]


def test_a_single_stop_is_a_visit_but_no_outing() -> None:
    counts = count(TOURS)

    assert counts.tours.tolist() == [[2, 0], [1, 1], [2, 0]]
    assert counts.outings.tolist() == [[2, 0], [1, 0], [2, 0]]


@pytest.mark.parametrize("left_out", [0, 1, 2])
def test_without_a_tour_is_as_if_it_was_never_made(left_out: int) -> None:
    expected = count(TOURS[:left_out] + TOURS[left_out + 1 :])

    counts = count(TOURS).without(tour=TOURS[left_out])

    for name in ("tours", "outings", "direct", "met"):
        assert np.array_equal(getattr(counts, name), getattr(expected, name))


def test_taking_a_tour_out_leaves_the_counts_it_was_taken_from() -> None:
    counts = count(TOURS)

    counts.without(tour=TOURS[0])

    assert counts.met[0, 2] == 2


@pytest.mark.parametrize("stops", [(), (1, 1)])
def test_a_tour_visits_places_once(stops: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="stops"):
        Tour(visitor=0, stops=stops)


@pytest.mark.parametrize(
    ("tour", "field"),
    [
        (Tour(visitor=0, stops=(3,)), "stops"),
        (Tour(visitor=0, stops=(-1,)), "stops"),
        (Tour(visitor=2, stops=(0,)), "visitor"),
    ],
)
def test_an_unknown_place_or_visitor_is_refused(tour: Tour, field: str) -> None:
    with pytest.raises(ValueError, match=field):
        count([tour])
