import pytest
from django.contrib.auth.models import Group
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from tests.builders.users import make_pair, make_session, make_user
from users.models import User
from users.permissions import HasRole, IsAnalyst, IsOperator, IsSignedIn

pytestmark = pytest.mark.django_db


def ask(permission: type[HasRole], access: str | None) -> int:
    """Return the status of a route that asks for the role."""

    class Route(APIView):
        permission_classes = (permission,)

        def get(self, request: Request) -> Response:
            return Response()

    headers = {} if access is None else {"authorization": f"Bearer {access}"}
    return Route.as_view()(APIRequestFactory().get("/api/v1/x", headers=headers)).status_code


def access_of(user: User) -> str:
    return make_pair(session=make_session(user=user)).access


def make_analyst() -> User:
    user = make_user()
    user.groups.add(Group.objects.get_or_create(name="analyst")[0])
    return user


def test_a_role_opens_its_routes_and_no_others() -> None:
    callers = [
        None,
        access_of(make_user()),
        access_of(make_user(is_staff=True)),
        access_of(make_analyst()),
    ]

    statuses = {
        permission: [ask(permission, caller) for caller in callers]
        for permission in (IsSignedIn, IsOperator, IsAnalyst)
    }

    assert statuses == {
        IsSignedIn: [401, 200, 200, 200],
        IsOperator: [401, 403, 200, 403],
        IsAnalyst: [401, 403, 403, 200],
    }


def test_a_role_that_was_taken_away_is_gone_at_once() -> None:
    operator, analyst = make_user(is_staff=True), make_analyst()
    callers = access_of(operator), access_of(analyst)

    User.objects.update(is_staff=False)
    analyst.groups.clear()

    assert [ask(IsOperator, callers[0]), ask(IsAnalyst, callers[1])] == [403, 403]


def test_a_role_that_was_given_counts_from_the_next_token() -> None:
    user = make_user()
    before = access_of(user)

    User.objects.update(is_staff=True)
    user.refresh_from_db()

    assert [ask(IsOperator, before), ask(IsOperator, access_of(user))] == [403, 200]
