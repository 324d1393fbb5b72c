"""`/api/v1/users/me`, from outside."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from rest_framework.test import APIClient

from tests.builders.users import make_client, make_user
from users.models import User

ME = "/api/v1/users/me"


def edit(client: APIClient, body: Any, *, etag: str = "*") -> Any:
    return client.patch(ME, body, headers={"if-match": etag})


@pytest.mark.django_db
def test_a_new_account_has_a_profile_that_says_nothing_yet() -> None:
    user = make_user(email="a@example.com")

    response = make_client(user=user).get(ME)

    assert response.status_code == 200
    assert response.json() == {
        "id": str(user.public_id),
        "email": "a@example.com",
        "roles": ["user"],
        "locale": "ko",
        "time_zone": "Asia/Seoul",
        "time_budget_min": None,
        "budget_band": None,
        "mobility_mode": None,
        "privacy_level": "rough",
        "preferences": {"moods": {}, "categories": {}},
        "push_opt_in": False,
        "location_opt_in": False,
        "onboarded_at": None,
        "created_at": user.created_at.isoformat().replace("+00:00", "Z"),
    }


@pytest.mark.django_db
def test_an_edit_changes_what_it_names_and_nothing_else() -> None:
    user = make_user(time_budget_min=90, budget_band="low", mobility_mode="bike")
    client = make_client(user=user)
    before = client.get(ME).json()

    edited = edit(client, {"time_zone": "Europe/Prague", "time_budget_min": None, "locale": "en"})

    assert edited.status_code == 200
    assert edited.json() == before | {
        "time_zone": "Europe/Prague", "time_budget_min": None, "locale": "en",
    }  # fmt: skip
    assert client.get(ME).json() == edited.json()


@pytest.mark.django_db
def test_what_was_said_can_be_taken_back() -> None:
    client = make_client(user=make_user(budget_band="low", mobility_mode="car"))

    edited = edit(client, {"budget_band": None, "mobility_mode": None}).json()

    assert (edited["budget_band"], edited["mobility_mode"]) == (None, None)


@pytest.mark.django_db
def test_strengths_are_set_as_said_and_others_stay() -> None:
    client = make_client(user=make_user())
    edit(client, {"preferences": {"moods": {"quiet": 0.37, "lively": -1}}})

    edited = edit(client, {"preferences": {"moods": {"lively": None}, "categories": {"bar": -0.2}}})

    assert edited.json()["preferences"] == {"moods": {"quiet": 0.37}, "categories": {"bar": -0.2}}


@pytest.mark.django_db
def test_nothing_said_changes_nothing() -> None:
    client = make_client(user=make_user())
    before = client.get(ME)

    edited = edit(client, {})

    assert (edited.status_code, edited.json()) == (200, before.json())
    assert edited["ETag"] == before["ETag"]
    assert User.objects.get().taste_version == 0


HOSTILE: list[tuple[Any, int, str]] = [
    ({"email": "b@example.com"}, 400, "email"),
    ({"is_staff": True}, 400, "is_staff"),
    ({"roles": ["operator"]}, 400, "roles"),
    ({"push_opt_in": True}, 400, "push_opt_in"),
    ({"onboarded_at": None}, 400, "onboarded_at"),
    ({"taste_version": 9}, 400, "taste_version"),
    ({"locale": "fr"}, 400, "locale"),
    ({"locale": None}, 400, "locale"),
    ({"time_zone": "Asia/Soul"}, 422, "time_zone"),
    ({"time_zone": "localtime"}, 422, "time_zone"),
    ({"time_zone": "../../etc/passwd"}, 422, "time_zone"),
    ({"time_zone": "asia/seoul"}, 422, "time_zone"),
    ({"time_zone": "+09:00"}, 422, "time_zone"),
    ({"time_zone": "A" * 10_000}, 400, "time_zone"),
    ({"time_zone": 9}, 400, "time_zone"),
    ({"time_budget_min": 19}, 422, "time_budget_min"),
    ({"time_budget_min": 961}, 422, "time_budget_min"),
    ({"time_budget_min": 90.5}, 400, "time_budget_min"),
    ({"time_budget_min": True}, 400, "time_budget_min"),
    ({"budget_band": ""}, 400, "budget_band"),
    ({"budget_band": "lavish"}, 400, "budget_band"),
    ({"mobility_mode": "teleport"}, 400, "mobility_mode"),
    ({"privacy_level": None}, 400, "privacy_level"),
    ({"preferences": None}, 400, "preferences"),
    ({"preferences": []}, 400, "preferences"),
    ({"preferences": {"tags": {}}}, 400, "preferences.tags"),
    ({"preferences": {"moods": {"angry": 1}}}, 400, "preferences.moods.angry"),
    ({"preferences": {"moods": {"cafe": 1}}}, 400, "preferences.moods.cafe"),
    ({"preferences": {"moods": {"quiet": 1.01}}}, 422, "preferences.moods.quiet"),
    ({"preferences": {"categories": {"bar": -2}}}, 422, "preferences.categories.bar"),
    ({"preferences": {"categories": {"bar": "much"}}}, 400, "preferences.categories.bar"),
    ({"preferences": {"categories": {"bar": {"$gt": 0}}}}, 400, "preferences.categories.bar"),
    ([], 400, ""),
    ("x", 400, ""),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("body", "status", "field"), HOSTILE)
def test_what_is_not_a_profile_is_refused_by_field(body: Any, status: int, field: str) -> None:
    client = make_client(user=make_user())
    before = client.get(ME).json()

    response = edit(client, body)

    assert response.status_code == status
    assert field in [error["field"] for error in response.json()["errors"]]
    assert client.get(ME).json() == before


@pytest.mark.django_db
def test_one_wrong_field_keeps_the_right_ones_out_too() -> None:
    client = make_client(user=make_user())
    before = client.get(ME).json()

    response = edit(client, {"locale": "en", "time_zone": "Mars/Olympus"})

    assert response.status_code == 422
    assert client.get(ME).json() == before


@pytest.mark.django_db
def test_an_edit_says_what_it_is_made_on() -> None:
    client = make_client(user=make_user())
    seen = client.get(ME)["ETag"]

    unsaid = client.patch(ME, {"locale": "en"})
    first = edit(client, {"locale": "en"}, etag=seen)
    second = edit(client, {"budget_band": "low"}, etag=seen)
    third = edit(client, {"budget_band": "low"}, etag=first["ETag"])

    assert (unsaid.status_code, unsaid.json()["code"]) == (428, "precondition_required")
    assert (second.status_code, second.json()["code"]) == (412, "precondition_failed")
    assert (first.status_code, third.status_code) == (200, 200)
    assert (User.objects.get().locale, User.objects.get().budget_band) == ("en", "low")


@pytest.mark.django_db(transaction=True)
def test_of_eight_edits_of_one_state_one_is_made() -> None:
    user = make_user()
    clients = [make_client(user=user) for _ in range(8)]
    seen = clients[0].get(ME)["ETag"]

    def change(minutes: int) -> int:
        status: int = edit(
            clients[minutes], {"time_budget_min": 60 + minutes}, etag=seen
        ).status_code
        connections.close_all()
        return status

    with ThreadPoolExecutor(max_workers=8) as threads:
        statuses = list(threads.map(change, range(8)))

    assert sorted(statuses) == [200] + [412] * 7
    assert User.objects.get().time_budget_min == 60 + statuses.index(200)


@pytest.mark.django_db
def test_nobody_has_no_profile() -> None:
    client = make_client()

    assert client.get(ME).status_code == 401
    assert edit(client, {"locale": "en"}).status_code == 401


@pytest.mark.django_db
def test_the_profile_takes_no_query() -> None:
    client = make_client(user=make_user())

    assert client.get(f"{ME}?user=1").status_code == 400
