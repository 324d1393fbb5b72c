"""A problem refuses what no planner could take for a trip, and names the field."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.engine.planner.reference import make_problem


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("travel_min", np.full((4, 4), np.nan)),
        ("travel_min", np.full((4, 4), -1.0)),
        ("travel_min", np.zeros((2, 2))),
        ("stay_min", np.array([30.0, -1.0])),
        ("stay_min", np.array([30.0, np.inf])),
        ("score", np.array([[1.0], [np.nan]])),
        ("score", np.zeros((2, 0))),
        ("score", np.array(1.0)),
        ("bucket_min", 0.0),
        ("bucket_min", float("nan")),
        ("window_opens", np.full((2, 1), np.nan)),
        ("window_last_entry", np.full((2, 1), -1.0)),
        ("window_last_entry", np.full((2, 1), np.nan)),
        ("window_closes", np.full((2, 1), 500.0)),
        ("window_closes", np.full((2, 3), 500.0)),
        ("time_budget_min", -1.0),
        ("time_budget_min", float("inf")),
        ("cost", np.array([0, -1])),
        ("cost_budget", -1),
        ("window_group", np.full((2, 1), 0)),
        ("window_group", np.full((2, 1), -2)),
        ("minority", np.zeros(3, dtype=np.bool_)),
        ("repetition", np.full(2, -2)),
        ("max_stops", -1),
        ("wait_weight", -0.1),
        ("travel_weight", float("nan")),
        ("repetition_weight", float("inf")),
    ],
)
def test_names_the_field_that_is_wrong(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"^{name} must"):
        make_problem(**{name: value})


@pytest.mark.parametrize("name", ["group_at_most", "group_at_least"])
def test_a_group_has_no_negative_bound(name: str) -> None:
    bounds: dict[str, Any] = {name: np.array([-1])}

    with pytest.raises(ValueError, match=f"^{name} must"):
        make_problem(groups=1, **bounds)


def test_windows_of_a_candidate_ascend() -> None:
    with pytest.raises(ValueError, match=r"^window_opens must ascend"):
        make_problem(windows=2, window_opens=np.array([[5.0, 4.0], [0.0, 1.0]]))


def test_the_bounds_of_a_missing_window_do_not_matter() -> None:
    problem = make_problem(
        window_opens=np.full((2, 1), np.inf), window_closes=np.full((2, 1), np.nan)
    )

    assert problem.max_stops == 2


@pytest.mark.parametrize("stays", [[30.0, np.nan], [30.0, -1.0], [30.0, np.inf], [30.0]])
def test_other_stays_are_as_possible_as_the_first(stays: list[float]) -> None:
    with pytest.raises(ValueError, match=r"^stay_min must be finite"):
        make_problem().with_stays(np.array(stays))


def test_the_problem_of_a_route_has_its_candidates_in_its_order() -> None:
    ways = np.arange(25, dtype=np.float64).reshape(5, 5)
    problem = make_problem(n=3, travel_min=ways, cost=np.array([5, 6, 7]))

    alone = problem.of_route([2, 0])

    assert alone.cost.tolist() == [7, 5]
    assert alone.travel_min.tolist() == ways[[2, 0, 3, 4]][:, [2, 0, 3, 4]].tolist()
    assert alone.max_stops == problem.max_stops
