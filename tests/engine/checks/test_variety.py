from dataclasses import replace
from typing import Any

import pytest

from engine.checks.violations import Rule, Violation
from tests.builders.engine import make_candidate, make_point, make_window
from tests.engine.checks.outing import CAFE, MUSEUM, Outing


def test_too_many_assumed_hours_where_known_ones_are_in_reach() -> None:
    places = (replace(MUSEUM, hours_known=False), replace(CAFE, hours_known=False))
    known = replace(MUSEUM, name_ko="알려진 박물관"), replace(CAFE, name_ko="알려진 카페")
    outing = Outing(places=places, others=known)

    assert outing.check() == (Violation(Rule.TOO_MANY_ASSUMED, None, 1, "cafe, museum"),)


@pytest.mark.parametrize(
    "unfit",
    [
        {"windows": ()},
        {"windows": (make_window(-60, 20),)},
        {"position": make_point(north_m=3000)},
        {"cost_high": 20_001},
        {"source_class": "gym"},
    ],
)
def test_known_hours_that_are_out_of_reach_do_not_count(unfit: dict[str, Any]) -> None:
    places = (replace(MUSEUM, hours_known=False), replace(CAFE, hours_known=False))
    outing = Outing(places=places, others=(replace(CAFE, **unfit),), wishes={"budget": 20_000})

    assert outing.check() == ()


def test_two_branches_of_one_chain() -> None:
    gallery = replace(MUSEUM, category="gallery", chain="A")
    outing = Outing(places=(gallery, replace(CAFE, chain="A")))

    assert outing.check() == (Violation(Rule.SAME_CHAIN, 1, 1, "A"),)


def test_two_stops_of_one_site() -> None:
    outing = Outing(places=(replace(MUSEUM, site="궁"), replace(CAFE, site="궁")))

    assert outing.check() == (Violation(Rule.SAME_SITE, 1, 1, "궁"),)


def test_one_place_twice() -> None:
    park = make_candidate("공원", category="park")
    outing = Outing(places=(park, MUSEUM), route=(0, 1, 0), wishes={"time_budget_min": 400.0})

    assert outing.check() == (Violation(Rule.DUPLICATE, 2, 1, "0"),)


def test_one_place_told_by_two_candidates() -> None:
    park = make_candidate("공원", category="park")
    outing = Outing(places=(park, MUSEUM, park), route=(0, 1, 2), wishes={"time_budget_min": 400.0})

    assert outing.check() == (Violation(Rule.DUPLICATE, 2, 1, "0"),)


def test_a_category_too_often() -> None:
    second = replace(MUSEUM, name_ko="둘째", position=make_point(north_m=300))
    outing = Outing(places=(MUSEUM, second))

    assert outing.check() == (Violation(Rule.REPETITION, 1, 1, "museum"),)


@pytest.mark.parametrize(
    "wishes",
    [
        {"time_budget_min": 360.0},
        {"category_counts": {"museum": 2}, "categories": ("museum",)},
        {"mostly": ("museum",), "categories": ("museum",)},
    ],
)
def test_a_category_more_often_where_time_or_wish_allow_it(wishes: dict[str, Any]) -> None:
    second = replace(MUSEUM, name_ko="둘째", position=make_point(north_m=300))
    outing = Outing(places=(MUSEUM, second), wishes=wishes)

    assert outing.check() == ()


def test_more_of_a_category_than_was_counted() -> None:
    second = replace(MUSEUM, name_ko="둘째", position=make_point(north_m=300))
    wishes = {"category_counts": {"museum": 1}, "time_budget_min": 540.0}

    assert Outing(places=(MUSEUM, second), wishes=wishes).check() == (
        Violation(Rule.REPETITION, 1, 1, "museum"),
    )


def test_a_cafe_and_a_dessert_count_together() -> None:
    park = make_candidate("공원", category="park")
    dessert = make_candidate("빙수", category="dessert", position=make_point(north_m=500))
    outing = Outing(places=(park, CAFE, dessert), stay_min=50.0)

    assert outing.check() == (Violation(Rule.REPETITION, 2, 1, "sweets"),)


def test_a_cafe_and_a_dessert_that_were_both_asked_for() -> None:
    park = make_candidate("공원", category="park")
    dessert = make_candidate("빙수", category="dessert", position=make_point(north_m=500))
    outing = Outing(
        places=(park, CAFE, dessert),
        stay_min=50.0,
        wishes={"categories": ("cafe", "dessert"), "category_counts": {"cafe": 2}},
    )

    found = [v.rule for v in outing.check() if v.rule is Rule.REPETITION]

    assert found == []


def test_nothing_but_food() -> None:
    dessert = make_candidate("빙수", category="dessert", position=make_point(north_m=500))
    outing = Outing(places=(CAFE, dessert), wishes={"time_budget_min": 400.0})

    assert outing.check() == (Violation(Rule.ONLY_FOOD, None, 1),)
    assert outing.check(admitted={Rule.ONLY_FOOD}) == ()


def test_a_single_stop_may_be_food() -> None:
    assert Outing(places=(CAFE,)).check() == ()


def test_what_was_not_asked_for_is_capped_however_long_the_day() -> None:
    cafes = [
        make_candidate(f"카페 {i}", category="cafe", position=make_point(north_m=100 * i))
        for i in range(3)
    ]
    park = make_candidate("공원", category="park", position=make_point(north_m=300))
    long = {"time_budget_min": 600.0}

    unasked = [v for v in Outing(places=(*cafes, park), wishes=long).check() if v.detail == "cafe"]
    asked = Outing(places=(*cafes, park), wishes={**long, "categories": ("cafe",)}).check()

    assert unasked == [Violation(Rule.REPETITION, 2, 1, "cafe")]
    assert asked == ()


def test_a_place_asked_for_by_name_counts_for_no_limit() -> None:
    named = make_candidate("다방", category="cafe", position=make_point(north_m=300), is_named=True)

    assert Outing(places=(MUSEUM, CAFE, named), stay_min=50.0).check() == ()


@pytest.mark.parametrize("wishes", [{"categories": ("cafe",)}, {"mostly": ("cafe",)}])
def test_nothing_but_food_where_nothing_else_was_asked_for(wishes: dict[str, Any]) -> None:
    assert Outing(places=(CAFE,), wishes=wishes).check() == ()


def test_more_stops_than_asked_for() -> None:
    outing = Outing(wishes={"max_stops": 1})

    assert outing.check() == (Violation(Rule.TOO_MANY_STOPS, None, 1),)


def test_more_stops_than_anybody_enjoys() -> None:
    names = ("park", "museum", "gallery", "heritage", "shop", "bookstore", "viewpoint", "activity")
    places = [make_candidate(name, category=name) for name in (*names, "cafe")]
    outing = Outing(places=places, wishes={"time_budget_min": 700.0})

    assert outing.check() == (Violation(Rule.TOO_MANY_STOPS, None, 1),)


def test_a_locked_stop_that_is_missing() -> None:
    outing = Outing(others=(make_candidate("공원", category="park"),))

    assert outing.check(locked={0, 2}) == (Violation(Rule.LOCKED_MISSING, None, 2),)


def test_a_bar_that_is_only_open_too_early_is_no_known_one_in_reach() -> None:
    early = make_candidate(
        "낮술집", category="bar", windows=(make_window(-60, 120),), position=make_point(north_m=300)
    )
    assumed = replace(
        make_candidate("술집", category="bar", position=make_point(north_m=100)),
        hours_known=False,
    )
    outing = Outing(
        places=(assumed,),
        others=(early,),
        begin=340.0,
        stay_min=80.0,
        wishes={"time_budget_min": 480.0},
    )

    assert outing.check() == ()


def test_a_single_stop_may_have_assumed_hours() -> None:
    assumed, known = replace(CAFE, hours_known=False), replace(CAFE, name_ko="알려진 카페")

    assert Outing(places=(assumed,), others=(known,)).check() == ()


def test_one_of_three_stops_may_have_assumed_hours_but_not_two() -> None:
    places = (MUSEUM, CAFE, make_candidate("공원", category="park"))
    known = [replace(place, name_ko=f"알려진 {place.name_ko}") for place in places]
    wishes = {"time_budget_min": 400.0}

    def check(assumed: int) -> list[Rule]:
        said = [replace(p, hours_known=i >= assumed) for i, p in enumerate(places)]
        found = Outing(places=said, others=known, wishes=wishes).check()
        return [violation.rule for violation in found]

    assert check(1) == []
    assert check(2) == [Rule.TOO_MANY_ASSUMED]


def test_known_hours_far_from_the_start_do_not_count() -> None:
    places = (replace(MUSEUM, hours_known=False), replace(CAFE, hours_known=False))
    far = make_point(north_m=1_000)
    others = [replace(place, name_ko="멀리", position=far) for place in (MUSEUM, CAFE)]

    assert Outing(places=places, others=others).check() == ()
