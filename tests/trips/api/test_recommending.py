"""`/api/v1/trips/recommendations`, from outside: what it answers."""

import math
from datetime import datetime, timedelta
from typing import Any

import polyline
import pytest

from places.models import City
from tests.builders.neighbourhoods import make_neighbourhood
from tests.builders.places import make_area
from tests.builders.users import make_client
from tests.trips.api.asking import SENTENCE, URL, ask, next_saturday

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_sentence_gets_three_feasible_cards() -> None:
    make_neighbourhood()
    start_at = next_saturday(13)

    response = make_client().get(URL, {"q": SENTENCE, "start_at": start_at})

    body = response.json()
    assert response.status_code == 200
    assert [card["kind"] for card in body["cards"]] == [
        "best_match",
        "easy_going",
        "something_new",
    ]
    start = datetime.fromisoformat(start_at)
    for card in body["cards"]:
        assert sum(node["cost_high"] for node in card["nodes"]) == card["cost_high"] <= 20_000
        assert card["duration_min"] + card["slack_min"] == pytest.approx(180)
        assert any(node["place"]["category"] == "cafe" for node in card["nodes"])
        left = start
        for node in card["nodes"]:
            arrives = datetime.fromisoformat(node["arrive"])
            assert arrives - left >= timedelta(minutes=node["travel_min"]) - timedelta(seconds=2)
            left = datetime.fromisoformat(node["leave"])
            assert left <= datetime.fromisoformat(node["open_until"])
        assert left <= start + timedelta(minutes=180)


def test_the_interpretation_names_the_words_and_what_was_assumed() -> None:
    make_neighbourhood()

    body = ask(make_client(), q=SENTENCE).json()

    said = body["interpretation"]
    assert (said["time_budget_min"], said["budget"], said["moods"], said["categories"]) == (
        180,
        20_000,
        ["quiet"],
        ["cafe"],
    )
    (evidence,) = said["evidence"]["time_budget_min"]
    (start, end) = evidence["spans"][0]
    assert SENTENCE[start:end] == "3시간"
    assert said["area_resolved"]["id"] == "hongdae"
    assert [(item["field"], item["reason"]) for item in said["assumed"]] == [
        ("mode", "default"),
        ("weather", "default"),
    ]


def test_scores_recompute_from_the_parts_by_the_published_formula() -> None:
    make_neighbourhood()

    body = ask(make_client(), q=SENTENCE).json()

    for card in body["cards"]:
        for node in card["nodes"]:
            parts = node["score_parts"]
            product = math.prod(
                parts[name]["value"] ** parts[name]["weight"]
                for name in ("proximity", "preference", "time_fit", "budget_fit")
            )
            added = sum(
                sign * parts[name]["value"] * parts[name]["weight"]
                for name, sign in (
                    ("congestion", -1),
                    ("freshness", 1),
                    ("weather", 1),
                    ("novelty", 1),
                )
            )
            assert node["score"] == pytest.approx(product + added, abs=1e-6)
        penalties = card["score_parts"]["penalties"].values()
        total = sum(node["score"] for node in card["nodes"]) - sum(
            part["value"] * part["weight"] for part in penalties
        )
        assert card["score"] == pytest.approx(total, abs=1e-6)


def test_the_polyline_leads_from_the_start_by_every_stop_to_the_end() -> None:
    make_neighbourhood()

    body = ask(make_client(), q=SENTENCE, end_lat="37.5570", end_lon="126.9250").json()

    for card in body["cards"]:
        stops = [node["place"]["location"] for node in card["nodes"]]
        expected = [
            (37.5563, 126.9236),
            *((round(stop["lat"], 5), round(stop["lon"], 5)) for stop in stops),
            (37.55699, 126.92521),  # the end, within its cell of 50 m
        ]
        assert polyline.decode(card["polyline"]) == expected
        assert card["end_travel_min"] > 0
        assert card["duration_min"] <= 180


def test_alternatives_are_other_places_of_the_neighbourhood() -> None:
    make_neighbourhood()

    body = ask(make_client(), q=SENTENCE).json()

    for card in body["cards"]:
        on_card = {node["place"]["id"] for node in card["nodes"]}
        offered = [place["id"] for node in card["nodes"] for place in node["alternatives"]]
        assert offered
        assert not on_card & set(offered)


def test_english_is_answered_in_english() -> None:
    make_neighbourhood()

    body = ask(make_client(language="en"), q="3 hours around Hongdae, quiet cafes").json()

    assert body["interpretation"]["area_resolved"]["name"] == "Hongdae"
    card = body["cards"][0]
    assert card["trade_offs"]
    said = " ".join(
        [card["title"], *card["trade_offs"], card["nodes"][0]["place"]["category_name"]]
    )
    assert not any("가" <= letter <= "힣" for letter in said)


def test_a_time_to_be_done_by_bounds_the_plan() -> None:
    make_neighbourhood()

    body = ask(make_client(), q="홍대에서 오후 3시까지 카페").json()

    assert ("time_budget_min", 120.0, "until") in [
        (item["field"], item["value"], item["reason"]) for item in body["interpretation"]["assumed"]
    ]
    assert body["cards"]
    assert all(card["duration_min"] <= 120 for card in body["cards"])


def test_a_meal_that_is_named_asks_for_a_restaurant() -> None:
    make_neighbourhood()
    start_at = next_saturday(12)

    body = make_client().get(URL, {"q": "홍대 점심시간 한 시간", "start_at": start_at}).json()

    assert ("categories", "meal") in [
        (item["field"], item["reason"]) for item in body["interpretation"]["assumed"]
    ]
    places = [node["place"]["category"] for node in body["cards"][0]["nodes"]]
    assert "restaurant" in places


@pytest.mark.parametrize(
    ("sentence", "first"),
    [
        ("회식 저녁 6시반 홍대", "restaurant"),
        ("저녁 6시반부터 홍대에서 산책하고 공원 갔다가 맛집", "park"),
    ],
)
def test_a_dinner_named_with_a_time_is_had_then_unless_something_comes_before(
    sentence: str, first: str
) -> None:
    make_neighbourhood()

    body = make_client().get(URL, {"q": sentence}).json()

    (card,) = [card for card in body["cards"] if card["kind"] == "best_match"]
    assert card["nodes"][0]["place"]["category"] == first
    eaten = [n["arrive"] for n in card["nodes"] if n["place"]["category"] == "restaurant"]
    assert len(eaten) == 1
    assert (eaten[0][11:16] <= "19:15") == (first == "restaurant")


def test_a_view_of_the_night_is_planned_for_an_evening_and_said_so() -> None:
    make_neighbourhood()

    body = make_client().get(URL, {"q": "내일 홍대 야경"}).json()
    said = make_client().get(URL, {"q": "내일 오후 3시 홍대 야경"}).json()

    assumed = {one["field"]: (one["value"][11:16], one["reason"]) for one in started(body)}
    assert assumed == {"start_at": ("18:00", "daypart_start")}
    assert body["interpretation"]["daypart"] is None
    assert all(card["nodes"][0]["arrive"][11:16] >= "18:00" for card in body["cards"])
    assert started(said) == []


def started(body: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in body["interpretation"]["assumed"] if one["field"] == "start_at"]


def test_a_parameter_wins_over_the_sentence() -> None:
    make_neighbourhood()

    body = ask(make_client(), q=SENTENCE, budget="8000", time_budget_min="90").json()

    assert body["interpretation"]["budget"] == 20_000
    assert [
        (item["field"], item["value"])
        for item in body["interpretation"]["assumed"]
        if item["reason"] == "parameter_wins"
    ] == [("time_budget_min", 90.0), ("budget", 8000)]
    for card in body["cards"]:
        assert card["cost_high"] <= 8000
        assert card["duration_min"] <= 90


def test_an_area_in_the_sentence_wins_over_a_position_and_says_so() -> None:
    make_neighbourhood()

    body = ask(make_client(), q=SENTENCE, lat="37.50", lon="127.05").json()

    assert body["interpretation"]["area_resolved"]["id"] == "hongdae"
    assert ("area", "sentence_wins") in [
        (item["field"], item["reason"]) for item in body["interpretation"]["assumed"]
    ]


def test_a_post_answers_as_a_get_does() -> None:
    make_neighbourhood()
    start_at = next_saturday(13)

    got = make_client().get(URL, {"q": SENTENCE, "start_at": start_at})
    posted = make_client().post(URL, {"q": SENTENCE, "start_at": start_at}, format="json")

    assert posted.status_code == 200
    assert posted.json()["cards"] == got.json()["cards"]


def test_of_several_areas_the_nearest_to_the_position_is_meant() -> None:
    city = make_neighbourhood()
    make_area(slug="near", name_ko="장터", name_en="Fair", city=city)
    make_area(slug="far", name_ko="장터", name_en="Fair", city=city, latitude=37.5, longitude=127.0)

    body = ask(make_client(), q="장터에서 3시간", lat="37.556", lon="126.92").json()

    assert body["interpretation"]["area_resolved"]["id"] == "near"
    assert "nearest_of_several" in [item["reason"] for item in body["interpretation"]["assumed"]]


def test_an_area_can_be_named_by_its_id() -> None:
    city = make_neighbourhood()
    make_area(slug="east", name_ko="시청", name_en="City Hall", city=city)
    make_area(
        slug="west", name_ko="시청", name_en="City Hall", city=city, latitude=37.5, longitude=127.0
    )

    body = ask(make_client(), area="east").json()

    assert body["interpretation"]["area_resolved"]["id"] == "east"


def test_a_landmark_asked_for_by_name_is_on_every_card() -> None:
    city = make_neighbourhood()
    make_area(slug="well", name_ko="옛우물터", name_en="Old Well", kind="landmark", city=city)

    body = ask(make_client(), q="옛우물터에서 3시간").json()

    assert body["cards"]
    for card in body["cards"]:
        assert "옛우물터" in [node["place"]["name"] for node in card["nodes"]]


def test_a_point_in_the_sea_gets_an_empty_answer_that_says_why() -> None:
    make_neighbourhood()

    response = ask(make_client(), lat="37.0", lon="124.0")

    body = response.json()
    assert (response.status_code, body["cards"]) == (200, [])
    assert body["why_fewer"]["detail"]
    assert body["why_fewer"]["nearest_area"]["id"] == "hongdae"


def test_a_budget_of_nothing_gets_only_what_is_free() -> None:
    make_neighbourhood()

    body = ask(make_client(), area="홍대", budget="0").json()

    assert body["cards"]
    assert all(card["cost_high"] == 0 for card in body["cards"])


@pytest.mark.parametrize(
    ("sentence", "budget", "ignored"),
    [
        ("홍대에서 3시간, 500 Kč", 50_000, []),
        ("홍대에서 3시간, 예산 1,000", 100_000, []),
        ("홍대에서 3시간, 2만원", None, ["2만원"]),
    ],
)
def test_money_is_of_the_place_or_not_understood(
    sentence: str, budget: int | None, ignored: list[str]
) -> None:
    make_neighbourhood()
    City.objects.update(currency="CZK")

    said = ask(make_client(), q=sentence).json()["interpretation"]

    assert said["budget"] == budget
    assert [one["text"] for one in said["ignored"]] == ignored


def test_crowns_are_no_money_where_won_are_paid() -> None:
    make_neighbourhood()

    said = ask(make_client(), q="홍대에서 3시간, 500 Kč").json()["interpretation"]

    assert said["budget"] is None
    assert said["ignored"] == [{"text": "500 Kč", "span": [10, 16]}]


def test_excluded_places_and_categories_stay_away() -> None:
    make_neighbourhood()
    client = make_client()
    first = ask(client, area="홍대").json()["cards"][0]["nodes"][0]["place"]["id"]

    body = ask(client, area="홍대", exclude=f"{first},museum").json()

    places = [node["place"] for card in body["cards"] for node in card["nodes"]]
    assert places
    assert first not in [place["id"] for place in places]
    assert "museum" not in [place["category"] for place in places]
