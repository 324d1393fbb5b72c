"""The travel matrix with a router, without it, and with half of it."""

import numpy as np
import pytest

from common.breaker import CircuitBreaker
from common.redis_client import cache_redis, redis_key
from engine.recommending import Engine
from engine.travel import CrowFly, LegSource, TravelMatrix
from engine.types import Mode, Point
from tests.builders.engine import make_constraints, make_neighbourhood, make_point
from tests.builders.routers import LONGER, PACE_M_PER_S, Reply, RouterServer, refusal
from tests.builders.streets import make_streets
from trips.services.travelling import KEPT_S, RoutedTravelTimes

POINTS = [
    make_point(),
    make_point(north_m=200),
    make_point(north_m=100, east_m=400),
    make_point(north_m=1400),
]
OTHERS = ~np.eye(4, dtype=bool)


def ask(
    router: RouterServer,
    mode: Mode = Mode.WALK,
    points: list[Point] | None = None,
    **options: object,
) -> TravelMatrix:
    times = RoutedTravelTimes(streets=make_streets(router, **options))  # type: ignore[arg-type] # passed on
    return times.matrix(points=POINTS if points is None else points, mode=mode)


def estimate(mode: Mode = Mode.WALK) -> TravelMatrix:
    return CrowFly().matrix(points=POINTS, mode=mode)


def test_walks_by_the_streets_of_the_router(router: RouterServer) -> None:
    matrix = ask(router)

    streets = estimate().crow_fly * LONGER
    assert matrix.source[OTHERS].tolist() == [LegSource.ROUTER] * 12
    assert np.allclose(matrix.metres, streets, atol=1)
    assert np.allclose(matrix.minutes, streets / PACE_M_PER_S / 60, atol=0.1)


def test_no_leg_is_quicker_than_our_pace_or_shorter_than_the_crow_flies(
    router: RouterServer,
) -> None:
    one = b'{"sources_to_targets":{"durations":[[0,9],[9,0]],"distances":[[0,0.1],[0.9,0]]}}'
    router.reply = Reply(body=one)

    matrix = ask(router, points=POINTS[:2])

    assert matrix.crow_fly[0, 1] == pytest.approx(200)
    assert matrix.metres[0, 1] == pytest.approx(200)
    assert matrix.minutes[0, 1] == pytest.approx(200 / 70)
    assert matrix.minutes[1, 0] == pytest.approx(900 / 70)


def test_short_legs_are_walked_and_the_others_ridden_with_their_overhead(
    router: RouterServer,
) -> None:
    matrix = ask(router, Mode.BIKE)

    costings = sorted(question["costing"] for question in router.questions)
    assert costings == ["bicycle", "pedestrian"]
    walked, ridden = 200 * LONGER, 1200 * LONGER
    assert matrix.minutes[0, 1] == pytest.approx(walked / PACE_M_PER_S / 60, abs=0.1)
    assert matrix.minutes[1, 3] == pytest.approx(ridden / PACE_M_PER_S / 60 + 3, abs=0.1)


def test_rides_by_public_transport_stay_estimates_and_their_walks_do_not(
    router: RouterServer,
) -> None:
    matrix = ask(router, Mode.TRANSIT)

    assert matrix.source[0, 1] == LegSource.ROUTER
    assert matrix.source[0, 3] == LegSource.ESTIMATE
    assert matrix.minutes[0, 3] == estimate(Mode.TRANSIT).minutes[0, 3]


def test_a_mode_that_the_router_does_not_know_is_not_asked_for(router: RouterServer) -> None:
    matrix = ask(router, Mode.CAR, modes=frozenset({Mode.WALK}), points=[POINTS[0], POINTS[3]])

    assert router.asked == []
    assert matrix.source.tolist() == [[LegSource.ESTIMATE] * 2] * 2


def test_only_needed_pairs_are_asked_for(router: RouterServer) -> None:
    needed = np.zeros((4, 4), dtype=bool)
    needed[0, 1] = needed[0, 2] = True
    times = RoutedTravelTimes(streets=make_streets(router))

    matrix = times.matrix(points=POINTS, mode=Mode.WALK, needed=needed)

    (question,) = router.questions
    assert (len(question["sources"]), len(question["targets"])) == (1, 2)
    assert (matrix.source == LegSource.ROUTER).tolist() == needed.tolist()
    assert matrix.minutes[1, 2] == estimate().minutes[1, 2]


def test_nothing_needed_asks_nobody(router: RouterServer) -> None:
    times = RoutedTravelTimes(streets=make_streets(router))

    times.matrix(points=POINTS, mode=Mode.WALK, needed=np.zeros((4, 4), dtype=bool))

    assert router.asked == []


@pytest.mark.usefixtures("_redis_away")  # nothing is kept
@pytest.mark.parametrize("pairs_high", [1, 4, 5, 8, 11])
def test_a_large_table_is_asked_in_parts(router: RouterServer, pairs_high: int) -> None:
    whole = ask(router)
    router.questions.clear()

    parted = ask(router, pairs_high=pairs_high)

    sizes = [len(q["sources"]) * len(q["targets"]) for q in router.questions]
    assert max(sizes) <= max(4, pairs_high)  # a row at least
    assert sum(sizes) == 16
    assert np.array_equal(parted.minutes, whole.minutes)


@pytest.mark.usefixtures("_redis_away")
@pytest.mark.parametrize("limit", [1, 3, 7])
def test_a_server_with_lower_limits_is_asked_in_halves(router: RouterServer, limit: int) -> None:
    whole = ask(router)
    router.pairs_high = limit

    parted = ask(router)

    assert np.array_equal(parted.minutes, whole.minutes)
    assert (parted.source[OTHERS] == LegSource.ROUTER).all()


def test_a_bridge_that_is_not_there_is_no_way(router: RouterServer) -> None:
    banks = [
        make_point(east_m=east_m, north_m=north_m) for east_m in (0, 300) for north_m in (0, 90)
    ]
    router.bank = make_point(east_m=150).longitude

    matrix = ask(router, points=banks)

    assert np.isinf(matrix.minutes[:2, 2:]).all()
    assert np.isinf(matrix.minutes[2:, :2]).all()
    assert (matrix.source[OTHERS] == LegSource.ROUTER).all()
    assert matrix.minutes[0, 1] == pytest.approx(90 * LONGER / PACE_M_PER_S / 60, abs=0.1)


def test_a_place_off_the_router_s_map_is_estimated_and_the_others_are_not(
    router: RouterServer,
) -> None:
    router.unreachable = frozenset({round(POINTS[1].latitude, 6)})

    matrix = ask(router)

    assert matrix.source[0, 1] == matrix.source[1, 2] == LegSource.FALL_BACK
    assert matrix.minutes[0, 1] == estimate().minutes[0, 1]
    assert matrix.source[0, 2] == LegSource.ROUTER


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=500),
        Reply(status=429),
        Reply(body=b"<html>", content_type="text/html"),
        Reply(body=b'{"sources_to_targets": {"durations": [[1]], "distances": [[1]]}}'),
        refusal(171, "No suitable edges near location"),
    ],
)
def test_a_router_that_says_nothing_of_use_leaves_an_admitted_estimate(
    router: RouterServer, reply: Reply
) -> None:
    router.reply = reply

    matrix = ask(router)

    assert np.array_equal(matrix.minutes, estimate().minutes)
    assert np.array_equal(matrix.metres, estimate().metres)
    assert matrix.source[OTHERS].tolist() == [LegSource.FALL_BACK] * 12


def test_a_slow_router_is_not_waited_for(router: RouterServer) -> None:
    router.reply = Reply(after_s=1.0)

    matrix = ask(router, timeout_s=0.05)

    assert (matrix.source[OTHERS] == LegSource.FALL_BACK).all()


def test_what_both_modes_need_is_asked_for_at_once(router: RouterServer) -> None:
    router.reply = Reply(status=503)

    ask(router, Mode.BIKE, breaker=CircuitBreaker(failures_high=1))

    assert len(router.asked) == 2  # one after the other, the first would have ended it


def test_a_kept_table_is_the_same_and_asks_nobody(router: RouterServer) -> None:
    first = ask(router)
    asked = len(router.asked)

    second = ask(router)

    assert len(router.asked) == asked
    for name in ("minutes", "metres", "source"):
        assert np.array_equal(getattr(first, name), getattr(second, name))


def test_tables_are_kept_for_a_day_under_no_readable_position(router: RouterServer) -> None:
    ask(router)

    (key,) = cache_redis().ask(lambda redis: list(redis.scan_iter(redis_key("cache", "router:*"))))
    assert 0 < cache_redis().ask(lambda redis: redis.ttl(key)) <= KEPT_S == 86_400
    assert b"37.5" not in key


def test_what_failed_is_not_kept(router: RouterServer) -> None:
    router.reply = Reply(status=500)
    ask(router)
    router.reply = None

    matrix = ask(router)

    assert (matrix.source[OTHERS] == LegSource.ROUTER).all()


@pytest.mark.usefixtures("_redis_away")
def test_without_redis_the_router_is_asked_every_time(router: RouterServer) -> None:
    first, second = ask(router), ask(router)

    assert len(router.asked) == 2
    assert np.array_equal(first.minutes, second.minutes)


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_a_router_that_is_away_is_left_alone_and_comes_back_by_itself(
    router: RouterServer,
) -> None:
    clock = Clock()
    breaker = CircuitBreaker(failures_high=3, pause_s=10, monotonic_s=clock)
    times = RoutedTravelTimes(streets=make_streets(router, breaker=breaker))

    def answers() -> bool:
        matrix = times.matrix(points=POINTS, mode=Mode.WALK)
        return bool((matrix.source[OTHERS] == LegSource.ROUTER).all())

    router.reply = Reply(status=503)
    while_away = [answers() for _ in range(5)]
    asked = len(router.asked)
    router.reply = None
    too_soon = answers()
    clock.now_s = 10.0

    assert (while_away, asked) == ([False] * 5, 3)
    assert not too_soon
    assert answers()


def test_a_refused_question_does_not_open_the_breaker(router: RouterServer) -> None:
    breaker = CircuitBreaker(failures_high=1, pause_s=10, monotonic_s=Clock())
    router.reply = refusal(171, "No suitable edges near location")

    ask(router, breaker=breaker)

    assert not breaker.is_open


def test_cards_are_planned_and_checked_with_the_times_of_the_router(router: RouterServer) -> None:
    times = RoutedTravelTimes(streets=make_streets(router))
    places = make_neighbourhood()

    answer = Engine(travel_times=times).recommend(constraints=make_constraints(), candidates=places)

    assert len(answer.cards) == 3
    for card in answer.cards:
        here = make_constraints().origin
        for stop in card.plan.stops:
            there = places[stop.candidate].position
            crow = CrowFly().matrix(points=[here, there], mode=Mode.WALK).crow_fly[0, 1]
            assert stop.travel_m == pytest.approx(crow * LONGER, abs=1)
            assert not stop.travel_is_estimate
            here = there
        assert "travel_fell_back" not in [fact.code for fact in card.warnings]


def test_cards_say_so_when_the_router_did_not(router: RouterServer) -> None:
    times = RoutedTravelTimes(streets=make_streets(router))
    router.reply = Reply(status=500)

    answer = Engine(travel_times=times).recommend(
        constraints=make_constraints(), candidates=make_neighbourhood()
    )

    assert len(answer.cards) == 3
    for card in answer.cards:
        assert all(stop.travel_is_estimate for stop in card.plan.stops)
        assert "travel_fell_back" in [fact.code for fact in card.warnings]


def test_no_card_crosses_a_river_without_a_bridge(router: RouterServer) -> None:
    router.bank = make_point(east_m=40).longitude
    places = make_neighbourhood()
    far = {index for index, place in enumerate(places) if place.position.longitude > router.bank}

    answer = Engine(travel_times=RoutedTravelTimes(streets=make_streets(router))).recommend(
        constraints=make_constraints(), candidates=places
    )

    visited = {stop.candidate for card in answer.cards for stop in card.plan.stops}
    assert 0 < len(far) < len(places)
    assert visited
    assert not visited & far


def test_cards_are_quiet_about_estimates_where_there_is_no_router() -> None:
    answer = Engine().recommend(constraints=make_constraints(), candidates=make_neighbourhood())

    for card in answer.cards:
        assert all(stop.travel_is_estimate for stop in card.plan.stops)
        assert "travel_fell_back" not in [fact.code for fact in card.warnings]
