from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections, transaction
from django.http import HttpResponse
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from common.acting import acting_as
from common.conditions import (
    Condition,
    ConditionMissing,
    StateChanged,
    read_condition,
    state_of,
    tag_answer,
)
from tests.builders.users import make_user
from users.models import User


def edit(**headers: str) -> Request:
    return Request(APIRequestFactory().patch("/api/v1/x", headers=headers))


def test_an_edit_of_the_state_that_was_read_is_made() -> None:
    state = state_of("title", 3)
    answer = HttpResponse()
    tag_answer(answer, state=state)

    condition = read_condition(edit(if_match=answer["ETag"]))

    assert answer["ETag"] == f'"{state}-ko"'
    condition.check(state)
    with pytest.raises(StateChanged):
        condition.check(state_of("title", 4))


@pytest.mark.parametrize(
    ("header", "states"),
    [
        ('"ab-ko"', {"ab"}),
        ('"ab-en", "cd-ko"', {"ab", "cd"}),
        ('"ab-en","cd-ko" ,"ef-ko"', {"ab", "cd", "ef"}),
        ('W/"ab-ko"', set()),
        ('W/"ab-ko", "cd-ko"', {"cd"}),
        ("*", None),
        (" * ", None),
    ],
)
def test_reads_the_states_that_an_edit_names(header: str, states: set[str] | None) -> None:
    assert read_condition(edit(if_match=header)).states == states


@pytest.mark.parametrize(
    "header",
    [
        "",
        "ab",
        '"',
        "'ab'",
        "한글",
        '"a"b"',
        '"ab-ko", cd',
        '"ab-ko",',
        '*, "ab-ko"',
        "**",
        '"a\tb"',
    ],
)
def test_a_malformed_condition_is_refused(header: str) -> None:
    with pytest.raises(ValidationError) as refused:
        read_condition(edit(if_match=header))

    assert refused.value.get_codes() == {"If-Match": ["malformed"]}


def test_an_edit_without_condition_is_refused_where_one_is_required() -> None:
    with pytest.raises(ConditionMissing):
        read_condition(edit())

    assert read_condition(edit(), is_required=False) == Condition()


def test_a_tag_without_a_state_matches_nothing() -> None:
    with pytest.raises(StateChanged):
        read_condition(edit(if_match='"whatever"')).check(state_of("whatever"))


@pytest.mark.django_db(transaction=True)
def test_of_ten_edits_of_one_state_exactly_one_is_made() -> None:
    user = make_user(locale="ko")
    condition = Condition(states={state_of(user.locale, user.password)})
    start = Barrier(10)

    def rename(number: int) -> bool:
        start.wait()
        try:
            with acting_as(user.pk), transaction.atomic(durable=True):
                row = User.objects.select_for_update().get(pk=user.pk)
                condition.check(state_of(row.locale, row.password))
                User.objects.filter(pk=user.pk).update(password=f"changed-{number}")
        except StateChanged:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(max_workers=10) as threads:
        made = list(threads.map(rename, range(10)))

    assert sorted(made) == [False] * 9 + [True]
    user.refresh_from_db()
    assert user.password == f"changed-{made.index(True)}"
