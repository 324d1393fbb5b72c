"""`/api/v1/trips/{id}/why-not`, from outside."""

from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from places.models import Place
from places.services.describing import label_of_vectors
from places.services.encoding import current_encoder
from tests.builders.neighbourhoods import make_neighbourhood
from tests.builders.places import make_city, make_place
from tests.builders.users import make_client, make_user
from tests.trips.api.asking import SENTENCE, ask
from trips.models import Trip

pytestmark = pytest.mark.django_db(transaction=True)


def wonder(client: APIClient, card: Any, place: Any, **parameters: Any) -> Any:
    return client.get(f"/api/v1/trips/{card['id']}/why-not", {"place": place, **parameters})


@pytest.fixture
def client() -> APIClient:
    make_neighbourhood()
    return make_client(user=make_user())


@pytest.fixture
def card(client: APIClient) -> Any:
    return ask(client, q=SENTENCE).json()["cards"][0]


def test_a_stop_of_the_trip_is_on_it_already(client: APIClient, card: Any) -> None:
    body = wonder(client, card, card["nodes"][0]["place"]["id"]).json()

    assert body == {"code": "on_the_card", "values": {}, "detail": "이미 코스에 있어요."}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"category": "museum", "cost_low": 25_000, "cost_high": 25_000}, "too_dear"),
        ({"category": "park", "latitude": 37.65}, "out_of_reach"),
        ({"category": "library", "source_class": "library"}, "only_if_asked"),
        ({"category": "shop", "source_class": "gym"}, "not_a_stop"),
    ],
)
def test_a_place_that_was_no_candidate_is_explained_by_its_rule(
    client: APIClient, card: Any, fields: dict[str, Any], code: str
) -> None:
    place = make_place(name="빠진 곳", city=Place.objects.all()[0].city, **fields)

    response = wonder(client, card, place.public_id)

    assert response.status_code == 200
    assert response.json()["code"] == code


def test_what_was_outscored_names_the_stop_it_would_replace(client: APIClient, card: Any) -> None:
    poor = make_place(
        name="심심한카페",
        category="cafe",
        city=Place.objects.all()[0].city,
        latitude=37.5563,
        longitude=126.9245,
        cost_low=9_000,
        cost_high=9_000,
        quality=0.05,
    )

    body = wonder(client, card, poor.public_id).json()

    assert body["code"] == "outscored"
    names = {node["place"]["id"]: node["place"]["name"] for node in card["nodes"]}
    assert names[body["values"]["by"]] in body["detail"]
    assert body["values"]["score_with"] < body["values"]["score"]


def test_what_the_sentence_means_is_judged_as_it_was_asked(client: APIClient) -> None:
    encoder = current_encoder()
    (meant,) = encoder.encode(["조용한 카페"])
    Place.objects.update(embedding=meant, encoder=label_of_vectors(encoder))
    card = ask(client, q=SENTENCE).json()["cards"][0]
    unlike = make_place(
        name="딴판인곳",
        category="cafe",
        city=Place.objects.all()[0].city,
        latitude=37.5563,
        longitude=126.9245,
        cost_low=5_000,
        cost_high=5_000,
        cost_band="low",
        cost_provenance="stated",
        stay_min=40,
        quality=0.6,
        embedding=-meant,
        encoder=label_of_vectors(encoder),
    )

    body = wonder(client, card, unlike.public_id).json()

    assert body["code"] == "outscored"
    assert body["values"]["score"] == pytest.approx(card["score"], abs=0.001)


def test_what_was_left_out_is_said_to_have_been(client: APIClient) -> None:
    barred = Place.objects.get(name="달빛다방")
    card = ask(client, q=SENTENCE, exclude=str(barred.public_id)).json()["cards"][0]

    body = wonder(client, card, barred.public_id).json()

    assert (body["code"], body["detail"]) == ("left_out", "제외해 달라고 하신 곳이에요.")


def test_a_place_of_another_city_is_said_to_be_there(client: APIClient, card: Any) -> None:
    other = make_city(slug="elsewhere", name_ko="다른 곳", name_en="Elsewhere")
    place = make_place(name="먼 카페", category="cafe", city=other)

    assert wonder(client, card, place.public_id).json()["code"] == "other_city"


def test_a_trip_whose_stop_is_gone_says_that_it_is_outdated(client: APIClient, card: Any) -> None:
    gone = Place.objects.filter(public_id=card["nodes"][0]["place"]["id"])
    gone.update(is_active=False)
    other = Place.objects.active().exclude(
        public_id__in=[node["place"]["id"] for node in card["nodes"]]
    )[0]

    assert wonder(client, card, other.public_id).json()["code"] == "card_outdated"


def test_a_trip_whose_stop_is_excluded_by_now_says_that_it_is_outdated(
    client: APIClient, card: Any
) -> None:
    dear = Place.objects.filter(public_id=card["nodes"][0]["place"]["id"])
    dear.update(cost_low=500_000, cost_high=500_000)
    other = Place.objects.active().exclude(
        public_id__in=[node["place"]["id"] for node in card["nodes"]]
    )[0]

    response = wonder(client, card, other.public_id)

    assert (response.status_code, response.json()["code"]) == (200, "card_outdated")


def test_the_words_are_in_the_language_asked_for(card: Any, client: APIClient) -> None:
    place = make_place(name="운동하는 곳", source_class="gym", city=Place.objects.all()[0].city)

    response = client.get(
        f"/api/v1/trips/{card['id']}/why-not",
        {"place": str(place.public_id)},
        HTTP_ACCEPT_LANGUAGE="en",
    )

    assert response.json()["detail"] == "This kind of place is not a stop."


def test_anybody_elses_trip_is_not_found(card: Any) -> None:
    place = Place.objects.all()[0]
    stranger = make_client(user=make_user(email="other@example.com"))

    response = wonder(stranger, card, place.public_id)

    assert (response.status_code, response.json()["code"]) == (404, "trips/trip-not-found")


def test_an_unknown_trip_and_an_unknown_place_are_not_found(client: APIClient, card: Any) -> None:
    place = Place.objects.all()[0]

    of_trip = wonder(client, {"id": uuid4()}, place.public_id)
    of_place = wonder(client, card, uuid4())

    assert (of_trip.status_code, of_trip.json()["code"]) == (404, "trips/trip-not-found")
    assert (of_place.status_code, of_place.json()["code"]) == (404, "places/place-not-found")


def test_who_is_not_signed_in_has_no_trips(card: Any) -> None:
    response = wonder(make_client(), card, Place.objects.all()[0].public_id)

    assert (response.status_code, response.json()["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize(
    ("parameters", "field", "code"),
    [
        ({}, "place", "required"),
        ({"place": "cafe"}, "place", "invalid"),
        ({"place": str(uuid4()), "radius": "5"}, "radius", "unknown"),
    ],
)
def test_parameters_are_strict(
    client: APIClient, card: Any, parameters: dict[str, str], field: str, code: str
) -> None:
    response = client.get(f"/api/v1/trips/{card['id']}/why-not", parameters)

    assert response.status_code == 400
    assert [(e["field"], e["code"]) for e in response.json()["errors"]] == [(field, code)]


def test_asking_stores_nothing(client: APIClient, card: Any) -> None:
    before = list(Trip.objects.order_by("pk").values())

    wonder(client, card, Place.objects.all()[0].public_id)

    assert list(Trip.objects.order_by("pk").values()) == before
