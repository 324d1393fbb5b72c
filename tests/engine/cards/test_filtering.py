from typing import Any

import numpy as np
import pytest

from engine.cards.filtering import list_exclusions
from engine.cards.sense import DEFAULT_SENSE
from engine.types import Candidate, Fact
from tests.builders.engine import make_candidate, make_constraints, make_window


def exclusion(candidate: Candidate, *, metres: float = 100.0, **changes: object) -> Fact | None:
    (fact,) = list_exclusions(
        candidates=[candidate],
        constraints=make_constraints(**changes),
        sense=DEFAULT_SENSE,
        from_origin_m=np.array([metres]),
    )
    return fact


def test_an_ordinary_place_is_kept() -> None:
    assert exclusion(make_candidate()) is None


@pytest.mark.parametrize(
    ("candidate", "changes", "code"),
    [
        (make_candidate(" "), {}, "unnamed"),
        (make_candidate(source_class="gym"), {}, "not_a_stop"),
        (make_candidate(category="restaurant", source_class="fast_food"), {}, "not_a_stop"),
        (make_candidate(category="library"), {}, "only_if_asked"),
        (make_candidate(category="heritage", stay_min=15.0), {}, "hardly_a_stop"),
        (make_candidate(), {"avoid": ("cafe",)}, "avoided_category"),
        (make_candidate(moods={"lively": 0.6}), {"avoid": ("lively",)}, "avoided_mood"),
        (make_candidate(congestion=0.8), {"avoid": ("crowded",)}, "too_crowded"),
        (make_candidate(category="bar"), {"companions": "kids"}, "not_with_company"),
        (make_candidate(category="park"), {"indoor": True}, "not_indoors"),
        (make_candidate(category="cafe"), {"indoor": False}, "not_outdoors"),
        (make_candidate(pets_allowed=None), {"needs": ("pet",)}, "need_unmet"),
        (make_candidate(category="gallery", pets_allowed=None), {"needs": ("pet",)}, "need_unmet"),
        (make_candidate(category="heritage", cost_high=3_000), {"needs": ("pet",)}, "need_unmet"),
        (make_candidate(wheelchair=False), {"needs": ("wheelchair",)}, "need_unmet"),
        (make_candidate(cost_high=9_000), {"budget": 8_000}, "too_dear"),
        (make_candidate(), {"metres": 2_500.0}, "out_of_reach"),
        (make_candidate(windows=(make_window(-300, 10),)), {}, "closed"),
    ],
)
def test_each_rule_excludes_with_its_own_fact(
    candidate: Candidate, changes: dict[str, Any], code: str
) -> None:
    fact = exclusion(candidate, **changes)

    assert fact is not None
    assert fact.code == code


@pytest.mark.parametrize(
    ("candidate", "changes"),
    [
        (make_candidate(category="library"), {"categories": ("library",)}),
        (make_candidate(category="restaurant", source_class="fast_food"), {"chains_wanted": True}),
        (make_candidate(category="bar"), {"companions": "kids", "categories": ("bar",)}),
        (make_candidate(category="park", pets_allowed=None), {"needs": ("pet",)}),
        (make_candidate(category="heritage", cost_low=0, cost_high=0), {"needs": ("pet",)}),
        (make_candidate(category="museum", pets_allowed=True), {"needs": ("pet",)}),
        (make_candidate(pets_allowed=None), {"needs": ("pet",), "categories": ("cafe",)}),
        (make_candidate(category="library", is_named=True), {}),
        (make_candidate(category="heritage", stay_min=15.0, is_named=True), {}),
        (make_candidate(wheelchair=None), {"needs": ("wheelchair",)}),
        (make_candidate(moods={"lively": 0.4}), {"avoid": ("lively",)}),
        (make_candidate(cost_high=8_000), {"budget": 8_000}),
    ],
)
def test_what_was_asked_for_or_is_within_bounds_is_kept(
    candidate: Candidate, changes: dict[str, Any]
) -> None:
    assert exclusion(candidate, **changes) is None
