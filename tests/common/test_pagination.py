from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.signing import Signer
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from common.pagination import CursorPages
from tests.builders.users import make_user
from users.models import User

pytestmark = pytest.mark.django_db


def page(query: str = "limit=2") -> tuple[list[int], str | None, str | None]:
    pages = CursorPages()
    request = Request(APIRequestFactory().get(f"/api/v1/x?{query}"))
    found = pages.paginate_queryset(User.objects.all(), request)
    body = pages.get_paginated_response([user.pk for user in found or []]).data
    assert list(body) == ["next", "previous", "results"]
    return body["results"], body["next"], body["previous"]


def query_of(address: str | None) -> str:
    assert address is not None
    return urlsplit(address).query


def test_walks_there_and_back() -> None:
    ids = sorted((make_user().pk for _ in range(5)), reverse=True)

    first, following, nothing = page()
    second, last, _ = page(query_of(following))
    third, end, back = page(query_of(last))
    again, _, _ = page(query_of(back))

    assert [first, second, third, again] == [ids[:2], ids[2:4], ids[4:], ids[2:4]]
    assert (nothing, end) == (None, None)


def test_a_row_added_meanwhile_shifts_nothing() -> None:
    ids = sorted((make_user().pk for _ in range(3)), reverse=True)
    _, following, _ = page()
    make_user()

    assert page(query_of(following))[0] == ids[2:]


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "cD0x", "\x00", "🍜", "a" * 900, Signer(salt="other").sign_object([0, False, "1"])],
)
def test_a_cursor_that_is_not_ours_is_refused(cursor: str) -> None:
    pages = CursorPages()
    request = Request(APIRequestFactory().get("/api/v1/x", {"cursor": cursor}))

    with pytest.raises(ValidationError) as refused:
        pages.paginate_queryset(User.objects.all(), request)

    assert list(refused.value.detail) == ["cursor"]


def test_a_cursor_was_signed() -> None:
    for _ in range(3):
        make_user()

    _, following, _ = page()

    (cursor,) = parse_qs(query_of(following))["cursor"]
    assert cursor.count(":") == 1
