from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.core import mail
from pytest_django import Settings
from uuid_utils.compat import uuid7

from common.models import OutboxEntry
from tests.builders.users import PASSWORD, mailed_secret, make_user
from tests.users.hashers import CountingHasher
from users.models import MailedToken, MailPurpose, User
from users.services.choosing_passwords import PasswordTooWeak
from users.services.mailing import AccountMail, AccountMails
from users.services.signing_up import EmailConfirmation, MailedTokenRefused, SignUp

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 3, 7, 12, 0, tzinfo=UTC)


def sign_up(email: str = "a@example.com", *, password: str = PASSWORD) -> None:
    SignUp().sign_up(email=email, password=password, locale="en")


def subjects() -> list[tuple[str, str]]:
    return [(sent.to[0], str(sent.subject)) for sent in mail.outbox]


def mail_token(user: User, *, now: datetime = NOW, effect_id: UUID | None = None) -> str:
    AccountMails().deliver(
        AccountMail.CONFIRM_EMAIL, user_id=user.pk, effect_id=effect_id or uuid7(), now=now
    )
    return mailed_secret(to=user.email)


def is_confirmed(user: User) -> bool:
    return User.objects.get(pk=user.pk).email_confirmed_at is not None


def test_opens_an_account_and_asks_whose_address_it_is() -> None:
    sign_up("New@Example.com")

    user = User.objects.get(email="new@example.com")
    assert user.check_password(PASSWORD)
    assert (user.locale, user.is_active, user.is_staff) == ("en", True, False)
    assert user.email_confirmed_at is None
    assert subjects() == [("new@example.com", "[Dongne] Confirm your email address")]


def test_an_address_that_is_taken_changes_nothing_and_tells_its_owner() -> None:
    user = make_user(email="taken@example.com")

    sign_up("TAKEN@example.com", password="another-otter-7")

    again = User.objects.get(email="taken@example.com")
    assert (again.pk, again.locale) == (user.pk, "ko")
    assert again.check_password(PASSWORD)
    assert User.objects.count() == 1
    assert subjects() == [("taken@example.com", "[동네] 이미 계정이 있어요")]


def test_a_closed_account_gets_no_mail() -> None:
    make_user(email="taken@example.com", is_active=False)

    sign_up("taken@example.com")

    assert subjects() == []


def test_a_taken_address_costs_the_same_work(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["tests.users.hashers.CountingHasher"]
    make_user(email="taken@example.com")
    CountingHasher.hashed.clear()

    sign_up("taken@example.com")
    sign_up("free@example.com")

    assert CountingHasher.hashed == [PASSWORD, PASSWORD]


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short1!", "password_too_short"),
        ("password123", "password_too_common"),
        ("8403726519", "password_entirely_numeric"),
        ("８４０３７２６５１９", "password_entirely_numeric"),
        ("somebody-here", "password_too_similar"),
        (" " * 12, "password_blank"),
        ("\u3000" * 12, "password_blank"),
        ("tall\x00otters-swim", "password_not_text"),
        ("tall-otters" * 12, "password_too_long"),
    ],
)
def test_refuses_a_weak_password(password: str, code: str) -> None:
    with pytest.raises(PasswordTooWeak) as refused:
        sign_up("somebody@here.example", password=password)

    assert ("password", code) in [(error.field, error.code) for error in refused.value.errors]
    assert not User.objects.exists()
    assert not OutboxEntry.objects.exists()


def test_whoever_brings_the_mailed_token_back_confirms_the_address() -> None:
    sign_up()
    user = User.objects.get()
    token = mailed_secret(to=user.email)

    EmailConfirmation().confirm(token=token, now=MailedToken.objects.get().created_at)

    assert is_confirmed(user)


def test_a_token_is_used_once() -> None:
    user = make_user()
    token = mail_token(user)
    EmailConfirmation().confirm(token=token, now=NOW)
    User.objects.update(email_confirmed_at=None)

    with pytest.raises(MailedTokenRefused):
        EmailConfirmation().confirm(token=token, now=NOW)

    assert not is_confirmed(user)


def test_a_token_holds_for_three_days() -> None:
    user = make_user()
    token = mail_token(user)

    with pytest.raises(MailedTokenRefused):
        EmailConfirmation().confirm(token=token, now=NOW + timedelta(days=3))
    assert not is_confirmed(user)

    EmailConfirmation().confirm(token=token, now=NOW + timedelta(days=3, seconds=-1))
    assert is_confirmed(user)


@pytest.mark.parametrize("token", ["", "x", "' OR 1=1 --", "x" * 100, "🍜"])
def test_what_was_never_mailed_confirms_nothing(token: str) -> None:
    user = make_user()
    mail_token(user)

    with pytest.raises(MailedTokenRefused):
        EmailConfirmation().confirm(token=token, now=NOW)

    assert not is_confirmed(user)


def test_the_hash_that_is_kept_is_no_token() -> None:
    user = make_user()
    token = mail_token(user)

    kept = MailedToken.objects.get().token_hash
    assert token not in str(MailedToken.objects.values().get())
    with pytest.raises(MailedTokenRefused):
        EmailConfirmation().confirm(token=kept, now=NOW)


def test_a_mail_that_is_sent_twice_says_the_same_and_renews_nothing() -> None:
    user, effect_id = make_user(), uuid7()
    first = mail_token(user, effect_id=effect_id)
    EmailConfirmation().confirm(token=first, now=NOW)
    User.objects.update(email_confirmed_at=None)

    second = mail_token(user, effect_id=effect_id, now=NOW + timedelta(minutes=2))

    assert first == second
    assert len({sent.extra_headers["Message-ID"] for sent in mail.outbox}) == 1
    with pytest.raises(MailedTokenRefused):
        EmailConfirmation().confirm(token=second, now=NOW + timedelta(minutes=2))


def test_asked_again_it_is_mailed_until_the_address_is_confirmed() -> None:
    user = make_user()

    EmailConfirmation().request(user=user)
    User.objects.update(email_confirmed_at=NOW)
    EmailConfirmation().request(user=user)

    assert subjects() == [(user.email, "[동네] 이메일 주소를 확인해 주세요")]


def test_a_mail_leads_to_the_app_where_one_is_named(settings: Settings) -> None:
    settings.ACCOUNT_LINK_URL = "https://dongne.example/account"
    user = make_user()

    token = mail_token(user)

    assert f"https://dongne.example/account/confirm_email#token={token}" in mail.outbox[0].body


def test_no_secret_waits_in_the_outbox() -> None:
    sign_up()

    entry = OutboxEntry.objects.get()
    assert entry.about_user_id == User.objects.get().pk
    assert mailed_secret(to="a@example.com") not in str(entry.payload)


def test_ended_tokens_are_swept() -> None:
    user = make_user()
    mail_token(user, now=NOW - timedelta(days=4, seconds=1))
    mail_token(user, now=NOW - timedelta(days=4))

    assert AccountMails().sweep(now=NOW) == 1
    assert MailedToken.objects.get().purpose == MailPurpose.CONFIRM_EMAIL
