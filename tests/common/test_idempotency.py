import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, connections
from django.http import HttpResponse
from django.utils import timezone
from pytest_django import Settings

from common.idempotency import SWEPT_AT_ONCE, sweep_answers
from common.models import StoredAnswer
from tests.common.serving import url_of_test_database
from tests.common.subjects import ANNOUNCED, Sending, count_accounts

pytestmark = pytest.mark.django_db(transaction=True)


def code_of(response: HttpResponse) -> str:
    code: str = json.loads(response.content)["code"]
    return code


def send_until_answered(sending: Sending) -> tuple[int, bytes, Sequence[int]]:
    """Send again as a client does while the first is being carried out."""
    waits: list[int] = []
    while True:
        response = sending.send()
        if response.status_code != 409:
            return response.status_code, response.content, waits
        assert code_of(response) == "idempotency_in_flight"
        waits.append(int(response["Retry-After"]))
        time.sleep(0.05)


def test_of_fifty_at_once_one_takes_effect_and_all_get_its_answer() -> None:
    start = Barrier(50)

    def send_at_once(_: int) -> tuple[int, bytes, Sequence[int]]:
        start.wait()
        try:
            return send_until_answered(Sending(behaviour="slow"))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=50) as threads:
        answers = list(threads.map(send_at_once, range(50)))

    assert count_accounts() == 1
    assert {(status, body) for status, body, _ in answers} == {(201, answers[0][1])}
    assert {wait for _, _, waits in answers for wait in waits} == {1}


def test_killed_between_any_two_steps_it_takes_effect_once() -> None:
    deaths = ["die-before", "die-within", "die-after-effect", "die-after-commit"]

    ended = send_and_die(deaths)
    made_by_the_dead = count_accounts()
    answers = [send_until_answered(Sending(key=death)) for death in deaths]
    again = [Sending(key=death).send() for death in deaths]

    assert ended == [-9] * 4
    assert made_by_the_dead == 1  # of the one that was killed after its commit
    assert [status for status, _, _ in answers] == [201] * 4
    assert [replay.content for replay in again] == [body for _, body, _ in answers]
    assert count_accounts() == 4


def send_and_die(deaths: Sequence[str]) -> list[int]:
    """Send with each death as its key, from processes of their own; return how they ended."""
    script = """
import os, sys, django
django.setup()
from tests.common.serving import url_of_test_database
from tests.common.subjects import Sending
for death in sys.argv[1:]:
    child = os.fork()
    if not child:
        Sending(key=death, behaviour=death).send()
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    output = subprocess.run(
        [sys.executable, "-c", script, *deaths],
        env={**os.environ, "DATABASE_URL": url_of_test_database()},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [int(line) for line in output.splitlines()]


def test_a_replay_gives_the_stored_bytes_and_says_so() -> None:
    first = Sending().send()
    again = Sending().send()

    assert (again.status_code, again.content) == (201, first.content)
    assert (again["Content-Type"], again["Location"]) == ("application/json", "/api/v1/x/1")
    assert (again["Idempotent-Replayed"], "Idempotent-Replayed" in first) == ("true", False)
    assert count_accounts() == 1


def test_an_answer_without_a_body_is_given_again() -> None:
    Sending(behaviour="nothing").send()
    again = Sending(behaviour="nothing").send()

    assert (again.status_code, again.content, count_accounts()) == (204, b"", 1)


def test_without_a_key_every_request_takes_effect() -> None:
    Sending(key=None).send()
    Sending(key=None).send()

    assert (count_accounts(), StoredAnswer.objects.count()) == (2, 0)


def test_a_key_is_its_owners_alone() -> None:
    mine = Sending(person="mina").send()
    theirs = Sending(person="otto").send()

    assert mine.content != theirs.content
    assert count_accounts() == 2


@pytest.mark.parametrize(
    "other", [Sending(body={"a": 2}), Sending(query="?a=2"), Sending(method="put")]
)
def test_a_key_that_came_with_another_request_is_refused(other: Sending) -> None:
    Sending().send()

    refused = other.send()

    assert (refused.status_code, code_of(refused)) == (422, "idempotency_key_reused")
    assert count_accounts() == 1


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "키", "a\tb", "\x7f"])
def test_a_malformed_key_is_refused(key: str) -> None:
    refused = Sending(key=key).send()

    assert (refused.status_code, code_of(refused)) == (400, "idempotency_key_malformed")
    assert count_accounts() == 0


def test_the_longest_key_is_taken() -> None:
    assert Sending(key="~" * 255).send().status_code == 201


def test_a_refusal_does_not_burn_the_key() -> None:
    refused = Sending(behaviour="refuse").send()
    made = Sending().send()

    assert (refused.status_code, made.status_code, count_accounts()) == (422, 201, 1)


def test_what_a_refused_request_keeps_is_kept_with_a_key_as_without() -> None:
    Sending(behaviour="make-then-refuse").send()
    Sending(behaviour="make-then-refuse", key=None).send()
    answered = Sending(behaviour="error").send()

    assert answered.status_code == 409
    assert (count_accounts(), StoredAnswer.objects.count()) == (3, 0)


@pytest.mark.parametrize("refusal", ["make-then-not-found", "make-then-404", "make-then-deny"])
def test_what_any_foreseen_refusal_keeps_is_kept(refusal: str) -> None:
    refused = Sending(behaviour=refusal).send()

    assert refused.status_code in {403, 404}
    assert (count_accounts(), StoredAnswer.objects.count()) == (1, 0)


def test_a_process_that_is_told_to_stop_leaves_nothing() -> None:
    with pytest.raises(KeyboardInterrupt):
        Sending(behaviour="make-then-interrupt").send()

    assert connection.get_autocommit()
    assert (count_accounts(), StoredAnswer.objects.count()) == (0, 0)


def test_a_bug_leaves_nothing_and_does_not_burn_the_key() -> None:
    with pytest.raises(KeyError):
        Sending(behaviour="make-then-break").send()
    left = count_accounts()
    made = Sending().send()

    assert (left, made.status_code, count_accounts()) == (0, 201, 1)
    assert connection.get_autocommit()


def test_what_waits_for_the_commit_runs_after_effect_and_answer_are_there() -> None:
    ANNOUNCED.clear()

    Sending(behaviour="announce").send()
    Sending(behaviour="announce").send()

    assert ANNOUNCED == [1]
    assert connection.get_autocommit()


def test_answers_are_stored_sealed() -> None:
    made = json.loads(Sending(key="secret-key").send().content)["id"]

    (stored,) = StoredAnswer.objects.values()

    assert made not in str(stored)
    assert made.encode() not in bytes(stored["body"])
    assert "secret-key" not in str(stored)


def test_what_was_asked_cannot_be_guessed_from_what_is_stored() -> None:
    sending = Sending(body={"password": "tall-otters-swim-9"})
    sending.send()

    (stored,) = StoredAnswer.objects.all()

    asked = b'POST /api/v1/x\n{"password":"tall-otters-swim-9"}'
    assert stored.request_hash != hashlib.sha256(asked).hexdigest()
    assert sending.send()["Idempotent-Replayed"] == "true"


def test_a_new_secret_opens_what_the_old_one_sealed(settings: Settings) -> None:
    first = Sending().send()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another" * 10

    again = Sending().send()
    settings.SECRET_KEY_FALLBACKS = []
    lost = Sending().send()

    assert again.content == first.content
    assert (lost.status_code, code_of(lost)) == (409, "idempotency_answer_lost")
    assert count_accounts() == 1


def test_answers_are_kept_a_day_to_its_end() -> None:
    now = timezone.now()
    for age, key in (
        (timedelta(hours=24), "young"),
        (timedelta(hours=24, microseconds=1), "old"),
    ):
        Sending(key=key).send()
        StoredAnswer.objects.filter(created_at__gt=now - timedelta(hours=1)).update(
            created_at=now - age
        )

    swept = sweep_answers(now=now)

    assert swept == 1
    assert Sending(key="young").send()["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in Sending(key="old").send()


def test_more_than_one_sweep_takes_at_once_is_swept() -> None:
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO common_idempotency_keys"
            " (caller, key_hash, request_hash, status, headers, body, created_at)"
            " SELECT 'c', n::text, '', 201, '{}', '', %s FROM generate_series(1, %s) AS n",
            [now - timedelta(days=2), SWEPT_AT_ONCE + 1],
        )

    assert sweep_answers(now=now) == SWEPT_AT_ONCE + 1
    assert not StoredAnswer.objects.exists()


@pytest.mark.usefixtures("_redis_away")
def test_without_redis_a_key_holds() -> None:
    first = Sending().send()

    assert Sending().send().content == first.content
