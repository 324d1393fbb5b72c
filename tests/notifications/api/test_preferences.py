"""`/api/v1/notifications/preferences`, from outside."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from notifications.models import ChannelPreference
from tests.builders.users import make_client, make_user
from users.services.consent_texts import list_current_texts

pytestmark = pytest.mark.django_db

PREFERENCES, ME = "/api/v1/notifications/preferences", "/api/v1/users/me"
BOTH = {"push": True, "inbox": True}


def edit(client: APIClient, body: Any, *, etag: str = "*") -> Any:
    return client.patch(PREFERENCES, body, headers={"if-match": etag})


def test_who_said_nothing_has_the_defaults_in_their_own_zone() -> None:
    client = make_client(user=make_user(time_zone="Europe/Prague"))

    assert client.get(PREFERENCES).json() == {
        "kinds": {"nudge": BOTH, "trip": BOTH, "mission": BOTH, "party": BOTH},
        "quiet_hours": {"starts": "21:00", "ends": "08:00"},
        "time_zone": "Europe/Prague",
        "has_push_consent": False,
    }


def test_an_edit_changes_what_it_names_and_nothing_else() -> None:
    client = make_client(user=make_user())
    before = client.get(PREFERENCES).json()

    first = edit(client, {"kinds": {"nudge": {"push": False}}}).json()
    second = edit(client, {"quiet_hours": {"starts": "23:30", "ends": "06:00"}}).json()
    third = edit(client, {"kinds": {"nudge": {"push": True}, "party": {"inbox": False}}}).json()
    fourth = edit(client, {"quiet_hours": None}).json()

    assert first == before | {"kinds": before["kinds"] | {"nudge": {"push": False, "inbox": True}}}
    assert second == first | {"quiet_hours": {"starts": "23:30", "ends": "06:00"}}
    assert third == second | {"kinds": before["kinds"] | {"party": {"push": True, "inbox": False}}}
    assert fourth == third | {"quiet_hours": None}
    assert client.get(PREFERENCES).json() == fourth


def test_a_changed_zone_of_the_account_is_followed() -> None:
    client = make_client(user=make_user())
    edit(client, {"quiet_hours": {"starts": "22:00", "ends": "07:00"}})

    client.patch(ME, {"time_zone": "America/New_York"}, headers={"if-match": "*"})

    shown = client.get(PREFERENCES).json()
    assert shown["time_zone"] == "America/New_York"
    assert shown["quiet_hours"] == {"starts": "22:00", "ends": "07:00"}


def test_consent_to_pushes_shows() -> None:
    client = make_client(user=make_user())
    (version,) = [text.version for text in list_current_texts() if text.kind == "push"]

    client.post(f"{ME}/consents", {"kind": "push", "granted": True, "text_version": version})

    assert client.get(PREFERENCES).json()["has_push_consent"] is True


def test_an_edit_says_what_it_is_made_on() -> None:
    client = make_client(user=make_user())
    seen = client.get(PREFERENCES)["ETag"]

    unsaid = client.patch(PREFERENCES, {"quiet_hours": None})
    first = edit(client, {"quiet_hours": None}, etag=seen)
    second = edit(client, {"kinds": {"nudge": {"push": False}}}, etag=seen)

    assert (unsaid.status_code, first.status_code, second.status_code) == (428, 200, 412)
    assert not ChannelPreference.objects.exists()


REFUSED: list[tuple[Any, int, str]] = [
    ({"kinds": {"adverts": {"push": True}}}, 400, "kinds.adverts"),
    ({"kinds": {"nudge": {"sms": True}}}, 400, "kinds.nudge.sms"),
    ({"kinds": {"nudge": {"push": 1}}}, 400, "kinds.nudge.push"),
    ({"kinds": {"nudge": {"push": None}}}, 400, "kinds.nudge.push"),
    ({"kinds": {"nudge": None}}, 400, "kinds.nudge"),
    ({"kinds": []}, 400, "kinds"),
    ({"time_zone": "Asia/Seoul"}, 400, "time_zone"),
    ({"has_push_consent": True}, 400, "has_push_consent"),
    ({"quiet_hours": {"starts": "21:00"}}, 400, "quiet_hours.ends"),
    ({"quiet_hours": {"starts": "21:00", "ends": "21:00"}}, 422, "quiet_hours.ends"),
    ({"quiet_hours": {"starts": "24:00", "ends": "08:00"}}, 400, "quiet_hours.starts"),
    ({"quiet_hours": {"starts": "9:00", "ends": "08:00"}}, 400, "quiet_hours.starts"),
    ({"quiet_hours": {"starts": "21:00:30", "ends": "08:00"}}, 400, "quiet_hours.starts"),
    ({"quiet_hours": {"starts": "21:00+09:00", "ends": "08:00"}}, 400, "quiet_hours.starts"),
    ({"quiet_hours": {"starts": 21, "ends": "08:00"}}, 400, "quiet_hours.starts"),
    ({"quiet_hours": "night"}, 400, "quiet_hours"),
]


@pytest.mark.parametrize(("body", "status", "field"), REFUSED)
def test_what_is_no_preference_is_refused_by_field(body: Any, status: int, field: str) -> None:
    client = make_client(user=make_user())
    before = client.get(PREFERENCES).json()

    response = edit(client, body)

    assert response.status_code == status
    assert field in [error["field"] for error in response.json()["errors"]]
    assert client.get(PREFERENCES).json() == before


def test_nobody_has_no_preferences() -> None:
    assert make_client().get(PREFERENCES).status_code == 401
    assert edit(make_client(), {"quiet_hours": None}).status_code == 401
