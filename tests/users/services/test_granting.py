import pytest
from django.utils import timezone

from analytics.models import AuditEntry
from tests.builders.users import make_user
from users import selectors
from users.models import User
from users.services.granting import RoleRefused, Roles
from users.types import Role

pytestmark = pytest.mark.django_db


def make_superuser() -> User:
    return make_user(is_staff=True, is_superuser=True)


def roles_of(user: User) -> list[Role]:
    return list(selectors.list_roles(user=User.objects.get(pk=user.pk)))


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.ANALYST])
def test_a_role_is_given_and_taken_and_both_are_written_down(role: Role) -> None:
    actor, user, now = make_superuser(), make_user(), timezone.now()

    Roles().grant(actor=actor, user_id=user.pk, role=role, now=now)
    given = roles_of(user)
    Roles().revoke(actor=actor, user_id=user.pk, role=role, now=now)

    assert (given, roles_of(user)) == ([Role.USER, role], [Role.USER])
    assert [
        (entry.actor_id, entry.action, entry.object_id, entry.before, entry.after)
        for entry in AuditEntry.objects.order_by("id")
    ] == [
        (actor.pk, "user.role_granted", str(user.public_id), {"roles": ["user"]}, {"roles": ["user", role]}),
        (actor.pk, "user.role_revoked", str(user.public_id), {"roles": ["user", role]}, {"roles": ["user"]}),
    ]  # fmt: skip


def test_what_somebody_has_already_is_not_given_again() -> None:
    actor, user = make_superuser(), make_user(is_staff=True)

    Roles().grant(actor=actor, user_id=user.pk, role=Role.OPERATOR, now=timezone.now())
    Roles().revoke(actor=actor, user_id=user.pk, role=Role.ANALYST, now=timezone.now())

    assert roles_of(user) == [Role.USER, Role.OPERATOR]
    assert not AuditEntry.objects.exists()


def test_an_operator_makes_no_operators() -> None:
    actor, user = make_user(is_staff=True), make_user()

    with pytest.raises(RoleRefused):
        Roles().grant(actor=actor, user_id=user.pk, role=Role.OPERATOR, now=timezone.now())

    assert roles_of(user) == [Role.USER]


def test_nobody_changes_their_own_roles_nor_those_of_a_superuser() -> None:
    actor, other = make_superuser(), make_superuser()

    for user in (actor, other):
        with pytest.raises(RoleRefused):
            Roles().revoke(actor=actor, user_id=user.pk, role=Role.OPERATOR, now=timezone.now())

    assert roles_of(actor) == roles_of(other) == [Role.USER, Role.OPERATOR]


def test_a_closed_account_gets_no_role() -> None:
    actor, user = make_superuser(), make_user(is_active=False)

    with pytest.raises(RoleRefused):
        Roles().grant(actor=actor, user_id=user.pk, role=Role.ANALYST, now=timezone.now())

    assert roles_of(user) == [Role.USER]


def test_being_a_user_is_no_role_to_give() -> None:
    with pytest.raises(RoleRefused):
        Roles().revoke(
            actor=make_superuser(), user_id=make_user().pk, role=Role.USER, now=timezone.now()
        )
