from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connections

from common.acting import acting_as
from tests.builders.users import make_pair, make_session, make_user
from users.adapters import tokens
from users.models import EndReason, TokenFamily, User
from users.services.ending_sessions import SessionEnd
from users.services.refreshing import GRACE, Refreshing
from users.types import Role, TokenPair

NOW = datetime(2026, 3, 7, 12, 0, tzinfo=UTC)
LATER = NOW + GRACE + timedelta(seconds=1)
THREADS, ROUNDS = 8, 50


def refresh(token: str, *, now: datetime = NOW) -> TokenPair:
    return Refreshing().refresh(refresh=token, now=now)


def refused(token: str, *, now: datetime = NOW) -> bool:
    with pytest.raises(tokens.TokenRefused):
        refresh(token, now=now)
    return True


def at_once(work: Callable[[int], TokenPair | None]) -> list[TokenPair | None]:
    """Run `work` in eight threads, each with a connection of its own, let go together."""
    barrier = Barrier(THREADS)

    def run(index: int) -> TokenPair | None:
        try:
            barrier.wait(timeout=10)
            return work(index)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=THREADS) as threads:
        return list(threads.map(run, range(THREADS)))


def test_a_spent_token_is_good_for_ten_seconds() -> None:
    assert timedelta(seconds=10) == GRACE


@pytest.mark.django_db
def test_a_token_of_a_generation_to_come_ends_its_session() -> None:
    session = make_session(now=NOW)
    session.generation = 5
    ahead = make_pair(session=session, now=NOW).refresh

    assert refused(ahead, now=LATER)

    assert TokenFamily.objects.get().end_reason == EndReason.TOKEN_REUSED


@pytest.mark.django_db
def test_a_refresh_token_buys_the_next_pair() -> None:
    session = make_session(now=NOW)
    first = make_pair(session=session, now=NOW)

    second = refresh(first.refresh, now=LATER)

    claims = tokens.read_refresh(second.refresh, now=LATER)
    assert (claims.session_id, claims.generation) == (session.public_id, 1)
    assert tokens.read_access(second.access, now=LATER).session_id == session.public_id
    assert TokenFamily.objects.get().last_used_at == LATER


@pytest.mark.django_db
def test_a_session_ends_fourteen_days_after_signing_in_however_often_it_is_refreshed() -> None:
    pair = make_pair(session=make_session(now=NOW), now=NOW)
    for day in range(14):
        pair = refresh(pair.refresh, now=NOW + timedelta(days=day, hours=23))

    assert refused(pair.refresh, now=NOW + timedelta(days=14))
    last = NOW + timedelta(days=14, seconds=-30)
    assert refresh(pair.refresh, now=last).expires_in_s == 30


@pytest.mark.django_db
def test_a_lost_answer_is_given_again_for_ten_seconds() -> None:
    first = make_pair(session=make_session(now=NOW), now=NOW)

    second = refresh(first.refresh)
    again = refresh(first.refresh, now=NOW + GRACE)

    assert again.refresh == second.refresh
    assert TokenFamily.objects.get().generation == 1
    assert refresh(again.refresh, now=LATER).refresh


@pytest.mark.django_db
def test_a_spent_token_that_comes_back_ends_its_session() -> None:
    session, other = make_session(now=NOW), make_session(now=NOW)
    first = make_pair(session=session, now=NOW)
    second = refresh(first.refresh)

    assert refused(first.refresh, now=LATER)

    session.refresh_from_db()
    assert (session.ended_at, session.end_reason) == (LATER, EndReason.TOKEN_REUSED)
    assert refused(second.refresh, now=LATER)
    assert refresh(make_pair(session=other, now=NOW).refresh).refresh


@pytest.mark.django_db
def test_the_last_but_one_has_no_grace() -> None:
    first = make_pair(session=make_session(now=NOW), now=NOW)
    third = refresh(refresh(first.refresh).refresh)

    assert refused(first.refresh)
    assert refused(third.refresh)


@pytest.mark.django_db
def test_roles_are_those_of_now() -> None:
    session = make_session(now=NOW)
    first = make_pair(session=session, now=NOW)
    User.objects.update(is_staff=True)

    access = tokens.read_access(refresh(first.refresh).access, now=NOW)

    assert access.roles == {Role.USER, Role.OPERATOR}


@pytest.mark.django_db
def test_a_banned_user_gets_nothing_and_loses_nothing() -> None:
    first = make_pair(session=make_session(now=NOW), now=NOW)
    User.objects.update(is_active=False)

    assert refused(first.refresh)

    User.objects.update(is_active=True)
    assert refresh(first.refresh, now=LATER).refresh


@pytest.mark.django_db
def test_a_session_that_is_over_or_gone_has_no_next_token() -> None:
    ended = make_session(now=NOW, ended_at=NOW, end_reason=EndReason.SIGNED_OUT)
    gone = make_session(now=NOW)
    token = make_pair(session=gone, now=NOW).refresh
    gone.delete()

    assert refused(make_pair(session=ended, now=NOW).refresh)
    assert refused(token)


@pytest.mark.django_db
def test_a_token_for_another_users_session_is_refused() -> None:
    session = make_session(now=NOW)
    session.user = make_user()

    assert refused(make_pair(session=session, now=NOW).refresh)
    assert TokenFamily.objects.get().generation == 0


@pytest.mark.django_db(transaction=True)
def test_promise_of_eight_refreshes_at_once_there_is_one_successor() -> None:
    session = make_session(now=NOW)
    token = make_pair(session=session, now=NOW).refresh

    def ask(index: int) -> TokenPair:
        # Each by a clock of its own: tokens made apart from one another would not be the same.
        return refresh(token, now=NOW + timedelta(seconds=index))

    for turn in range(ROUNDS):
        pairs = at_once(ask)

        successors = {pair.refresh for pair in pairs if pair is not None}
        assert len(successors) == 1
        session.refresh_from_db()
        assert (session.generation, session.ended_at) == (turn + 1, None)
        token = successors.pop()


@pytest.mark.django_db(transaction=True)
def test_promise_of_eight_replays_at_once_none_gets_a_token() -> None:
    session = make_session(now=NOW)
    first = make_pair(session=session, now=NOW)
    second = refresh(first.refresh)

    def replay(index: int) -> TokenPair | None:
        try:
            return refresh(first.refresh, now=LATER)
        except tokens.TokenRefused:
            return None

    assert at_once(replay) == [None] * THREADS
    assert refused(second.refresh, now=LATER)
    assert TokenFamily.objects.get().end_reason == EndReason.TOKEN_REUSED


@pytest.mark.django_db(transaction=True)
def test_signing_out_beats_every_refresh_that_comes_after_it() -> None:
    session = make_session(now=NOW)
    token = make_pair(session=session, now=NOW).refresh

    def mix(index: int) -> TokenPair | None:
        if index == 0:
            with acting_as(session.user_id):
                SessionEnd().sign_out(session_id=session.public_id, now=NOW)
            return None
        try:
            return refresh(token)
        except tokens.TokenRefused:
            return None

    pairs = [pair for pair in at_once(mix) if pair is not None]

    assert len({pair.refresh for pair in pairs}) <= 1
    assert all(refused(pair.refresh, now=LATER) for pair in pairs)


@pytest.mark.django_db
def test_no_token_is_in_the_database() -> None:
    pair = refresh(make_pair(session=make_session(now=NOW), now=NOW).refresh)

    row = str(TokenFamily.objects.values().get())

    assert all(
        part not in row for token in (pair.access, pair.refresh) for part in token.split(".")
    )
