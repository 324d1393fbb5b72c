import pytest
from django.test import Client
from django.utils import timezone

from analytics.models import AuditEntry
from tests.builders.quizzes import QUIET, make_answers
from tests.builders.users import PASSWORD, make_client, make_session, make_user
from users import selectors
from users.models import User
from users.services.consent_texts import list_current_texts
from users.types import Role

pytestmark = pytest.mark.django_db

USERS = "/admin/users/user/"


def sign_in(*, is_superuser: bool = False) -> Client:
    """Return the client of an operator."""
    client = Client()
    client.force_login(make_user(is_staff=True, is_superuser=is_superuser))
    return client


def act(client: Client, name: str, *users: User) -> str:
    """Return the page that is shown after an action."""
    chosen = {"action": name, "_selected_action": [user.pk for user in users]}
    return client.post(USERS, chosen, follow=True).content.decode()


def test_an_operator_finds_a_person_by_address_or_id() -> None:
    found, other = make_user(email="find-me@example.com"), make_user(email="other@example.com")
    client = sign_in()

    by_address = client.get(USERS, {"q": "find-me"}).content.decode()
    by_id = client.get(USERS, {"q": str(found.public_id)}).content.decode()

    assert "동네 운영" in by_address
    assert str(found.public_id) in by_address
    assert str(other.public_id) not in by_address
    assert found.email in by_id


def test_an_operator_sees_sessions_consents_and_taste_but_no_secret() -> None:
    user = make_user(email="seen@example.com")
    session = make_session(user=user, device_name="낡은 전화기")
    person = make_client(session=session)
    person.post("/api/v1/users/me/onboarding", make_answers(**QUIET))
    (text,) = [text for text in list_current_texts() if text.kind == "push"]
    person.post(
        "/api/v1/users/me/consents", {"kind": "push", "granted": True, "text_version": text.version}
    )
    stored = User.objects.get(pk=user.pk)

    page = sign_in().get(f"{USERS}{user.pk}/change/").content.decode()

    for shown in ("seen@example.com", "낡은 전화기", text.version, "quiet_corner", "조용한 곳"):
        assert shown in page
    assert stored.taste is not None
    for hidden in (
        stored.password,
        "argon2",
        PASSWORD,
        f"{stored.taste[0]:.6f}",
        stored.taste_encoder,
    ):
        assert hidden not in page


def test_an_operator_bans_and_unbans() -> None:
    user, client = make_user(), sign_in()

    act(client, "ban", user)
    banned = User.objects.get(pk=user.pk).is_active
    act(client, "unban", user)

    assert (banned, User.objects.get(pk=user.pk).is_active) == (False, True)
    actions = [entry.action for entry in AuditEntry.objects.order_by("id")]
    assert [name for name in actions if name.startswith("user.")] == [
        "user.banned",
        "user.unbanned",
    ]


def test_what_is_refused_is_said_and_the_others_are_done() -> None:
    superuser, user = make_user(is_superuser=True), make_user()

    page = act(sign_in(), "ban", superuser, user)

    assert "이 계정은 여닫을 수 없어요." in page
    assert User.objects.get(pk=superuser.pk).is_active is True
    assert User.objects.get(pk=user.pk).is_active is False


@pytest.mark.parametrize(
    ("action", "role"), [("make_operator", Role.OPERATOR), ("make_analyst", Role.ANALYST)]
)
def test_only_a_superuser_gives_roles(action: str, role: Role) -> None:
    user = make_user()

    act(sign_in(), action, user)
    by_operator = list(selectors.list_roles(user=User.objects.get(pk=user.pk)))
    act(sign_in(is_superuser=True), action, user)
    by_superuser = list(selectors.list_roles(user=User.objects.get(pk=user.pk)))
    act(sign_in(is_superuser=True), action.replace("make", "unmake"), user)

    assert (by_operator, by_superuser) == ([Role.USER], [Role.USER, role])
    assert list(selectors.list_roles(user=User.objects.get(pk=user.pk))) == [Role.USER]


@pytest.mark.parametrize("is_superuser", [True, False])
def test_the_page_itself_changes_nothing(*, is_superuser: bool) -> None:
    user = make_user()
    before = User.objects.filter(pk=user.pk).values().get()

    sign_in(is_superuser=is_superuser).post(
        f"{USERS}{user.pk}/change/",
        {"email": "other@example.com", "is_staff": "on", "is_superuser": "on", "locale": "en"},
    )

    assert User.objects.filter(pk=user.pk).values().get() == before


def test_nobody_is_added_here() -> None:
    assert sign_in(is_superuser=True).get(f"{USERS}add/").status_code == 403


def test_nobody_is_deleted_here() -> None:
    user = make_user()

    answer = sign_in(is_superuser=True).post(f"{USERS}{user.pk}/delete/")

    assert answer.status_code == 403
    assert User.objects.filter(pk=user.pk).exists()


def test_a_traveller_has_no_business_here() -> None:
    client = Client()
    client.force_login(make_user())

    assert client.get(USERS).status_code == 302


def test_a_banned_operator_is_out_at_once() -> None:
    client, operator = Client(), make_user(is_staff=True)
    client.force_login(operator)
    User.objects.filter(pk=operator.pk).update(is_active=False, updated_at=timezone.now())

    assert client.get(USERS).status_code == 302
