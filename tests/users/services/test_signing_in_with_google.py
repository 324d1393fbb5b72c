from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core import mail
from django.db import connections

from common.http import OutboundHttp
from tests.builders.google import CLIENT_ID, make_id_token, serve_keys
from tests.builders.users import (
    NEW_PASSWORD,
    PASSWORD,
    make_mailed_secret,
    make_session,
    make_user,
)
from users.adapters import tokens
from users.adapters.google import GoogleKeys, GoogleTokenRefused, GoogleTokens
from users.models import EndReason, Identity, MailedToken, SignInMethod, TokenFamily, User
from users.services.changing_passwords import PasswordReset
from users.services.mailing import AccountMail
from users.services.signing_in_with_google import GoogleAddressTaken, GoogleSignIn
from users.services.signing_up import MailedTokenRefused
from users.types import Device, TokenPair

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 3, 7, 12, 0, tzinfo=UTC)
HOSTED: dict[str, Any] = {"email": "a@work.example", "hd": "work.example"}
ELSEWHERE: dict[str, Any] = {"email": "a@work.example"}


@pytest.fixture
def signing_in() -> Iterator[GoogleSignIn]:
    with serve_keys() as server:
        keys = GoogleKeys(url=server.url, http=OutboundHttp(allows_private=True))
        google = GoogleTokens(client_ids=frozenset({CLIENT_ID}), keys=keys)
        yield GoogleSignIn(google=lambda: google)


def sign_in(signing_in: GoogleSignIn, **claims: Any) -> TokenPair:
    return signing_in.sign_in(
        id_token=make_id_token(now=NOW, **claims),
        nonce=None,
        device=Device(name="내 폰"),
        locale="en",
        now=NOW,
    )


def whose(pair: TokenPair) -> User:
    claims = tokens.read_access(pair.access, now=NOW)
    return User.objects.get(public_id=claims.public_id)


def mails() -> list[tuple[str, str]]:
    return [(sent.to[0], str(sent.subject)) for sent in mail.outbox]


def test_the_first_time_opens_an_account_without_a_password(signing_in: GoogleSignIn) -> None:
    pair = sign_in(signing_in)

    user = whose(pair)
    assert (user.email, user.locale, user.email_confirmed_at) == ("a@gmail.com", "en", NOW)
    assert not user.has_usable_password()
    session = TokenFamily.objects.get()
    assert (session.method, session.device_name) == (SignInMethod.GOOGLE, "내 폰")
    assert Identity.objects.get().subject == "1098765"
    assert mails() == []


def test_google_knows_them_by_their_subject_whatever_their_address(
    signing_in: GoogleSignIn,
) -> None:
    first = whose(sign_in(signing_in))
    make_user(email="b@gmail.com")

    again = whose(sign_in(signing_in, email="b@gmail.com"))

    assert (again.pk, again.email) == (first.pk, "a@gmail.com")


@pytest.mark.parametrize("claims", [{}, HOSTED])
def test_a_confirmed_account_of_the_address_is_linked(
    signing_in: GoogleSignIn, claims: dict[str, Any]
) -> None:
    user = make_user(email=claims.get("email", "a@gmail.com"), email_confirmed_at=NOW)
    session = make_session(user=user, now=NOW)

    assert whose(sign_in(signing_in, **claims)).pk == user.pk

    user.refresh_from_db()
    session.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert session.ended_at is None
    assert mails() == [(user.email, "[동네] 이제 Google로 로그인할 수 있어요")]


def test_who_opened_it_without_confirming_the_address_loses_it(signing_in: GoogleSignIn) -> None:
    user = make_user(email="a@gmail.com")
    session = make_session(user=user, now=NOW)
    secret = make_mailed_secret(user=user, mail=AccountMail.RESET_PASSWORD, now=NOW)

    assert whose(sign_in(signing_in)).pk == user.pk

    user.refresh_from_db()
    session.refresh_from_db()
    assert not user.has_usable_password()
    assert user.email_confirmed_at == NOW
    assert session.end_reason == EndReason.ADDRESS_CLAIMED
    with pytest.raises(MailedTokenRefused):
        PasswordReset().confirm(token=secret, password=NEW_PASSWORD, address="x", now=NOW)


@pytest.mark.parametrize("is_confirmed", [True, False])
def test_an_address_whose_mail_google_does_not_run_is_not_linked(
    signing_in: GoogleSignIn, *, is_confirmed: bool
) -> None:
    user = make_user(email="a@work.example", email_confirmed_at=NOW if is_confirmed else None)

    with pytest.raises(GoogleAddressTaken):
        sign_in(signing_in, **ELSEWHERE)

    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert not Identity.objects.exists()
    assert not TokenFamily.objects.exists()


def test_an_operator_is_not_linked_by_an_address(signing_in: GoogleSignIn) -> None:
    make_user(email="a@gmail.com", is_staff=True, email_confirmed_at=NOW)

    with pytest.raises(GoogleAddressTaken):
        sign_in(signing_in)

    assert not Identity.objects.exists()


def test_an_address_that_changed_hands_at_google_is_not_linked_again(
    signing_in: GoogleSignIn,
) -> None:
    sign_in(signing_in, **HOSTED)

    with pytest.raises(GoogleAddressTaken):
        sign_in(signing_in, **HOSTED, sub="another")

    assert Identity.objects.count() == 1


def test_an_account_opened_with_an_address_elsewhere_is_asked_to_confirm_it(
    signing_in: GoogleSignIn,
) -> None:
    user = whose(sign_in(signing_in, **ELSEWHERE))

    assert user.email_confirmed_at is None
    assert mails() == [("a@work.example", "[Dongne] Confirm your email address")]


def test_who_reads_that_mailbox_takes_the_account_and_its_identity_goes(
    signing_in: GoogleSignIn,
) -> None:
    user = whose(sign_in(signing_in, **ELSEWHERE))
    secret = make_mailed_secret(user=user, mail=AccountMail.RESET_PASSWORD, now=NOW)

    PasswordReset().confirm(token=secret, password=NEW_PASSWORD, address="x", now=NOW)

    assert not Identity.objects.exists()
    with pytest.raises(GoogleAddressTaken):
        sign_in(signing_in, **ELSEWHERE)


@pytest.mark.parametrize("is_linked", [True, False])
def test_a_closed_account_stays_closed(signing_in: GoogleSignIn, *, is_linked: bool) -> None:
    if is_linked:
        sign_in(signing_in)
    else:
        make_user(email="a@gmail.com", email_confirmed_at=NOW)
    User.objects.update(is_active=False)
    sessions = TokenFamily.objects.count()

    with pytest.raises(GoogleTokenRefused):
        sign_in(signing_in)

    assert TokenFamily.objects.count() == sessions


def test_of_eight_at_once_one_opens_the_account(signing_in: GoogleSignIn) -> None:
    def attempt(_: int) -> TokenPair:
        try:
            return sign_in(signing_in)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=8) as threads:
        pairs = list(threads.map(attempt, range(8)))

    assert {whose(pair).pk for pair in pairs} == {User.objects.get().pk}
    assert (Identity.objects.count(), TokenFamily.objects.count()) == (1, 8)
    assert not MailedToken.objects.exists()
