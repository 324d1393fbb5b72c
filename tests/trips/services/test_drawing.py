"""Lines along the streets, where a router knows them."""

from engine.types import Mode
from tests.builders.engine import make_point
from tests.builders.routers import Reply, RouterServer
from tests.builders.streets import make_streets
from trips.services.drawing import Leg, NoLines, RoutedLines

A, B, C, D = (make_point(north_m=300 * i, east_m=200 * i) for i in range(4))


def leg(start: object, end: object, mode: Mode = Mode.WALK, *, is_estimate: bool = False) -> Leg:
    return Leg(start=start, end=end, mode=mode, is_estimate=is_estimate)  # type: ignore[arg-type] # points


def test_a_leg_leads_from_door_to_door_by_the_streets(router: RouterServer) -> None:
    ((_, line),) = RoutedLines(streets=make_streets(router)).draw(ways=[[leg(A, B)]]).items()

    assert (line[0], line[-1]) == (A, B)
    corner = line[2]
    assert corner.latitude == round(A.latitude, 6)
    assert corner.longitude == round(B.longitude, 6)


def test_the_legs_of_one_card_are_one_question(router: RouterServer) -> None:
    way = [leg(A, B), leg(B, C), leg(C, D)]

    lines = RoutedLines(streets=make_streets(router)).draw(ways=[way])

    assert set(lines) == set(way)
    (question,) = router.questions
    assert [at["lat"] for at in question["locations"]] == [p.latitude for p in (A, B, C, D)]


def test_each_mode_is_a_question_of_its_own(router: RouterServer) -> None:
    way = [leg(A, B), leg(B, C, Mode.BIKE), leg(C, D, Mode.BIKE)]

    lines = RoutedLines(streets=make_streets(router)).draw(ways=[way])

    assert set(lines) == set(way)
    costings = sorted((q["costing"], len(q["locations"])) for q in router.questions)
    assert costings == [("bicycle", 3), ("pedestrian", 2)]


def test_legs_that_no_router_told_are_straight(router: RouterServer) -> None:
    ways = [[leg(A, B, is_estimate=True), leg(B, C, Mode.TRANSIT), leg(C, C)]]

    assert RoutedLines(streets=make_streets(router)).draw(ways=ways) == {}
    assert router.asked == []


def test_known_lines_are_kept_and_only_the_others_asked_for(router: RouterServer) -> None:
    drawing = RoutedLines(streets=make_streets(router))
    first = drawing.draw(ways=[[leg(A, B)]])

    both = drawing.draw(ways=[[leg(A, B), leg(B, C)]])

    assert [len(question["locations"]) for question in router.questions] == [2, 2]
    rounded = [(round(p.latitude, 5), round(p.longitude, 5)) for p in first[leg(A, B)]]
    assert [(p.latitude, p.longitude) for p in both[leg(A, B)]] == rounded


def test_a_router_that_is_away_draws_nothing_and_keeps_nothing(router: RouterServer) -> None:
    drawing = RoutedLines(streets=make_streets(router))
    router.reply = Reply(status=500)
    away = drawing.draw(ways=[[leg(A, B)]])
    router.reply = None

    assert away == {}
    assert set(drawing.draw(ways=[[leg(A, B)]])) == {leg(A, B)}


def test_one_way_that_fails_leaves_the_others_their_streets(router: RouterServer) -> None:
    streets = make_streets(router, modes=frozenset({Mode.WALK}))

    lines = RoutedLines(streets=streets).draw(ways=[[leg(A, B)], [leg(B, C, Mode.CAR)]])

    assert set(lines) == {leg(A, B)}


def test_without_a_router_every_leg_is_straight() -> None:
    assert NoLines().draw(ways=[[leg(A, B)]]) == {}
