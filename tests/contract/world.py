"""
Who asks, and what the owner has: enough for every route to be asked for something real.

A route with a new path parameter needs an entry in OWNED: how one of the owner's is made.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.contrib.auth.models import Group
from django.utils import timezone
from rest_framework.test import APIClient

from places.models import Place
from tests.builders.devices import make_device
from tests.builders.neighbourhoods import make_neighbourhood
from tests.builders.reports import make_report
from tests.builders.users import PASSWORD, make_session, make_user
from tests.contract.asking import forget_limits
from tests.contract.routes import Route
from tests.trips.api.asking import next_saturday
from trips.models import Trip
from users.models import User
from users.selectors import ANALYSTS
from users.services.exporting_data import DataExports, Downloads


@dataclass
class World:
    """A neighbourhood, and somebody who has things in it."""

    owner: User
    place_id: str
    _ids: dict[str, str] = field(default_factory=dict)

    def ids_for(self, route: Route) -> Mapping[str, str]:
        """Return, for each path parameter, the id of something that the owner has."""
        for name in route.path_parameters:
            if name not in self._ids:
                assert name in OWNED, (
                    f"{route} has a path parameter that nobody has one for: "
                    f"enter in tests/contract/world.py, OWNED, how {name!r} is made"
                )
                self._ids[name] = OWNED[name](self)
        return self._ids


def sign_in(user: User) -> Mapping[str, str]:
    """Return the tokens that `user` gets for their password."""
    forget_limits()
    credentials = {"email": user.email, "password": PASSWORD}
    response = APIClient().post("/api/v1/auth/token", credentials, format="json")
    assert response.status_code == 200, response.content
    tokens: Mapping[str, str] = response.json()
    return tokens


def make_world() -> World:
    make_neighbourhood()
    return World(owner=make_user(), place_id=str(Place.objects.earliest("pk").public_id))


def make_operator() -> User:
    return make_user(is_staff=True)


def make_analyst() -> User:
    analyst = make_user()
    analyst.groups.add(Group.objects.get_or_create(name=ANALYSTS)[0])
    return analyst


def bearer(access: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {access}"}


def _make_trip(world: World) -> str:
    forget_limits()
    APIClient(headers=bearer(sign_in(world.owner)["access"])).get(
        "/api/v1/trips/recommendations", {"area": "홍대", "start_at": next_saturday(13)}
    )
    return str(Trip.objects.filter(traveller=world.owner).earliest("pk").public_id)


def _make_export_token(_: World) -> str:
    # Whoever has the token may use it. The file goes with its owner, and no test brings files back.
    export = DataExports().request(user=make_user(), now=timezone.now())
    return Downloads().sign(export)


OWNED: Mapping[str, Callable[[World], str]] = {
    "device_id": lambda world: str(make_device(user=world.owner).public_id),
    "report_id": lambda world: str(make_report(user=world.owner).public_id),
    "session_id": lambda world: str(make_session(user=world.owner).public_id),
    "token": _make_export_token,
    "trip_id": _make_trip,
    "place_id": lambda world: world.place_id,
    "z": lambda _: "10",
    "x": lambda _: "873",
    "y": lambda _: "396",
}
