import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from tests.builders.users import make_user
from users.models import DataExport, Leaving, User

pytestmark = pytest.mark.django_db


def sign_in(*, is_superuser: bool = True) -> Client:
    """Return the client of an operator who may change accounts, or anything."""
    operator = make_user(is_staff=True, is_superuser=is_superuser)
    operator.user_permissions.set(Permission.objects.filter(codename__endswith="_user"))
    client = Client()
    client.force_login(operator)
    return client


def test_an_operator_finds_a_person_by_address_or_id() -> None:
    found, other = make_user(email="find-me@example.com"), make_user(email="other@example.com")
    client = sign_in()

    by_address = client.get("/admin/users/user/", {"q": "find-me"}).content.decode()
    by_id = client.get("/admin/users/user/", {"q": str(found.public_id)}).content.decode()

    assert "동네 운영" in by_address
    assert str(found.public_id) in by_address
    assert str(other.public_id) not in by_address
    assert found.email in by_id


def test_an_operator_closes_an_account_and_changes_nothing_else() -> None:
    user = make_user()
    client = sign_in()

    response = client.post(f"/admin/users/user/{user.pk}/change/", {"email": "other@example.com"})

    assert response.status_code == 302
    after = User.objects.get(pk=user.pk)
    assert (after.is_active, after.email) == (False, user.email)


@pytest.mark.parametrize(("is_superuser", "is_made"), [(True, True), (False, False)])
def test_only_a_superuser_makes_operators(*, is_superuser: bool, is_made: bool) -> None:
    user = make_user()
    client = sign_in(is_superuser=is_superuser)

    client.post(f"/admin/users/user/{user.pk}/change/", {"is_active": "on", "is_staff": "on"})

    after = User.objects.get(pk=user.pk)
    assert (after.is_active, after.is_staff) == (True, is_made)


@pytest.mark.parametrize(
    ("is_superuser", "status", "is_active"), [(True, 302, False), (False, 403, True)]
)
def test_only_a_superuser_changes_a_superuser(
    *, is_superuser: bool, status: int, is_active: bool
) -> None:
    user = make_user(is_staff=True, is_superuser=True)
    client = sign_in(is_superuser=is_superuser)

    response = client.post(f"/admin/users/user/{user.pk}/change/", {"is_staff": "on"})

    assert response.status_code == status
    assert User.objects.get(pk=user.pk).is_active is is_active


@pytest.mark.parametrize("is_superuser", [True, False])
def test_nobody_closes_his_own_account_here(*, is_superuser: bool) -> None:
    client = sign_in(is_superuser=is_superuser)
    own = User.objects.get()

    response = client.post(f"/admin/users/user/{own.pk}/change/", {"is_staff": "on"})

    assert response.status_code == 302
    assert User.objects.get().is_active is True


def test_nobody_is_added_here() -> None:
    assert sign_in().get("/admin/users/user/add/").status_code == 403


def test_nobody_is_deleted_here() -> None:
    user = make_user()

    assert sign_in().post(f"/admin/users/user/{user.pk}/delete/").status_code == 403
    assert User.objects.filter(pk=user.pk).exists()


def test_a_traveller_has_no_business_here() -> None:
    client = Client()
    client.force_login(make_user())

    assert client.get("/admin/users/user/").status_code == 302


def test_an_operator_sees_copies_and_erasures_without_whose() -> None:
    user = make_user(email="left@example.com")
    now = timezone.now()
    export = DataExport.objects.create(user=user, requested_at=now)
    Leaving.objects.create(user=user, left_at=now, erased={"trips.Trip": 3})
    client = sign_in()

    copies = client.get("/admin/users/dataexport/")
    copy = client.get(f"/admin/users/dataexport/{export.pk}/change/")
    erasure = client.get(f"/admin/users/leaving/{user.pk}/change/")

    pages = [page.content.decode() for page in (copies, copy, erasure)]
    assert [page.status_code for page in (copies, copy, erasure)] == [200, 200, 200]
    assert str(export.public_id) in pages[0]
    assert "trips.Trip" in pages[2]
    assert not any("left@example.com" in page for page in pages)
