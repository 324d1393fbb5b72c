from contextlib import AbstractContextManager

import pytest
from celery.exceptions import Reject

from common.acting import (
    NOBODY,
    Acting,
    Mode,
    acting,
    acting_as,
    acting_as_operator,
    acting_as_system,
    current_acting,
)
from common.celery_tasks import DELIVERIES_HIGH, HEADER, TracedTask
from common.request_ids import current_request_id, set_request_id
from config.celery import app

seen: list[str] = []
acted_for: list[Acting] = []


@app.task(name="tests.note_request_id")  # type: ignore[untyped-decorator] # Celery has no types
def note_request_id() -> None:
    seen.append(current_request_id())
    acted_for.append(current_acting())


def deliver(*, redelivered: bool, times: int) -> int:
    """Run one task as a worker does, `times` times; return how many runs did its work."""
    note_request_id.push_request(
        id="one-task", headers={HEADER: "abc"}, delivery_info={"redelivered": redelivered}
    )
    seen.clear()
    try:
        for _ in range(times):
            note_request_id()
    except Reject:
        pass
    finally:
        note_request_id.pop_request()
    return len(seen)


def test_a_task_runs_under_the_id_of_its_request() -> None:
    set_request_id("abc")
    seen.clear()

    note_request_id.apply_async()

    assert seen == ["abc"]
    assert current_request_id() == "abc"
    set_request_id("")


def test_the_id_travels_in_the_headers() -> None:
    assert deliver(redelivered=False, times=1) == 1
    assert seen == ["abc"]
    assert current_request_id() == ""


def test_a_task_that_keeps_coming_back_is_set_aside() -> None:
    assert deliver(redelivered=True, times=20) == DELIVERIES_HIGH - 1


@pytest.mark.usefixtures("_redis_away")
def test_without_redis_tasks_are_done_all_the_same() -> None:
    assert deliver(redelivered=True, times=20) == 20


def test_every_task_is_traced() -> None:
    assert isinstance(note_request_id, TracedTask)


def test_a_task_that_a_user_queues_acts_for_that_user() -> None:
    acted_for.clear()

    with acting_as(7):
        note_request_id.apply_async()

    assert acted_for == [Acting(Mode.USER, 7)]


@pytest.mark.parametrize("block", [acting_as_system(), acting_as_operator(8), acting(NOBODY)])
def test_any_other_task_acts_for_nobody_until_it_says_so(
    block: AbstractContextManager[None],
) -> None:
    acted_for.clear()

    with block:
        note_request_id.apply_async()
        note_request_id()

    assert acted_for == [NOBODY, NOBODY]
