"""`/api/v1/trips/recommendations` with a street router beside it, well and unwell."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import polyline
import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from engine.travel import crow_fly_m
from engine.types import Point
from tests.builders.neighbourhoods import make_neighbourhood
from tests.builders.routers import LONGER, Reply, RouterServer
from tests.builders.users import make_client
from tests.trips.api.asking import SENTENCE, ask
from trips.api.viewsets import recommendations
from trips.services import routing

pytestmark = pytest.mark.django_db(transaction=True)

ADMITTED = {
    "ko": "길찾기가 응답하지 않아 이동 시간은 직선거리로 어림한 값이에요.",
    "en": "Directions did not answer, so times on the way are estimates from straight lines.",
}


@pytest.fixture(params=["valhalla", "osrm"])
def routed(
    request: pytest.FixtureRequest, settings: Settings, router: RouterServer
) -> Iterator[RouterServer]:
    """Return the router of the settings, asked by the whole service."""
    settings.ROUTER_KIND = request.param
    settings.ROUTER_URL = router.url
    settings.ROUTER_TIMEOUT_MS = 5_000
    _start_anew()
    yield router
    _start_anew()


def _start_anew() -> None:
    routing.streets.cache_clear()
    recommendations.cache_clear()


def cards_of(client: APIClient, **parameters: Any) -> list[dict[str, Any]]:
    response = ask(client, q=SENTENCE, **parameters)
    assert response.status_code == 200
    cards: list[dict[str, Any]] = response.json()["cards"]
    assert len(cards) == 3
    return cards


def decode(line: str) -> list[tuple[float, float]]:
    decoded: list[tuple[float, float]] = polyline.decode(line)
    return decoded


def test_ways_follow_the_streets(routed: RouterServer) -> None:
    make_neighbourhood()

    for card in cards_of(make_client(), end_lat="37.5570", end_lon="126.9250"):
        legs = card["legs"]
        assert len(legs) == len(card["nodes"]) + 1
        whole = decode(card["polyline"])
        for leg in legs:
            line = decode(leg["polyline"])
            metres = crow_fly_m([Point(*line[0]), Point(*line[-1])])[0, 1] * LONGER
            assert leg["travel_m"] == pytest.approx(metres, abs=3)
            assert (leg["mode"], leg["is_estimate"], leg["follows_streets"]) == (
                "walk",
                False,
                True,
            )
            assert len(line) > 2
            assert set(line) <= set(whole)
        for before, after in pairwise(legs):
            assert decode(before["polyline"])[-1] == decode(after["polyline"])[0]
        assert ADMITTED["ko"] not in card["warnings"]


def test_the_legs_lead_to_the_nodes(routed: RouterServer) -> None:
    make_neighbourhood()

    for card in cards_of(make_client()):
        for node, leg in zip(card["nodes"], card["legs"], strict=True):
            at = node["place"]["location"]
            assert decode(leg["polyline"])[-1] == (round(at["lat"], 5), round(at["lon"], 5))
            assert (leg["travel_min"], leg["travel_m"]) == (node["travel_min"], node["travel_m"])


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=500),
        Reply(status=429),
        Reply(status=400, body=b'{"error_code": 171, "code": "NoSegment"}'),
        Reply(body=b"<html>hello</html>", content_type="text/html"),
        Reply(body=b'{"code": "Ok", "sources_to_targets": {}}'),
        Reply(body=b"{", promised_bytes=100),
    ],
)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_router_that_is_unwell_costs_no_answer_and_is_admitted(
    routed: RouterServer, reply: Reply, language: str
) -> None:
    make_neighbourhood()
    routed.reply = reply

    for card in cards_of(make_client(language=language)):
        assert all(leg["is_estimate"] and not leg["follows_streets"] for leg in card["legs"])
        assert all(len(decode(leg["polyline"])) == 2 for leg in card["legs"])
        assert ADMITTED[language] in card["warnings"]
    assert routed.asked


def test_a_router_that_is_away_is_left_alone(routed: RouterServer) -> None:
    make_neighbourhood()
    routed.reply = Reply(status=503)

    for seed in range(5):
        cards_of(make_client(), seed=seed)

    assert len(routed.asked) == 3


def test_a_router_that_times_out_costs_no_answer(routed: RouterServer, settings: Settings) -> None:
    make_neighbourhood()
    settings.ROUTER_TIMEOUT_MS = 50
    _start_anew()
    routed.reply = Reply(after_s=1.0)

    for card in cards_of(make_client()):
        assert ADMITTED["ko"] in card["warnings"]


def test_only_rounded_positions_leave_the_service(routed: RouterServer) -> None:
    make_neighbourhood()

    response = ask(make_client(), q="3시간", lat="37.5561234", lon="126.9234567")

    assert response.status_code == 200
    said = " ".join(map(str, [*routed.asked, *routed.questions]))
    assert "37.556" in said
    assert "37.556123" not in said
    assert "126.923456" not in said


def test_without_a_router_every_leg_is_an_estimate_and_straight() -> None:
    make_neighbourhood()

    for card in cards_of(make_client()):
        assert all(leg["is_estimate"] and not leg["follows_streets"] for leg in card["legs"])
        assert ADMITTED["ko"] not in card["warnings"]
