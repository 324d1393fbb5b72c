from datetime import UTC, datetime, timedelta

import pytest
from uuid_utils.compat import uuid7

from tests.builders.users import make_pair, make_session, make_user
from users import selectors
from users.adapters import tokens
from users.models import EndReason, TokenFamily, User
from users.services.ending_sessions import KEPT_FOR, SessionEnd, SessionNotFound
from users.tasks import sweep_sessions

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 7, 12, 0, tzinfo=UTC)


def reasons() -> dict[int, str]:
    return dict(TokenFamily.objects.values_list("pk", "end_reason"))


def test_signing_out_ends_this_session_alone() -> None:
    user = make_user()
    here, there = make_session(user=user, now=NOW), make_session(user=user, now=NOW)

    SessionEnd().sign_out(session_id=here.public_id, now=NOW)
    SessionEnd().sign_out(session_id=here.public_id, now=NOW + timedelta(hours=1))

    assert reasons() == {here.pk: EndReason.SIGNED_OUT, there.pk: ""}
    here.refresh_from_db()
    assert here.ended_at == NOW


def test_a_spent_refresh_token_still_signs_out() -> None:
    session = make_session(now=NOW)
    token = make_pair(session=session, now=NOW).refresh
    session.rotate(now=NOW)

    SessionEnd().sign_out_by_refresh_token(refresh=token, now=NOW)

    assert reasons() == {session.pk: EndReason.SIGNED_OUT}


def test_an_access_token_is_no_refresh_token() -> None:
    session = make_session(now=NOW)

    with pytest.raises(tokens.TokenRefused):
        SessionEnd().sign_out_by_refresh_token(
            refresh=make_pair(session=session, now=NOW).access, now=NOW
        )

    assert reasons() == {session.pk: ""}


def test_signing_out_everywhere_ends_ones_own_sessions_alone() -> None:
    user = make_user()
    mine = [make_session(user=user, now=NOW) for _ in range(3)]
    other = make_session(now=NOW)

    SessionEnd().sign_out_everywhere(user=user, now=NOW)

    everywhere = EndReason.SIGNED_OUT_EVERYWHERE
    assert reasons() == {**{session.pk: everywhere for session in mine}, other.pk: ""}


@pytest.mark.parametrize("whose", ["another's", "ended", "expired", "nobody's"])
def test_only_ones_own_live_session_is_revoked(whose: str) -> None:
    user = make_user()
    sessions = {
        "another's": make_session(now=NOW),
        "ended": make_session(
            user=user, now=NOW, ended_at=NOW, end_reason=EndReason.PASSWORD_CHANGED
        ),
        "expired": make_session(user=user, now=NOW - timedelta(days=14)),
        "nobody's": TokenFamily(public_id=uuid7()),
    }
    before = reasons()

    with pytest.raises(SessionNotFound):
        SessionEnd().revoke(user=user, session_id=sessions[whose].public_id, now=NOW)

    assert reasons() == before


def test_a_session_lives_until_it_ends_expires_or_its_user_is_banned() -> None:
    live, banned = make_session(now=NOW), make_session(now=NOW)
    ended = make_session(now=NOW, ended_at=NOW, end_reason=EndReason.REVOKED)
    expired = make_session(now=NOW - timedelta(days=14))
    User.objects.filter(pk=banned.user.pk).update(is_active=False)
    ids = [session.public_id for session in (live, banned, ended, expired)]

    assert selectors.list_live_sessions(session_ids=[*ids, uuid7()], now=NOW) == {live.public_id}
    assert [selectors.is_session_live(session_id=each, now=NOW) for each in ids] == [
        True, False, False, False,
    ]  # fmt: skip


def test_what_has_long_been_over_is_swept() -> None:
    long_ago = NOW - KEPT_FOR - timedelta(seconds=1)
    make_session(now=long_ago, ended_at=long_ago, end_reason=EndReason.SIGNED_OUT)
    make_session(now=long_ago - timedelta(days=14))
    kept = [
        make_session(now=NOW),
        make_session(now=long_ago, ended_at=NOW, end_reason=EndReason.SIGNED_OUT),
        make_session(now=NOW - timedelta(days=14)),
    ]

    assert SessionEnd().sweep(now=NOW) == 2
    assert set(reasons()) == {session.pk for session in kept}


def test_the_task_sweeps_by_the_clock() -> None:
    make_session(now=datetime(2020, 1, 1, tzinfo=UTC))
    kept = make_session()

    sweep_sessions()

    assert set(reasons()) == {kept.pk}
