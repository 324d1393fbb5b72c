from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from pytest_django import Settings

from tests.builders.users import PASSWORD, make_session, make_user
from tests.users.hashers import CountingHasher
from users.adapters import tokens
from users.models import EndReason, SignInMethod, TokenFamily, User
from users.services.signing_in import CredentialsRefused, SignIn
from users.services.starting_sessions import SESSIONS_HIGH
from users.types import Device, Role, TokenPair

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 7, 12, 0, tzinfo=UTC)
PHONE = Device(name="내 폰", user_agent="DongneApp/1.0 (iOS)")


def sign_in(
    *,
    email: str = "a@example.com",
    password: str = PASSWORD,
    address: str = "203.0.113.7",
    device: Device = PHONE,
    now: datetime = NOW,
) -> TokenPair:
    return SignIn().sign_in(email=email, password=password, address=address, device=device, now=now)


def test_starts_a_session_and_issues_its_first_tokens() -> None:
    user = make_user(email="a@example.com", is_staff=True)

    pair = sign_in(email="A@Example.com")

    session = TokenFamily.objects.get()
    access = tokens.read_access(pair.access, now=NOW)
    refresh = tokens.read_refresh(pair.refresh, now=NOW)
    assert access.public_id == refresh.public_id == user.public_id
    assert access.session_id == refresh.session_id == session.public_id
    assert access.roles == {Role.USER, Role.OPERATOR}
    assert access.expires_at == NOW + timedelta(minutes=15)
    assert (pair.expires_in_s, refresh.generation) == (900, 0)
    assert (session.method, session.device_name, session.user_agent) == (
        SignInMethod.PASSWORD, "내 폰", "DongneApp/1.0 (iOS)",
    )  # fmt: skip
    assert session.expires_at == NOW + timedelta(days=14)
    assert User.objects.get().last_login == NOW


def test_an_analyst_is_one_in_the_token() -> None:
    user = make_user(email="a@example.com")
    user.groups.add(Group.objects.get_or_create(name="analyst")[0])

    access = tokens.read_access(sign_in().access, now=NOW)

    assert access.roles == {Role.USER, Role.ANALYST}


def test_the_name_of_a_client_is_kept_as_far_as_it_can_be_read() -> None:
    make_user(email="a@example.com")

    sign_in(device=Device(user_agent="\x00\x1b[31mBrowser\u202e" + "x" * 300))

    assert TokenFamily.objects.get().user_agent == "[31mBrowser" + "x" * 189


@pytest.mark.parametrize(
    ("email", "password", "is_active"),
    [
        ("a@example.com", "wrong", True),
        ("nobody@example.com", PASSWORD, True),
        ("a@example.com", PASSWORD, False),
        ("a@example.com", PASSWORD.upper(), True),
    ],
)
def test_refuses_all_else_alike(
    email: str, password: str, settings: Settings, *, is_active: bool
) -> None:
    settings.PASSWORD_HASHERS = ["tests.users.hashers.CountingHasher"]
    make_user(email="a@example.com", is_active=is_active)
    CountingHasher.hashed.clear()

    with pytest.raises(CredentialsRefused):
        sign_in(email=email, password=password)

    assert CountingHasher.hashed == [password]
    assert not TokenFamily.objects.exists()


def test_an_account_without_a_password_has_none_to_guess(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["tests.users.hashers.CountingHasher"]
    user = make_user(email="a@example.com")
    user.set_unusable_password()
    user.save()
    CountingHasher.hashed.clear()

    for guess in (PASSWORD, user.password, "!"):
        with pytest.raises(CredentialsRefused):
            sign_in(password=guess)

    assert len(CountingHasher.hashed) == 3


def test_a_password_spelt_by_another_keyboard_is_the_same() -> None:
    make_user(email="a@example.com", password="수달은 헤엄쳐요 ９")

    assert sign_in(password="수달은 헤엄쳐요 9".encode().decode()).access
    assert sign_in(password="\u1109\u116e\u1103\u1161\u11af은 헤엄쳐요 9").access


def test_a_hash_of_older_parameters_is_made_anew(settings: Settings) -> None:
    make_user(email="a@example.com")
    settings.PASSWORD_HASHERS = ["tests.users.hashers.CountingHasher", *settings.PASSWORD_HASHERS]

    sign_in()

    assert User.objects.get().password.startswith("counting$")
    assert sign_in().access


def test_beyond_fifty_sessions_the_one_unused_for_longest_ends() -> None:
    user = make_user(email="a@example.com")
    sessions = [
        make_session(user=user, now=NOW - timedelta(minutes=age)) for age in range(SESSIONS_HIGH)
    ]
    other = make_session(now=NOW - timedelta(days=1))

    sign_in()

    ended = TokenFamily.objects.exclude(ended_at=None).get()
    assert (ended.pk, ended.end_reason) == (sessions[-1].pk, EndReason.TOO_MANY)
    assert TokenFamily.objects.of_user(user).live(now=NOW).count() == SESSIONS_HIGH
    assert TokenFamily.objects.live(now=NOW).filter(pk=other.pk).exists()
