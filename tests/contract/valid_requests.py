"""
A valid request for every route.

What a schema says by itself (required members, formats, bounds) is made up from it. A route that
wants more, such as an id that exists, has an entry here under its operation id.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from rest_framework.test import APIClient
from uuid_utils.compat import uuid7

from tests.builders.google import make_id_token
from tests.builders.quizzes import make_answers
from tests.builders.users import NEW_PASSWORD, PASSWORD, make_mailed_secret, make_user
from tests.contract.asking import forget_limits
from tests.contract.routes import ANY_ID, Json, Route, resolve_reference
from tests.contract.world import World, sign_in
from tests.trips.api.asking import next_saturday
from users.models import User
from users.services.consent_texts import list_current_texts
from users.services.mailing import AccountMail
from users.services.tasting import Direction, Tasting


@dataclass(frozen=True)
class Ask:
    """What goes with a request besides its address."""

    query: Mapping[str, Any] = field(default_factory=dict)
    body: Json | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def ask_validly(route: Route, world: World) -> Ask:
    """Return a request that the owner may make."""
    if (made := MADE.get(route.operation["operationId"])) is not None:
        return made(world)
    needed = [one for one in route.parameters if one.get("required") and one["in"] != "path"]
    body = route.body_schema
    return Ask(
        query={one["name"]: sample(one["schema"]) for one in needed if one["in"] == "query"},
        headers={one["name"]: _HEADERS[one["name"]] for one in needed if one["in"] == "header"},
        body=None if body is None else sample(body),
    )


def send(route: Route, address: str, asked: Ask, headers: Mapping[str, str]):  # type: ignore[no-untyped-def] # a test client's answer has no public type
    forget_limits()
    client = APIClient(headers={**headers, **asked.headers})
    data = asked.query if asked.body is None else asked.body
    form = {} if asked.body is None else {"format": "json"}
    return getattr(client, route.method)(address, data, **form)


# Whatever the state is that is edited: each who asks has their own.
_HEADERS = {"If-Match": "*"}


def sample(schema: Json) -> Any:
    """Return a value that the schema allows, with its required members alone."""
    schema = resolve_reference(schema)
    for way in ("anyOf", "oneOf", "allOf"):
        if way in schema:
            return sample(schema[way][0])
    for known in ("example", "default", "const"):
        if known in schema:
            return schema[known]
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "object")
    return _SAMPLES[kind if isinstance(kind, str) else kind[0]](schema)


_FORMATS = {
    "email": "somebody@example.com",
    "uuid": ANY_ID,
    "date": "2026-05-01",
    "date-time": "2026-05-01T14:00:00+09:00",
    "uri": "https://example.com/",
}


def _sample_text(schema: Json) -> str:
    return _FORMATS.get(schema.get("format", ""), "동네").ljust(schema.get("minLength", 0), "x")


_SAMPLES: Mapping[str, Callable[[Json], Any]] = {
    "string": _sample_text,
    "integer": lambda schema: schema.get("minimum", 1),
    "number": lambda schema: schema.get("minimum", 1.0),
    "boolean": lambda _: True,
    "null": lambda _: None,
    "array": lambda schema: [sample(schema["items"])] * schema.get("minItems", 0),
    "object": lambda schema: {
        name: sample(schema["properties"][name]) for name in schema.get("required", [])
    },
}


def _credentials(world: World) -> Ask:
    return Ask(body={"email": world.owner.email, "password": PASSWORD})


def _refresh_token(world: World) -> Ask:
    return Ask(body={"refresh": sign_in(world.owner)["refresh"]})


def _google(_: World) -> Ask:
    someone = str(uuid7())
    token = make_id_token(now=timezone.now(), sub=someone, email=f"{someone}@gmail.com")
    return Ask(body={"id_token": token})


def _new_password(_: World) -> Ask:
    secret = make_mailed_secret(user=make_user(), mail=AccountMail.RESET_PASSWORD)
    return Ask(body={"token": secret, "password": NEW_PASSWORD})


def _confirmation(_: World) -> Ask:
    secret = make_mailed_secret(user=make_user(), mail=AccountMail.CONFIRM_EMAIL)
    return Ask(body={"token": secret})


def _recommendation(_: World) -> Json:
    return {"area": "홍대", "start_at": next_saturday(13)}


def _say_push(_: World) -> Ask:
    (version,) = (text.version for text in list_current_texts() if text.kind == "push")
    return Ask(body={"kind": "push", "granted": True, "text_version": version})


def _with_an_edit(_: World) -> Ask:
    """Let there be an edit of the taste, so that it can be taken back."""
    for user in User.objects.filter(is_active=True):
        Tasting().edit(user_id=user.pk, word="quiet", direction=Direction.MORE, now=timezone.now())
    return Ask()


MADE: Mapping[str, Callable[[World], Ask]] = {
    "auth_signup": lambda _: Ask(body={"email": f"{uuid7()}@example.com", "password": PASSWORD}),
    "auth_token": _credentials,
    "auth_google": _google,
    "auth_token_refresh": _refresh_token,
    "auth_logout": _refresh_token,
    "auth_password_reset_confirm": _new_password,
    "auth_email_confirm": _confirmation,
    "users_me_password_change": lambda _: Ask(
        body={"current_password": PASSWORD, "new_password": NEW_PASSWORD}
    ),
    "users_me_delete": lambda _: Ask(body={"password": PASSWORD}),
    "edit_profile": lambda _: Ask(body={"locale": "en"}, headers=_HEADERS),
    "edit_notification_preferences": lambda _: Ask(body={"quiet_hours": None}, headers=_HEADERS),
    "answer_quiz": lambda _: Ask(body=make_answers(cafe="cosy")),
    "say_consent": _say_push,
    "undo_taste_edit": _with_an_edit,
    "register_device": lambda _: Ask(
        body={"platform": "web", "push_token": str(uuid7()), "locale": "ko"}
    ),
    "report_place": lambda _: Ask(body={"kind": "wrong_price"}),
    "explain_absence": lambda world: Ask(query={"place": world.place_id}),
    "recommend_trips": lambda world: Ask(query=_recommendation(world)),
    "recommend_trips_at_length": lambda world: Ask(body=_recommendation(world)),
}
