import pytest
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from tests.builders.users import make_user
from users.adapters import tokens
from users.authentication import BearerAuthentication, find_signed_in_user, signed_in_user
from users.models import User

pytestmark = pytest.mark.django_db


def ask(authorization: str | None) -> Request:
    headers = {} if authorization is None else {"authorization": authorization}
    return Request(
        APIRequestFactory().get("/api/v1/x", headers=headers),
        authenticators=[BearerAuthentication()],
    )


def access_of(user: User) -> str:
    return tokens.issue_pair(user=user, roles=()).access


def test_knows_who_is_asking() -> None:
    user = make_user()

    assert signed_in_user(ask(f"Bearer {access_of(user)}")) == user
    assert find_signed_in_user(ask(f"bearer {access_of(user)}")) == user


def test_nobody_is_nobody() -> None:
    assert find_signed_in_user(ask(None)) is None
    with pytest.raises(NotAuthenticated):
        signed_in_user(ask(None))


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer a b", "Basic YTpi", "Bearer x", "Bearer \xff"]
)
def test_a_token_that_does_not_hold_is_not_taken_for_nobody(header: str) -> None:
    with pytest.raises(tokens.TokenRefused):
        find_signed_in_user(ask(header))


def test_a_closed_account_is_refused_at_once() -> None:
    user = make_user()
    access = access_of(user)
    User.objects.update(is_active=False)

    with pytest.raises(tokens.TokenRefused):
        find_signed_in_user(ask(f"Bearer {access}"))
