import pytest
from django.db import IntegrityError, transaction

from tests.builders.users import make_user
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"email": "Upper@example.com"}, "user_email_is_lower_case"),
        ({"time_budget_min": 19}, "user_time_budget_within_bounds"),
        ({"time_budget_min": 961}, "user_time_budget_within_bounds"),
        ({"email": "taken@example.com"}, "email"),
    ],
)
def test_the_database_refuses(change: dict[str, object], constraint: str) -> None:
    make_user(email="taken@example.com")
    user = make_user()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        User.objects.filter(pk=user.pk).update(**change)


def test_an_address_is_kept_in_lower_case() -> None:
    assert make_user(email="MiXed@Example.COM").email == "mixed@example.com"


def test_outside_a_user_is_their_public_id() -> None:
    user = make_user()

    assert str(user) == str(user.public_id)
