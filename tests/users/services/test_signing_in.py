import jwt
import pytest
from pytest_django import Settings

from tests.builders.users import PASSWORD, make_user
from tests.users.hashers import CountingHasher
from users.adapters import tokens
from users.services.signing_in import CredentialsRefused, SignIn

pytestmark = pytest.mark.django_db


def claims(token: str) -> dict[str, object]:
    return dict(jwt.decode(token, options={"verify_signature": False}))


def test_issues_a_pair_of_tokens() -> None:
    user = make_user(email="a@example.com", is_staff=True)

    pair = SignIn().sign_in(email="A@Example.com", password=PASSWORD)

    access, refresh = claims(pair.access), claims(pair.refresh)
    assert access["sub"] == refresh["sub"] == str(user.public_id)
    assert access["roles"] == ["user", "operator"]
    assert int(str(access["exp"])) - int(str(access["iat"])) == 15 * 60 == pair.expires_in_s
    assert int(str(refresh["exp"])) - int(str(refresh["iat"])) == 14 * 24 * 3600


def test_no_token_tells_an_address_or_a_count() -> None:
    user = make_user(email="a@example.com")

    pair = SignIn().sign_in(email="a@example.com", password=PASSWORD)

    said = {str(value) for value in (claims(pair.access) | claims(pair.refresh)).values()}
    assert user.email not in said
    assert str(user.pk) not in said


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
        SignIn().sign_in(email=email, password=password)

    assert CountingHasher.hashed == [password]


def test_a_refresh_token_buys_an_access_token_and_stays_the_same() -> None:
    user = make_user()
    pair = tokens.issue_pair(user=user, roles=())

    renewed = SignIn().refresh(refresh=pair.refresh)

    assert renewed.refresh == pair.refresh
    assert tokens.read_access(renewed.access) == user.public_id


def test_changing_the_password_ends_the_refresh_token() -> None:
    user = make_user()
    pair = tokens.issue_pair(user=user, roles=())
    user.set_password("another-otter-7")
    user.save()

    with pytest.raises(tokens.TokenRefused):
        SignIn().refresh(refresh=pair.refresh)


def test_closing_the_account_ends_the_refresh_token() -> None:
    user = make_user()
    pair = tokens.issue_pair(user=user, roles=())
    user.is_active = False
    user.save()

    with pytest.raises(tokens.TokenRefused):
        SignIn().refresh(refresh=pair.refresh)
