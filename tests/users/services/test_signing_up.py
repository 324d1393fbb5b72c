import pytest
from pytest_django import Settings

from tests.builders.users import PASSWORD, make_user
from tests.users.hashers import CountingHasher
from users.models import User
from users.services.signing_up import PasswordTooWeak, SignUp

pytestmark = pytest.mark.django_db


def test_opens_an_account() -> None:
    SignUp().sign_up(email="New@Example.com", password=PASSWORD, locale="en")

    user = User.objects.get(email="new@example.com")
    assert user.check_password(PASSWORD)
    assert (user.locale, user.is_active, user.is_staff) == ("en", True, False)


def test_an_address_that_is_taken_changes_nothing() -> None:
    user = make_user(email="taken@example.com")

    SignUp().sign_up(email="TAKEN@example.com", password="another-otter-7", locale="en")

    again = User.objects.get(email="taken@example.com")
    assert (again.pk, again.locale) == (user.pk, "ko")
    assert again.check_password(PASSWORD)
    assert User.objects.count() == 1


def test_a_taken_address_costs_the_same_work(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["tests.users.hashers.CountingHasher"]
    make_user(email="taken@example.com")
    CountingHasher.hashed.clear()

    SignUp().sign_up(email="taken@example.com", password=PASSWORD, locale="ko")
    SignUp().sign_up(email="free@example.com", password=PASSWORD, locale="ko")

    assert CountingHasher.hashed == [PASSWORD, PASSWORD]


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short1!", "password_too_short"),
        ("password123", "password_too_common"),
        ("8403726519", "password_entirely_numeric"),
        ("somebody-here", "password_too_similar"),
    ],
)
def test_refuses_a_weak_password(password: str, code: str) -> None:
    with pytest.raises(PasswordTooWeak) as refused:
        SignUp().sign_up(email="somebody@here.example", password=password, locale="ko")

    assert [(error.field, error.code) for error in refused.value.errors] == [("password", code)]
    assert not User.objects.exists()
