"""`/api/v1/devices`, from outside."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from rest_framework.test import APIClient
from uuid_utils.compat import uuid7

from notifications.models import Device
from tests.builders.users import make_client, make_user

DEVICES = "/api/v1/devices"
TOKEN = "fcm:APA91bHun4MxP5egoKMwt2KZFBaFUH-1RYqx"


def body(token: str = TOKEN, **changes: Any) -> dict[str, Any]:
    return {"platform": "android", "push_token": token, "locale": "ko"} | changes


def own(client: APIClient) -> list[str]:
    return [device["id"] for device in client.get(DEVICES).json()]


@pytest.mark.django_db
def test_a_device_is_registered_listed_and_removed() -> None:
    client = make_client(user=make_user())

    made = client.post(DEVICES, body())
    listed = client.get(DEVICES).json()
    removed = client.delete(f"{DEVICES}/{made.json()['id']}")

    assert (made.status_code, removed.status_code) == (201, 204)
    assert listed == [made.json()]
    assert list(made.json()) == ["id", "platform", "locale", "created_at", "last_seen_at"]
    assert own(client) == []
    assert not Device.objects.exists()


@pytest.mark.django_db
def test_the_same_device_seen_again_is_no_second_one() -> None:
    client = make_client(user=make_user())
    first = client.post(DEVICES, body())

    second = client.post(DEVICES, body(locale="en"))

    assert (second.status_code, second.json()["id"]) == (200, first.json()["id"])
    assert second.json()["locale"] == "en"
    assert second.json()["last_seen_at"] > first.json()["last_seen_at"]
    assert second.json()["created_at"] == first.json()["created_at"]


@pytest.mark.django_db
def test_a_token_belongs_to_who_signed_in_last() -> None:
    before, after = make_client(user=make_user()), make_client(user=make_user())
    old = before.post(DEVICES, body()).json()["id"]

    moved = after.post(DEVICES, body())

    assert moved.status_code == 201
    assert moved.json()["id"] != old
    assert (own(before), own(after)) == ([], [moved.json()["id"]])
    assert before.delete(f"{DEVICES}/{old}").status_code == 404


@pytest.mark.django_db
def test_the_eleventh_device_is_refused_until_one_is_removed() -> None:
    client, other = make_client(user=make_user()), make_client(user=make_user())
    ids = [client.post(DEVICES, body(f"{TOKEN}-{index}")).json()["id"] for index in range(10)]
    other.post(DEVICES, body())

    refused = client.post(DEVICES, body())
    client.delete(f"{DEVICES}/{ids[0]}")
    taken = client.post(DEVICES, body())

    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (409, "notifications/too-many-devices")
    assert problem["limit"] == 10
    assert taken.status_code == 201
    assert len(own(client)) == 10


@pytest.mark.django_db
def test_a_refused_device_leaves_the_token_where_it_was() -> None:
    client, other = make_client(user=make_user()), make_client(user=make_user())
    for index in range(10):
        client.post(DEVICES, body(f"{TOKEN}-{index}"))
    kept = other.post(DEVICES, body()).json()["id"]

    client.post(DEVICES, body())

    assert own(other) == [kept]


@pytest.mark.django_db
def test_one_removes_ones_own_devices_only() -> None:
    owner, other = make_client(user=make_user()), make_client(user=make_user())
    device = owner.post(DEVICES, body()).json()["id"]

    of_other, unknown = other.delete(f"{DEVICES}/{device}"), owner.delete(f"{DEVICES}/{uuid7()}")

    assert (of_other.status_code, unknown.status_code) == (404, 404)
    assert of_other.json()["code"] == "notifications/device-not-found"
    assert own(owner) == [device]


REFUSED: list[tuple[Any, str]] = [
    ({}, "platform"),
    (body(platform="symbian"), "platform"),
    (body(locale="fr"), "locale"),
    (body(""), "push_token"),
    (body("short"), "push_token"),
    (body("x" * 1025), "push_token"),
    (body("with a space in its midst"), "push_token"),
    (body("새로운토큰이라고하는것입니다요네"), "push_token"),
    (body("zero\x00byte-in-the-midst"), "push_token"),
    (body(push_token=12345678901234567), "push_token"),
    (body(push_token=[TOKEN]), "push_token"),
    (body(user_id=1), "user_id"),
    (body(id=str(uuid7())), "id"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("said", "field"), REFUSED)
def test_what_is_no_device_is_refused_by_field(said: Any, field: str) -> None:
    response = make_client(user=make_user()).post(DEVICES, said)

    assert response.status_code == 400
    assert field in [error["field"] for error in response.json()["errors"]]
    assert not Device.objects.exists()


@pytest.mark.django_db
def test_nobody_has_no_devices() -> None:
    client = make_client()

    assert client.get(DEVICES).status_code == 401
    assert client.post(DEVICES, body()).status_code == 401
    assert client.delete(f"{DEVICES}/{uuid7()}").status_code == 401


def at_once(clients: list[APIClient], bodies: list[dict[str, Any]]) -> list[int]:
    def register(index: int) -> int:
        status: int = clients[index].post(DEVICES, bodies[index]).status_code
        connections.close_all()
        return status

    with ThreadPoolExecutor(max_workers=len(clients)) as threads:
        return list(threads.map(register, range(len(clients))))


@pytest.mark.django_db(transaction=True)
def test_of_registrations_at_once_no_more_than_ten_are_kept() -> None:
    user = make_user()
    clients = [make_client(user=user) for _ in range(12)]

    statuses = at_once(clients, [body(f"{TOKEN}-{index}") for index in range(12)])

    assert sorted(statuses) == [201] * 10 + [409] * 2
    assert Device.objects.count() == 10


@pytest.mark.django_db(transaction=True)
def test_one_token_claimed_by_many_at_once_ends_with_one_owner() -> None:
    clients = [make_client(user=make_user()) for _ in range(8)]

    statuses = at_once(clients, [body()] * 8)

    assert statuses == [201] * 8
    assert Device.objects.count() == 1
    assert sum(len(own(client)) for client in clients) == 1
