import pytest
from django.utils import timezone

from analytics.models import AuditEntry
from tests.builders.users import make_client, make_session, make_user
from users.models import EndReason, TokenFamily, User
from users.services.banning import BanRefused, Bans

pytestmark = pytest.mark.django_db


def test_a_ban_counts_at_the_next_request_and_outlives_being_lifted() -> None:
    actor, user, now = make_user(is_staff=True), make_user(), timezone.now()
    client = make_client(session=make_session(user=user))
    before = client.get("/api/v1/users/me").status_code

    Bans().ban(actor=actor, user_id=user.pk, now=now)
    banned = client.get("/api/v1/users/me").status_code
    Bans().unban(actor=actor, user_id=user.pk, now=now)
    again = client.get("/api/v1/users/me").status_code

    assert (before, banned, again) == (200, 401, 401)
    assert User.objects.get(pk=user.pk).is_active is True
    assert TokenFamily.objects.get().end_reason == EndReason.BANNED
    assert [(entry.actor_id, entry.action) for entry in AuditEntry.objects.order_by("id")] == [
        (actor.pk, "user.banned"),
        (actor.pk, "user.unbanned"),
    ]


def test_who_is_banned_already_is_not_banned_again() -> None:
    actor, user = make_user(is_staff=True), make_user(is_active=False)

    Bans().ban(actor=actor, user_id=user.pk, now=timezone.now())

    assert not AuditEntry.objects.exists()


def test_nobody_bans_themselves_and_no_operator_a_superuser() -> None:
    actor, superuser = make_user(is_staff=True), make_user(is_superuser=True)

    for user in (actor, superuser):
        with pytest.raises(BanRefused):
            Bans().ban(actor=actor, user_id=user.pk, now=timezone.now())

    assert User.objects.filter(is_active=True).count() == 2


def test_who_has_left_is_not_opened_again() -> None:
    user = make_user(is_active=False, anonymised_at=timezone.now())

    with pytest.raises(BanRefused):
        Bans().unban(actor=make_user(is_staff=True), user_id=user.pk, now=timezone.now())

    assert User.objects.get(pk=user.pk).is_active is False
