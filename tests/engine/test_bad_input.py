"""Whatever enters the engine, it names the field that is wrong, or answers with a correct plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from engine.recommending import Engine
from engine.travel import BoolArray, CrowFly, FloatArray, TravelMatrix
from engine.types import Mode, Point, Recommendation, Window
from tests.builders.engine import (
    CENTRE,
    make_candidate,
    make_constraints,
    make_neighbourhood,
    make_point,
    make_window,
)
from tests.engine.recommended import STRICT, recommend, stops_of

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("time_budget_min", NAN),
        ("time_budget_min", INF),
        ("time_budget_min", -1.0),
        ("time_budget_min", 1e9),
        ("starts_at", datetime(2026, 3, 7, 13, 0)),  # noqa: DTZ001 - without a zone, on purpose
        ("starts_at", datetime(1, 1, 1, tzinfo=UTC)),
        ("starts_at", datetime(9999, 12, 31, tzinfo=UTC)),
        ("budget", -1),
        ("budget", NAN),
        ("max_stops", 0),
        ("party_size", 0),
        ("seed", -1),
        ("seed", 2**64),
        ("categories", ("casino",)),
        ("mostly", ("casino",)),
        ("category_counts", {"cafe": 0}),
        ("category_counts", {"casino": 1}),
        ("moods", ("angry",)),
        ("avoid", ("angry",)),
        ("needs", ("helicopter",)),
        ("companions", "robots"),
        ("mode", "teleport"),
        ("weather", "frogs"),
        ("taste", np.zeros(256, np.float32)),
        ("taste", np.full(256, np.nan, np.float32)),
        ("taste", np.full(256, 1.0, np.float32)),
        ("liked", ("angry",)),
        ("query_embedding", np.ones((2, 2), np.float32)),
    ],
)
def test_names_the_constraint_that_is_wrong(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"^{name}"):
        recommend(make_neighbourhood(), **{name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("category", "casino"),
        ("stay_min", NAN),
        ("stay_min", -30.0),
        ("stay_min", INF),
        ("cost_low", -1),
        ("cost_high", -1),
        ("cost_high", NAN),
        ("quality", NAN),
        ("quality", 1.1),
        ("freshness", -0.1),
        ("popularity", INF),
        ("congestion", NAN),
        ("moods", {"quiet": NAN}),
        ("moods", {"quiet": 0.0}),
        ("crowd", {12: NAN}),
        ("crowd", {12: -1.0}),
        ("crowd", {72: 1.0}),
        ("windows", (make_window(300, 400), make_window(0, 100))),
    ],
)
def test_names_the_candidate_and_the_field_that_is_wrong(name: str, value: Any) -> None:
    places = make_neighbourhood()
    places[3] = replace(places[3], **{name: value})

    with pytest.raises(ValueError, match=rf"^candidates\[3\]\.{name}"):
        recommend(places)


@pytest.mark.parametrize("embedding", [np.ones(3, np.float32), np.full(256, np.nan, np.float32)])
def test_names_a_vector_that_compares_with_nothing(embedding: Any) -> None:
    wanted = np.zeros(256, np.float32)
    wanted[0] = 1.0
    places = [make_candidate(), make_candidate("odd", embedding=embedding)]

    with pytest.raises(ValueError, match=r"^candidates\[1\]\.embedding"):
        recommend(places, query_embedding=wanted)


def test_two_vectors_of_two_lengths_are_refused() -> None:
    short, long = np.ones(1, np.float32), np.zeros(4, np.float32)
    long[0] = 1.0

    with pytest.raises(ValueError, match=r"^taste"):
        recommend(make_neighbourhood(), taste=short, query_embedding=long)


@pytest.mark.parametrize("bounds", [(10, 0, 5), (0, 10, 11), (NAN, 1, 1), (0, NAN, 0), (0, 1, NAN)])
def test_a_window_the_wrong_way_round_cannot_be_made(bounds: tuple[float, float, float]) -> None:
    opens, closes, last_entry = bounds

    with pytest.raises(ValueError, match="opens <= last_entry <= closes"):
        Window(opens, closes, last_entry)


@pytest.mark.parametrize(
    ("latitude", "longitude", "name"),
    [(NAN, 0, "latitude"), (91, 0, "latitude"), (0, NAN, "longitude"), (0, -181, "longitude")],
)
def test_a_point_off_the_earth_cannot_be_made(latitude: float, longitude: float, name: str) -> None:
    with pytest.raises(ValueError, match=f"^{name}"):
        Point(latitude, longitude)


@dataclass(frozen=True)
class Fixed:
    """Answers crow-fly times with one matrix put in the place of its own."""

    name: str
    matrix_of: Any  # from the honest matrix to the one told

    def matrix(
        self,
        *,
        points: Sequence[Point],
        mode: Mode,
        needed: BoolArray | None = None,
        crow_fly: FloatArray | None = None,
    ) -> TravelMatrix:
        honest = CrowFly().matrix(points=points, mode=mode)
        return replace(honest, **{self.name: self.matrix_of(getattr(honest, self.name).copy())})


def _with(value: float) -> Any:
    def change(matrix: FloatArray) -> FloatArray:
        matrix = matrix.astype(np.float64)
        matrix[0, 1] = value
        return matrix

    return change


@pytest.mark.parametrize("name", ["minutes", "metres", "crow_fly", "source"])
@pytest.mark.parametrize("change", [_with(NAN), _with(-1.0), lambda matrix: matrix[1:]])
def test_names_the_matrix_that_a_router_got_wrong(name: str, change: Any) -> None:
    engine = replace(STRICT, travel_times=Fixed(name, change))

    with pytest.raises(ValueError, match=rf"^travel\.{name}"):
        engine.recommend(constraints=make_constraints(), candidates=make_neighbourhood())


def _uphill(matrix: FloatArray) -> FloatArray:
    return np.triu(matrix) * 1.7 + np.tril(matrix)


def _itself(matrix: FloatArray) -> FloatArray:
    np.fill_diagonal(matrix, 99.0)
    return matrix


def _island(matrix: FloatArray) -> FloatArray:
    matrix[:5, 5:] = np.inf
    matrix[5:, :5] = np.inf
    return matrix


@pytest.mark.parametrize("change", [_uphill, _itself, _island])
def test_plans_with_ways_that_differ_there_and_back(change: Any) -> None:
    engine = replace(STRICT, travel_times=Fixed("minutes", change))

    answer = engine.recommend(constraints=make_constraints(), candidates=make_neighbourhood())

    assert len(answer.cards) == 3


def test_no_card_where_the_end_cannot_be_reached() -> None:
    def cut(matrix: FloatArray) -> FloatArray:
        matrix[:, -1] = np.inf
        return matrix

    engine = replace(STRICT, travel_times=Fixed("minutes", cut))

    answer = engine.recommend(
        constraints=make_constraints(destination=make_point(north_m=500)),
        candidates=make_neighbourhood(),
    )

    assert answer.cards == ()
    assert answer.why_fewer is not None


def test_no_candidates_is_an_answer_that_says_so() -> None:
    answer = recommend([])

    assert answer.cards == ()
    assert answer.why_fewer is not None
    assert answer.why_fewer.code == "none_left"


def test_one_candidate_is_one_card() -> None:
    assert [stops_of(card) for card in recommend([make_candidate()]).cards] == [[0]]


def test_a_thousand_candidates_are_planned() -> None:
    places = [
        replace(place, name_ko=f"{k}", position=make_point(north_m=k % 37 * 20, east_m=k % 41 * 20))
        for k, place in enumerate(make_neighbourhood() * 50)
    ]

    answer = recommend(places, time_budget_min=480.0)

    assert len(places) == 1_000
    assert len(answer.cards) == 3


def test_nothing_open_is_no_card() -> None:
    places = [replace(place, windows=(make_window(-600, -1),)) for place in make_neighbourhood()]

    answer = recommend(places)

    assert answer.cards == ()


def test_no_windows_at_all_is_closed() -> None:
    answer = recommend([replace(place, windows=()) for place in make_neighbourhood()])

    assert answer.cards == ()


def test_a_place_told_twice_is_visited_once() -> None:
    places = [*make_neighbourhood(), *make_neighbourhood()]

    answer = recommend(places, time_budget_min=480.0)

    assert len(answer.cards) == 3
    for card in answer.cards:
        visited = [index % 20 for index in stops_of(card)]
        assert len(visited) == len(set(visited))


def test_windows_that_overlap_are_one_long_one() -> None:
    overlapping = (make_window(-60, 200), make_window(100, 960), make_window(100, 960))
    places = [replace(place, windows=overlapping) for place in make_neighbourhood()]

    assert _routes(recommend(places)) == _routes(recommend(make_neighbourhood()))


def test_a_window_without_end_is_open_for_ever() -> None:
    places = [replace(p, windows=(Window(-INF, INF, INF),)) for p in make_neighbourhood()]

    assert _routes(recommend(places)) == _routes(recommend(make_neighbourhood()))


def test_a_budget_beyond_all_money_is_no_limit() -> None:
    rich = recommend(make_neighbourhood(), budget=2**100)

    assert len(rich.cards) == 3


def test_costs_that_no_number_holds_together_break_no_budget() -> None:
    places = [replace(place, cost_high=2**53) for place in make_neighbourhood()]

    answer = recommend(places, budget=2**54)

    assert all(len(stops_of(card)) <= 2 for card in answer.cards)


@pytest.mark.parametrize("latitude", [90.0, -90.0, 89.9999])
def test_plans_at_the_poles(latitude: float) -> None:
    places = [
        replace(place, position=Point(latitude, longitude))
        for place, longitude in zip(make_neighbourhood(), np.linspace(-180, 180, 20), strict=True)
    ]

    answer = recommend(places, origin=Point(latitude, 0.0))

    # All of the pole is one point: every way is short, whatever the longitudes say.
    assert len(answer.cards) == 3
    assert all(stop.travel_min < 1 for card in answer.cards for stop in card.plan.stops)


def test_plans_over_the_antimeridian_as_anywhere_else() -> None:
    def shifted(point: Point) -> Point:
        east = point.longitude - CENTRE.longitude + 180.0
        return Point(point.latitude, east if east <= 180 else east - 360)

    places = make_neighbourhood()
    across = [replace(place, position=shifted(place.position)) for place in places]
    across = [replace(place, indoor=place.indoor) for place in across]

    answer = recommend(across, origin=shifted(CENTRE))

    assert any(p.position.longitude < 0 for p in across)
    assert any(p.position.longitude > 0 for p in across)
    assert _routes(answer) == _routes(recommend(places))


def test_ways_between_no_points_are_an_empty_matrix() -> None:
    assert CrowFly().matrix(points=[], mode=Mode.WALK).minutes.shape == (0, 0)


def test_half_the_world_away_is_half_its_girth() -> None:
    travel = CrowFly().matrix(points=[Point(0, 0), Point(0, 180), Point(90, 0)], mode=Mode.WALK)

    assert travel.crow_fly[0, 1] == pytest.approx(np.pi * 6_371_008.8)
    assert travel.crow_fly[0, 2] == pytest.approx(np.pi / 2 * 6_371_008.8)


@pytest.mark.parametrize("candidate", [-1, 20])
def test_why_not_refuses_a_place_that_is_none(candidate: int) -> None:
    places, constraints = make_neighbourhood(), make_constraints()
    card = recommend(places).cards[0]

    with pytest.raises(ValueError, match=r"^candidate must"):
        Engine().why_not(constraints=constraints, candidates=places, card=card, candidate=candidate)


def test_why_not_refuses_a_card_of_another_request() -> None:
    places, constraints = make_neighbourhood(), make_constraints()
    card = recommend(places).cards[0]
    few = places[: max(stops_of(card))]

    with pytest.raises(ValueError, match=r"^card must be of this request"):
        Engine().why_not(constraints=constraints, candidates=few, card=card, candidate=0)


def test_swap_refuses_a_stop_that_is_none() -> None:
    places, constraints = make_neighbourhood(), make_constraints()
    card = recommend(places).cards[0]

    with pytest.raises(ValueError, match=r"^stop must"):
        Engine().swap(constraints=constraints, candidates=places, card=card, stop=9, candidate=0)


def test_two_places_asked_for_by_name_that_exclude_each_other_are_said_so() -> None:
    places = make_neighbourhood()
    places[0] = replace(places[0], is_named=True, windows=(make_window(10, 60),))
    places[2] = replace(places[2], is_named=True, windows=(make_window(10, 60),))

    answer = recommend(places)

    assert answer.cards
    for card in answer.cards:
        left_out = {0, 2} - {*stops_of(card)}
        assert len(left_out) == sum(fact.code.startswith("named_") for fact in card.warnings)


def _routes(answer: Recommendation) -> list[list[int]]:
    return [stops_of(card) for card in answer.cards]
