from collections.abc import Sequence
from datetime import datetime

import numpy as np
import pytest

from engine.embedding.encoding import default_encoder
from engine.scoring.features import build_features
from engine.scoring.nodes import NodeScores, combine, list_shared_parts, score_nodes
from engine.scoring.parameters import DEFAULT
from engine.travel import crow_fly_m
from engine.types import Candidate, CardKind, Constraints, Weather
from tests.builders.engine import (
    SEOUL,
    make_candidate,
    make_constraints,
    make_neighbourhood,
    make_point,
)


def score(
    *candidates: Candidate,
    constraints: Constraints | None = None,
    kind: CardKind = CardKind.BEST_MATCH,
) -> NodeScores:
    constraints = constraints or make_constraints()
    points = [*(c.position for c in candidates), constraints.origin, constraints.origin]
    return score_nodes(
        features=build_features(candidates=candidates, constraints=constraints),
        crow_fly=crow_fly_m(points),
        constraints=constraints,
        parameters=DEFAULT,
        kind=kind,
    )


def part(name: str, nodes: NodeScores, *, at_min: float = 0) -> Sequence[float]:
    rows = range(nodes.score.shape[0])
    return [nodes.parts_at(row, at_min)[name] for row in rows]


@pytest.mark.parametrize("kind", list(CardKind))
def test_every_score_is_the_published_formula_of_its_parts(kind: CardKind) -> None:
    nodes = score(*make_neighbourhood(), constraints=make_constraints(moods=("quiet",)), kind=kind)

    recomputed = [
        combine(parts=nodes.parts_at(row, 95), weights=nodes.weights.as_mapping())
        for row in range(20)
    ]

    assert nodes.score[:, nodes.bucket(95)] == pytest.approx(recomputed, abs=1e-12)


def test_the_formula_multiplies_factors_and_adds_parts() -> None:
    parts = {
        "proximity": 0.25, "preference": 0.5, "time_fit": 1.0, "budget_fit": 1.0,
        "congestion": 0.4, "freshness": 0.5, "weather": 1.0, "novelty": 0.2,
    }  # fmt: skip
    weights = {
        "proximity": 0.5, "preference": 1.0, "time_fit": 2.0, "budget_fit": 0.3,
        "congestion": 0.5, "freshness": 0.2, "weather": 0.3, "novelty": 0.1,
    }  # fmt: skip

    total = combine(parts=parts, weights=weights)

    assert total == pytest.approx(0.5 * 0.5 - 0.2 + 0.1 + 0.3 + 0.02)


def test_every_part_lies_between_nothing_and_all() -> None:
    nodes = score(
        make_candidate(congestion=1.0, freshness=1.0, popularity=0.0, quality=1.0),
        make_candidate(category="park", congestion=0.0, popularity=1.0, quality=0.0),
        constraints=make_constraints(time_budget_min=960),
    )

    assert all(np.all((values >= 0) & (values <= 1)) for values in nodes.parts.values())


def test_a_nearer_place_is_closer_to_one() -> None:
    near, far = part(
        "proximity",
        score(
            make_candidate(position=make_point(north_m=0)),
            make_candidate(position=make_point(north_m=1000)),
        ),
    )

    assert near == pytest.approx(1.0)
    assert far == pytest.approx(np.exp(-1), rel=0.01)


def test_a_place_on_the_way_to_the_end_is_no_detour() -> None:
    constraints = make_constraints(destination=make_point(north_m=1000))
    places = [make_candidate(position=make_point(north_m=500))]
    points = [places[0].position, constraints.origin, make_point(north_m=1000)]
    nodes = score_nodes(
        features=build_features(candidates=places, constraints=constraints),
        crow_fly=crow_fly_m(points),
        constraints=constraints,
        parameters=DEFAULT,
        kind=CardKind.BEST_MATCH,
    )

    assert part("proximity", nodes) == pytest.approx([1.0], abs=1e-6)


@pytest.mark.parametrize("kind", list(CardKind))
def test_parts_shared_by_the_kinds_of_card_change_no_score(kind: CardKind) -> None:
    places, constraints = make_neighbourhood(), make_constraints(moods=("quiet",))
    points = [*(c.position for c in places), constraints.origin, constraints.origin]
    features = build_features(candidates=places, constraints=constraints)
    crow_fly = crow_fly_m(points)
    shared = list_shared_parts(
        features=features, crow_fly=crow_fly, constraints=constraints, parameters=DEFAULT
    )

    nodes = score_nodes(
        features=features,
        crow_fly=crow_fly,
        constraints=constraints,
        parameters=DEFAULT,
        kind=kind,
        shared=shared,
    )

    alone = score(*places, constraints=constraints, kind=kind)
    assert nodes.score.tolist() == alone.score.tolist()


def test_a_mood_asked_for_counts_with_its_confidence() -> None:
    places = [make_candidate(moods={"quiet": confidence}) for confidence in (0.9, 0.4, 0.0)]

    sure, likely, unknown = part(
        "preference", score(*places, constraints=make_constraints(moods=("quiet",)))
    )

    assert sure > likely > unknown


def test_what_was_asked_for_comes_before_everything_else() -> None:
    places = [make_candidate(category="cafe"), make_candidate(category="museum")]

    asked, other = part(
        "preference", score(*places, constraints=make_constraints(categories=("cafe",)))
    )

    assert asked > 1.3 * other


def test_what_was_mostly_asked_for_leaves_the_rest_further_behind() -> None:
    places = [make_candidate(category="museum"), make_candidate(category="cafe")]

    beside, _ = part(
        "preference", score(*places, constraints=make_constraints(categories=("cafe",)))
    )
    mostly, _ = part("preference", score(*places, constraints=make_constraints(mostly=("cafe",))))

    assert mostly < beside


def test_where_nothing_asked_for_is_there_the_rest_is_no_second_choice() -> None:
    places = [make_candidate(category="museum"), make_candidate(category="cafe")]

    unasked = part("preference", score(*places))
    without = part("preference", score(*places, constraints=make_constraints(categories=("bar",))))

    assert without == unasked


def test_an_unremarkable_stop_is_worth_less_than_half_of_an_important_one() -> None:
    palace = make_candidate(category="heritage", quality=1.0, popularity=1.0, stay_min=100.0)
    gate = make_candidate(category="heritage", quality=0.5, popularity=0.4, stay_min=25.0)
    nodes = score(palace, gate, constraints=make_constraints(categories=("heritage",)))
    stops = DEFAULT.kinds[CardKind.BEST_MATCH].penalties.stops

    important, unremarkable = nodes.score[:, 0] - stops

    assert unremarkable < 0.4 * important


def test_worth_is_merit_and_substance() -> None:
    weights = DEFAULT.kinds[CardKind.BEST_MATCH].preference
    best = make_candidate(category="museum", quality=1.0, popularity=1.0, stay_min=90.0)
    poor = make_candidate(category="museum", quality=0.5, popularity=0.25, stay_min=45.0)

    full, part_of_it = part("preference", score(best, poor))

    assert part_of_it / full == pytest.approx(0.4**weights.merit * 0.5**weights.substance)


def test_novelty_is_good_and_little_known_not_merely_obscure() -> None:
    gem, stone, landmark = part(
        "novelty",
        score(
            make_candidate(quality=0.75, popularity=0.2),
            make_candidate(quality=0.25, popularity=0.0),
            make_candidate(quality=1.0, popularity=1.0),
        ),
    )

    assert gem == pytest.approx(0.8)
    assert (stone, landmark) == (0.0, 0.0)


def test_a_kind_of_cafe_asked_for_comes_before_the_other_cafes() -> None:
    encoder = default_encoder()
    tea, coffee = encoder.encode(["찻집 카페", "커피 카페"])
    (wish,) = encoder.encode(["tea house"])
    places = [make_candidate(embedding=tea), make_candidate(embedding=coffee)]
    constraints = make_constraints(categories=("cafe",), query_embedding=wish)

    asked, other = part("preference", score(*places, constraints=constraints))

    assert asked > 1.05 * other


def test_a_sentence_that_nothing_resembles_tells_no_place_apart() -> None:
    liked, wish = default_encoder().encode(["조용한 서점", "xqzv"])
    places = [make_candidate(), make_candidate(embedding=-wish), make_candidate(embedding=liked)]

    preferred = part(
        "preference", score(*places, constraints=make_constraints(query_embedding=wish))
    )

    assert preferred[0] == preferred[1]
    assert preferred[2] == pytest.approx(preferred[0], rel=0.1)


def test_a_meal_asked_for_at_a_time_fits_less_the_longer_it_is_put_off() -> None:
    places = [make_candidate(category="restaurant"), make_candidate(category="park")]
    evening = {"starts_at": datetime(2026, 3, 7, 18, 30, tzinfo=SEOUL)}

    usual = score(*places, constraints=make_constraints(**evening)).parts["time_fit"]
    named = score(*places, constraints=make_constraints(**evening, eats_first=True)).parts[
        "time_fit"
    ]

    assert named[0, 0] == usual[0, 0] == 1.0
    assert list(named[0, :4] / usual[0, :4]) == pytest.approx([1.0, 0.4, 0.1, 0.1])
    assert np.array_equal(named[1], usual[1])


def test_a_stroll_speaks_for_parks() -> None:
    park = make_candidate(category="park")

    (plain,) = part("preference", score(park))
    (stroll,) = part("preference", score(park, constraints=make_constraints(stroll=True)))

    assert stroll > 1.2 * plain


def test_a_chain_comes_last_unless_chains_are_wanted() -> None:
    places = [make_candidate(chain="Any"), make_candidate()]

    chain, other = part("preference", score(*places))
    wanted, same = part(
        "preference", score(*places, constraints=make_constraints(chains_wanted=True))
    )

    assert chain == pytest.approx(DEFAULT.chain * other)
    assert wanted == same


def test_taste_moves_preference_and_novelty_apart() -> None:
    liked, disliked = default_encoder().encode(["quiet bookstore", "loud club"])
    places = [make_candidate(embedding=liked), make_candidate(embedding=disliked)]
    nodes = score(*places, constraints=make_constraints(taste=liked))

    preferred, other = part("preference", nodes)
    usual, new = part("novelty", nodes)

    assert preferred > other
    assert usual < new


@pytest.mark.parametrize(
    ("category", "better", "worse"),
    [
        ("cafe", "14:00", "22:00"),
        ("bar", "20:00", "13:00"),
        ("viewpoint", "18:00", "12:00"),
        ("museum", "11:00", "20:00"),
        ("restaurant", "12:00", "15:30"),
    ],
)
def test_each_category_has_its_hours(category: str, better: str, worse: str) -> None:
    fits: list[float] = []
    for clock in (better, worse):
        starts_at = datetime.fromisoformat(f"2026-03-07T{clock}").replace(tzinfo=SEOUL)
        nodes = score(
            make_candidate(category=category), constraints=make_constraints(starts_at=starts_at)
        )
        fits += part("time_fit", nodes)

    assert fits[0] > fits[1]


def test_congestion_follows_the_clock() -> None:
    weekday_noon = datetime(2026, 3, 3, 12, 0, tzinfo=SEOUL)
    nodes = score(
        make_candidate(congestion=0.4), constraints=make_constraints(starts_at=weekday_noon)
    )

    (lunch,) = part("congestion", nodes, at_min=0)
    (later,) = part("congestion", nodes, at_min=130)

    assert lunch > later


def test_avoiding_crowds_weighs_congestion_more() -> None:
    calm = score(make_candidate()).weights
    averse = score(make_candidate(), constraints=make_constraints(avoid=("crowded",))).weights

    assert averse.congestion == pytest.approx(3 * calm.congestion)


@pytest.mark.parametrize("weather", [Weather.RAIN, Weather.SNOW, Weather.HEAT, Weather.COLD])
def test_harsh_weather_speaks_for_indoors(weather: Weather) -> None:
    places = [make_candidate(category="museum"), make_candidate(category="park")]

    indoors, outdoors = part(
        "weather", score(*places, constraints=make_constraints(weather=weather))
    )

    assert indoors > outdoors + 0.5


def test_a_dearer_place_fits_the_budget_less() -> None:
    places = [make_candidate(cost_high=cost) for cost in (0, 10_000, 20_000)]

    fits = part("budget_fit", score(*places, constraints=make_constraints(budget=20_000)))

    assert fits == pytest.approx([1.0, 0.75, 0.5])


def test_a_place_is_fuller_where_its_surroundings_are() -> None:
    weekday_noon = datetime(2026, 3, 4, 12, 10, tzinfo=SEOUL)
    constraints = make_constraints(starts_at=weekday_noon)

    usual = score(make_candidate(congestion=0.3), constraints=constraints)
    fuller = score(
        make_candidate(congestion=0.3, crowd={12: 2.0, 14: 0.5}), constraints=constraints
    )

    ratios = [
        part("congestion", fuller, at_min=at_min)[0] / part("congestion", usual, at_min=at_min)[0]
        for at_min in (0, 60, 125)
    ]
    assert ratios == pytest.approx([2.0, 1.0, 0.5])
