"""Everybody who may ask: who is entitled, who is not, and who only pretends."""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings

from tests.builders.users import make_user
from tests.contract.forging import forge, read_claims
from tests.contract.world import World, bearer, make_analyst, make_operator, sign_in
from users.models import User

OTHER_KEY = "another-key-of-the-same-length-that-is-not-the-service's"


def nobody(_: World) -> dict[str, str]:
    return {}


def owner(world: World) -> dict[str, str]:
    return bearer(sign_in(world.owner)["access"])


def other(world: World) -> dict[str, str]:
    return bearer(sign_in(make_user())["access"])


def operator(world: World) -> dict[str, str]:
    return bearer(sign_in(make_operator())["access"])


def analyst(world: World) -> dict[str, str]:
    return bearer(sign_in(make_analyst())["access"])


def banned(world: World) -> dict[str, str]:
    user = make_user()
    headers = bearer(sign_in(user)["access"])
    user.is_active = False
    user.save()
    return headers


def erased(world: World) -> dict[str, str]:
    user = make_user()
    headers = bearer(sign_in(user)["access"])
    User.objects.filter(pk=user.pk).delete()
    return headers


def expired(world: World) -> dict[str, str]:
    return _forged(world, {"exp": int(time.time()) - 1})


def without_signature(world: World) -> dict[str, str]:
    return _forged(world, {}, algorithm="none")


def signed_by_another_key(world: World) -> dict[str, str]:
    return _forged(world, {}, key=OTHER_KEY)


def signed_by_another_algorithm(world: World) -> dict[str, str]:
    return _forged(world, {}, algorithm="HS512")


def issued_by_another_service(world: World) -> dict[str, str]:
    return _forged(world, {"iss": "elsewhere"})


def of_nobody(world: World) -> dict[str, str]:
    return _forged(world, {"sub": "01932c07-30a0-7bd8-bf9c-6f3e2a2b5a11"})


def refresh_as_access(world: World) -> dict[str, str]:
    return bearer(sign_in(world.owner)["refresh"])


def _forged(
    world: World,
    changes: dict[str, Any],
    *,
    key: str | None = None,
    algorithm: str = "HS256",
) -> dict[str, str]:
    """Return the owner's own token with other claims, another key or another algorithm."""
    claims = read_claims(sign_in(world.owner)["access"]) | changes
    return bearer(forge(claims=claims, key=key or settings.SECRET_KEY, algorithm=algorithm))


Caller = Callable[[World], dict[str, str]]

# Whose token is none; a route that reads tokens refuses them, even where nobody must sign in.
PRETENDERS: tuple[Caller, ...] = (
    banned,
    erased,
    expired,
    without_signature,
    signed_by_another_key,
    signed_by_another_algorithm,
    issued_by_another_service,
    of_nobody,
    refresh_as_access,
)
PEOPLE: tuple[Caller, ...] = (other, operator, analyst, owner)
CALLERS: tuple[Caller, ...] = (*PRETENDERS, nobody, *PEOPLE)
