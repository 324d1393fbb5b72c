import numpy as np
import pytest

from engine.learning.routing import recommend_tour
from engine.learning.touring import Ground, TourScorer
from engine.learning.tours import Tour, TourCounts
from engine.types import Point

# A street of six places, from west to east, 700 m apart.
STREET = [Point(37.5, 127.0 + 0.008 * k) for k in range(6)]


def fit(tours: list[Tour]) -> TourScorer:
    counts = TourCounts.of(tours=tours, places=6, visitors=len(tours))
    return TourScorer.fit(ground=Ground.of(positions=STREET), counts=counts, tours=tours)


def made(*routes: tuple[int, ...]) -> list[Tour]:
    return [Tour(visitor=k, stops=route) for k, route in enumerate(routes)]


def test_recommends_what_was_visited_between_these_ends() -> None:
    scorer = fit(made(*[(0, 4, 5)] * 6, *[(2, 1, 3)] * 6, (4,), (1,)))

    assert recommend_tour(scorer=scorer, first=0, last=5, length=3) == (0, 4, 5)
    assert recommend_tour(scorer=scorer, first=2, last=3, length=3) == (2, 1, 3)


def test_orders_the_stops_by_the_ways_that_were_gone() -> None:
    scorer = fit(made(*[(0, 3, 1, 5)] * 9))

    assert recommend_tour(scorer=scorer, first=0, last=5, length=4) == (0, 3, 1, 5)


def test_orders_stops_by_distance_where_nothing_else_is_known() -> None:
    scorer = fit(made((0,), (1,), (2,), (3,), (4,), (5,)))

    route = recommend_tour(scorer=scorer, first=0, last=5, length=6)

    assert route == (0, 1, 2, 3, 4, 5)


def test_a_place_that_nobody_visited_is_not_offered() -> None:
    scorer = fit(made((0, 1, 5), (0, 2, 5)))

    _, offered = scorer.score_stops(first=0, last=5)

    assert offered.tolist() == [False, True, True, False, False, False]


def test_before_any_tour_has_taught_the_popular_place_wins() -> None:
    scorer = fit(made((0,), (5,), (2,), (2,), (3,)))

    assert recommend_tour(scorer=scorer, first=0, last=5, length=3) == (0, 2, 5)


@pytest.mark.parametrize("length", [3, 4, 5, 6])
def test_a_tour_has_the_length_and_ends_asked_for_and_no_place_twice(length: int) -> None:
    rng = np.random.default_rng(length)
    scorer = fit(made(*[tuple(rng.permutation(6)[:4].tolist()) for _ in range(12)]))

    route = recommend_tour(scorer=scorer, first=4, last=2, length=length)

    assert (route[0], route[-1], len(set(route)), len(route)) == (4, 2, length, length)


@pytest.mark.parametrize("length", [1, 5])
def test_a_length_that_the_known_places_cannot_fill_is_refused(length: int) -> None:
    scorer = fit(made((0, 1, 5), (0, 2, 5)))

    with pytest.raises(ValueError, match="length"):
        recommend_tour(scorer=scorer, first=0, last=5, length=length)


def test_a_tour_does_not_end_where_it_begins() -> None:
    with pytest.raises(ValueError, match="first and last"):
        recommend_tour(scorer=fit(made((0, 1, 5))), first=0, last=0, length=3)


def test_places_on_one_spot_are_no_ground() -> None:
    with pytest.raises(ValueError, match="positions"):
        Ground.of(positions=[STREET[0], STREET[0]])
