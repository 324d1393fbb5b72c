from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import connections
from pytest_django import Settings

from common.acting import acting_as
from tests.builders.users import (
    NEW_PASSWORD,
    PASSWORD,
    mailed_secret,
    make_mailed_secret,
    make_session,
    make_user,
)
from tests.users.hashers import CountingHasher
from users.models import EndReason, MailedToken, TokenFamily, User
from users.services.changing_passwords import (
    CurrentPasswordWrong,
    PasswordChange,
    PasswordReset,
)
from users.services.choosing_passwords import PasswordTooWeak
from users.services.guarding import BY_ADDRESS, SignInGuard, SignInLocked
from users.services.mailing import AccountMail
from users.services.signing_up import EmailConfirmation, MailedTokenRefused

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 3, 7, 12, 0, tzinfo=UTC)
HERE = "203.0.113.7"


def change(session: TokenFamily, *, current: str = PASSWORD, new: str = NEW_PASSWORD) -> None:
    PasswordChange().change(
        user=session.user, session_id=session.public_id, current=current, new=new, now=NOW
    )


def mail_token(user: User, *, now: datetime = NOW) -> str:
    return make_mailed_secret(user=user, mail=AccountMail.RESET_PASSWORD, now=now)


def reset(token: str, *, password: str = NEW_PASSWORD, now: datetime = NOW) -> None:
    PasswordReset().confirm(token=token, password=password, address=HERE, now=now)


def has_password(user: User, password: str) -> bool:
    return User.objects.get(pk=user.pk).check_password(password)


def reasons() -> dict[int, str]:
    return dict(TokenFamily.objects.values_list("pk", "end_reason"))


def test_a_change_ends_every_other_session_and_tells_the_owner() -> None:
    here, other = make_session(now=NOW), make_session(now=NOW)
    there = make_session(user=here.user, now=NOW)

    change(here)

    assert has_password(here.user, NEW_PASSWORD)
    assert reasons() == {here.pk: "", other.pk: "", there.pk: EndReason.PASSWORD_CHANGED}
    assert [(sent.to, sent.subject) for sent in mail.outbox] == [
        ([here.user.email], "[동네] 비밀번호가 바뀌었어요")
    ]


@pytest.mark.parametrize(
    ("current", "new", "refusal"),
    [
        ("wrong", NEW_PASSWORD, CurrentPasswordWrong),
        (PASSWORD.upper(), NEW_PASSWORD, CurrentPasswordWrong),
        (PASSWORD, "1234", PasswordTooWeak),
        (PASSWORD, " " * 10, PasswordTooWeak),
    ],
)
def test_a_change_that_is_refused_changes_nothing(
    current: str, new: str, refusal: type[Exception]
) -> None:
    here = make_session(now=NOW)
    there = make_session(user=here.user, now=NOW)

    with pytest.raises(refusal):
        change(here, current=current, new=new)

    assert has_password(here.user, PASSWORD)
    assert reasons() == {here.pk: "", there.pk: ""}
    assert mail.outbox == []


def test_an_account_without_a_password_has_none_to_change() -> None:
    here = make_session(now=NOW)
    here.user.set_unusable_password()
    here.user.save()

    with pytest.raises(CurrentPasswordWrong):
        change(here, current=here.user.password)


def test_of_two_changes_at_once_one_wins() -> None:
    here = make_session(now=NOW)

    def attempt(new: str) -> str | None:
        try:
            with acting_as(here.user_id):
                change(TokenFamily.objects.select_related("user").get(pk=here.pk), new=new)
        except CurrentPasswordWrong:
            return None
        finally:
            connections.close_all()
        return new

    with ThreadPoolExecutor(max_workers=4) as threads:
        won = [
            each for each in threads.map(attempt, [f"{NEW_PASSWORD}-{n}" for n in range(4)]) if each
        ]

    assert len(won) == 1
    assert has_password(here.user, won[0])


def test_a_reset_is_mailed_to_the_account() -> None:
    user = make_user(email="a@example.com")

    PasswordReset().request(email="A@Example.com")
    reset(mailed_secret(to=user.email), now=MailedToken.objects.get().created_at)

    assert has_password(user, NEW_PASSWORD)


def test_nobody_else_is_mailed() -> None:
    make_user(email="closed@example.com", is_active=False)

    PasswordReset().request(email="nobody@example.com")
    PasswordReset().request(email="closed@example.com")

    assert mail.outbox == []
    assert not MailedToken.objects.exists()


def test_a_reset_ends_every_session_and_confirms_the_address() -> None:
    user = make_user()
    sessions = [make_session(user=user, now=NOW) for _ in range(2)]
    other = make_session(now=NOW)

    reset(mail_token(user))

    assert has_password(user, NEW_PASSWORD)
    ended = {session.pk: str(EndReason.PASSWORD_RESET) for session in sessions}
    assert reasons() == {**ended, other.pk: ""}
    assert User.objects.get(pk=user.pk).email_confirmed_at == NOW
    assert mail.outbox[-1].subject == "[동네] 비밀번호가 바뀌었어요"


def test_a_reset_is_used_once_and_voids_the_others() -> None:
    user = make_user()
    first, second = mail_token(user), mail_token(user)

    reset(second)

    for token in (first, second):
        with pytest.raises(MailedTokenRefused):
            reset(token, password="loud-geese-fly-8")
    assert has_password(user, NEW_PASSWORD)


def test_a_change_voids_a_reset_that_was_mailed() -> None:
    here = make_session(now=NOW)
    token = mail_token(here.user)

    change(here)

    with pytest.raises(MailedTokenRefused):
        reset(token, password="loud-geese-fly-8")
    assert has_password(here.user, NEW_PASSWORD)


def test_a_reset_holds_for_thirty_minutes() -> None:
    user = make_user()
    token = mail_token(user)

    with pytest.raises(MailedTokenRefused):
        reset(token, now=NOW + timedelta(minutes=30))
    assert has_password(user, PASSWORD)

    reset(token, now=NOW + timedelta(minutes=30, seconds=-1))
    assert has_password(user, NEW_PASSWORD)


def test_a_weak_password_does_not_spend_the_token() -> None:
    user = make_user()
    token = mail_token(user)

    with pytest.raises(PasswordTooWeak):
        reset(token, password="1234")
    reset(token)

    assert has_password(user, NEW_PASSWORD)


def test_a_token_for_something_else_resets_nothing() -> None:
    user = make_user()
    to_confirm = make_mailed_secret(user=user, mail=AccountMail.CONFIRM_EMAIL, now=NOW)
    to_reset = mail_token(user)

    with pytest.raises(MailedTokenRefused):
        reset(to_confirm)
    with pytest.raises(MailedTokenRefused):
        EmailConfirmation().confirm(token=to_reset, now=NOW)

    assert has_password(user, PASSWORD)


def test_an_account_that_was_closed_is_not_reset() -> None:
    user = make_user()
    token = mail_token(user)
    User.objects.update(is_active=False)

    with pytest.raises(MailedTokenRefused):
        reset(token)


def test_of_eight_resets_with_one_token_one_wins() -> None:
    user = make_user()
    token = mail_token(user)

    def attempt(number: int) -> str | None:
        password = f"{NEW_PASSWORD}-{number}"
        try:
            reset(token, password=password)
        except MailedTokenRefused:
            return None
        finally:
            connections.close_all()
        return password

    with ThreadPoolExecutor(max_workers=8) as threads:
        won = [password for password in threads.map(attempt, range(8)) if password]

    assert len(won) == 1
    assert has_password(user, won[0])


def test_a_reset_lifts_the_lock_that_guesses_left() -> None:
    user = make_user()
    guard = SignInGuard()
    for _ in range(BY_ADDRESS.limit):
        guard.admit(email=user.email, address=HERE)
    with pytest.raises(SignInLocked):
        guard.admit(email=user.email, address=HERE)

    reset(mail_token(user))

    guard.admit(email=user.email, address=HERE)


def test_asking_for_a_reset_costs_the_same_whether_there_is_an_account(
    settings: Settings,
) -> None:
    settings.PASSWORD_HASHERS = ["tests.users.hashers.CountingHasher"]
    make_user(email="a@example.com")
    CountingHasher.hashed.clear()

    PasswordReset().request(email="a@example.com")
    PasswordReset().request(email="nobody@example.com")

    assert CountingHasher.hashed == []
