import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from tests.builders.users import make_pair, make_session, make_user
from users.adapters import tokens
from users.authentication import (
    BearerAuthentication,
    access_claims,
    find_signed_in_user,
    signed_in_user,
)
from users.models import User

pytestmark = pytest.mark.django_db


def ask(authorization: str | None) -> Request:
    headers = {} if authorization is None else {"authorization": authorization}
    return Request(
        APIRequestFactory().get("/api/v1/x", headers=headers),
        authenticators=[BearerAuthentication()],
    )


def access_of(user: User) -> str:
    return make_pair(session=make_session(user=user)).access


def test_knows_who_is_asking() -> None:
    user = make_user()

    assert signed_in_user(ask(f"Bearer {access_of(user)}")) == user
    assert find_signed_in_user(ask(f"bearer {access_of(user)}")) == user


def test_nobody_is_nobody() -> None:
    assert find_signed_in_user(ask(None)) is None
    with pytest.raises(NotAuthenticated):
        signed_in_user(ask(None))
    with pytest.raises(NotAuthenticated):
        access_claims(ask(None))


def test_knows_the_session_of_a_request() -> None:
    session = make_session()

    claims = access_claims(ask(f"Bearer {make_pair(session=session).access}"))

    assert claims.session_id == session.public_id


def test_a_session_of_somebody_else_is_not_ones_own() -> None:
    session = make_session()
    session.user = make_user()

    with pytest.raises(tokens.TokenRefused):
        find_signed_in_user(ask(f"Bearer {make_pair(session=session).access}"))


def test_who_is_asking_costs_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    access = access_of(make_user())

    with django_assert_num_queries(1):
        find_signed_in_user(ask(f"Bearer {access}"))


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
