from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from engine.checks.violations import Rule, Violation
from tests.builders.engine import SEOUL, make_candidate
from tests.engine.checks.outing import MUSEUM, Outing


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"category": "library"}, "library"),
        ({"category": "theatre"}, "theatre"),
        ({"source_class": "gym"}, "gym"),
        ({"source_class": "fast_food"}, "fast_food"),
        ({"source_class": "library"}, "library"),
        ({"category": "heritage", "stay_min": 15.0}, "stay"),
    ],
)
def test_what_is_no_stop(changes: dict[str, Any], detail: str) -> None:
    outing = Outing(places=(replace(MUSEUM, **changes),))

    assert outing.check() == (Violation(Rule.NOT_A_STOP, 0, 1.0, detail),)


@pytest.mark.parametrize(
    ("changes", "wishes"),
    [
        ({"category": "library"}, {"categories": ("library",)}),
        ({"source_class": "library"}, {"mostly": ("library",)}),
        ({"source_class": "fast_food"}, {"chains_wanted": True}),
        ({"category": "library", "is_named": True}, {}),
        ({"category": "heritage", "stay_min": 15.0, "is_named": True}, {}),
        ({"category": "heritage", "stay_min": 20.0}, {}),
    ],
)
def test_what_is_a_stop_when_asked_for(changes: dict[str, Any], wishes: dict[str, Any]) -> None:
    assert Outing(places=(replace(MUSEUM, **changes),), wishes=wishes).check() == ()


def test_a_place_without_a_name() -> None:
    outing = Outing(places=(replace(MUSEUM, name_ko=" ", name_en=""),))

    assert outing.check() == (Violation(Rule.UNNAMED, 0),)


def test_a_club_with_the_parents() -> None:
    club = make_candidate("클럽", category="club")
    wishes = {"companions": "parents", "starts_at": datetime(2026, 3, 7, 22, 0, tzinfo=SEOUL)}

    assert Outing(places=(club,), wishes=wishes).check() == (
        Violation(Rule.COMPANIONS, 0, 1.0, "parents"),
    )


@pytest.mark.parametrize(("avoid", "amount"), [("museum", 1.0), ("crowded", 0.9), ("lively", 0.6)])
def test_what_was_to_be_avoided(avoid: str, amount: float) -> None:
    place = replace(MUSEUM, congestion=0.9, moods={"lively": 0.6, "quiet": 0.4})
    outing = Outing(places=(place,), wishes={"avoid": ("quiet", avoid)})

    assert outing.check() == (Violation(Rule.AVOIDED, 0, amount, avoid),)


def test_a_place_that_was_excluded() -> None:
    assert Outing().check(excluded={1}) == (Violation(Rule.EXCLUDED, 1),)


@pytest.mark.parametrize(
    ("need", "fact"),
    [("pet", "pets_allowed"), ("wheelchair", "wheelchair"), ("parking", "parking")],
)
def test_a_need_that_is_contradicted(need: str, fact: str) -> None:
    refusing = make_candidate("박물관", category="museum", **{fact: False})
    silent = make_candidate("박물관", category="museum", **{fact: None})
    wishes = {"needs": (need,)}

    assert Outing(places=(refusing,), wishes=wishes).check() == (
        Violation(Rule.NEED, 0, 1.0, need),
    )
    assert Outing(places=(silent,), wishes=wishes).check() == ()


@pytest.mark.parametrize("changes", [{"category": "park"}, {"indoor": False}])
def test_an_outdoor_stop_where_indoors_was_asked_for(changes: dict[str, Any]) -> None:
    place = replace(MUSEUM, **changes)
    outing = Outing(places=(place,), wishes={"indoor": True})

    assert outing.check() == (Violation(Rule.OUTDOORS, 0, 1.0, place.category),)
