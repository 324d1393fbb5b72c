import re
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.contrib.staticfiles import finders
from django.test import Client
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from analytics.admin_site import AuditedAdmin
from analytics.models import AuditEntry
from tests.builders.places import make_place
from tests.builders.users import PASSWORD, make_user
from users.models import User

pytestmark = pytest.mark.django_db

LOGIN = "/admin/login/?next=/admin/"


@pytest.fixture
def operator() -> User:
    return make_user(email="olga@dongne.example", is_staff=True, is_superuser=True)


@pytest.fixture
def desk(operator: User) -> Client:
    client = Client(headers={"x-request-id": "desk-1"}, REMOTE_ADDR="2001:db8::7")
    client.force_login(operator)
    return client


def entries() -> list[tuple[str, str, Any, Any]]:
    return [
        (entry.action, entry.object_type, entry.before, entry.after)
        for entry in AuditEntry.objects.order_by("id")
    ]


def test_every_class_of_the_admin_is_audited_those_of_libraries_too() -> None:
    admins = {model: admin.site.get_model_admin(model) for model in apps.get_models()
              if admin.site.is_registered(model)}  # fmt: skip

    assert {Group, PeriodicTask, User} <= admins.keys()
    assert [model for model, own in admins.items() if not isinstance(own, AuditedAdmin)] == []


def test_a_change_is_written_down_with_what_it_was_before(desk: Client, operator: User) -> None:
    group = Group.objects.create(name="editors")

    desk.post(f"/admin/auth/group/{group.pk}/change/", {"name": "writers"})

    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.acted_as, entry.action) == (operator, "operator", "admin.changed")
    assert (entry.object_type, entry.object_id) == ("auth.group", str(group.pk))
    assert (entry.before, entry.after) == ({"name": "editors"}, {"name": "writers"})
    assert (entry.address, entry.request_id) == ("2001:db8::/64", "desk-1")


def test_rows_that_are_chosen_are_written_down_by_their_ids(desk: Client) -> None:
    group, permission = Group.objects.create(name="editors"), Permission.objects.earliest("pk")

    desk.post(
        f"/admin/auth/group/{group.pk}/change/",
        {"name": "editors", "permissions": [permission.pk]},
    )

    assert entries() == [
        ("admin.changed", "auth.group", {"permissions": []}, {"permissions": [permission.pk]})
    ]


def test_what_is_refused_is_not_written_down(desk: Client) -> None:
    place = make_place()

    desk.post(f"/admin/places/place/{place.pk}/change/", {"names": "{}"})

    assert entries() == []


def test_adding_changing_and_deleting_of_a_library_is_written_down(desk: Client) -> None:
    desk.post("/admin/auth/group/add/", {"name": "editors"})
    group = Group.objects.get(name="editors")
    desk.post(f"/admin/auth/group/{group.pk}/change/", {"name": "writers"})
    desk.post(f"/admin/auth/group/{group.pk}/delete/", {"post": "yes"})

    assert entries() == [
        ("admin.added", "auth.group", None, {"name": "editors", "permissions": []}),
        ("admin.changed", "auth.group", {"name": "editors"}, {"name": "writers"}),
        ("admin.deleted", "auth.group", {"id": group.pk, "name": "writers"}, None),
    ]


def test_of_many_deleted_at_once_each_is_written_down(desk: Client) -> None:
    groups = [Group.objects.create(name=name) for name in ("first", "second")]
    chosen = {"action": "delete_selected", "_selected_action": [group.pk for group in groups]}

    desk.post("/admin/auth/group/", chosen)
    asked_only = entries()
    desk.post("/admin/auth/group/", {**chosen, "post": "yes"})

    assert asked_only == []
    assert sorted(entry[2]["name"] for entry in entries()) == ["first", "second"]
    assert not Group.objects.filter(name__in=["first", "second"]).exists()


def test_the_page_of_a_periodic_task_runs_no_script_that_its_policy_refuses(desk: Client) -> None:
    crontab = CrontabSchedule.objects.create(minute="0", hour="4")
    task = PeriodicTask.objects.create(name="sweep", task="sweep", crontab=crontab)

    page = desk.get(f"/admin/django_celery_beat/periodictask/{task.pk}/change/")

    scripts = re.findall(r"<script([^>]*)>", page.content.decode())
    within = [attributes for attributes in scripts if "src=" not in attributes]
    assert within == [' id="readable-crontabs" type="application/json"']
    own = [attributes for attributes in scripts if "analytics/periodic_task.js" in attributes]
    assert len(own) == 1
    assert finders.find("analytics/periodic_task.js") is not None


def test_browsers_find_an_icon() -> None:
    moved = Client().get("/favicon.ico")

    assert (moved.status_code, moved["Location"]) == (302, "/static/common/icon.svg")
    assert finders.find("common/icon.svg") is not None


def test_an_action_on_many_is_written_down(desk: Client) -> None:
    schedule = IntervalSchedule.objects.create(every=1, period=IntervalSchedule.HOURS)
    task = PeriodicTask.objects.create(name="sweep", task="sweep", interval=schedule)

    desk.post(
        "/admin/django_celery_beat/periodictask/",
        {"action": "disable_tasks", "_selected_action": [task.pk]},
    )

    ran = {"action": "disable_tasks", "ids": [str(task.pk)]}
    assert entries() == [("admin.ran", "django_celery_beat.periodictask", None, ran)]
    assert PeriodicTask.objects.get().enabled is False


def test_an_action_that_is_not_there_is_not_written_down(desk: Client) -> None:
    desk.post("/admin/auth/group/", {"action": "explode", "_selected_action": ["1"]})

    assert entries() == []


def test_signing_in_and_out_is_written_down(operator: User) -> None:
    client = Client()

    client.post(LOGIN, {"username": operator.email, "password": PASSWORD})
    client.post("/admin/logout/")

    assert entries() == [
        ("admin.signed_in", "users.user", None, None),
        ("admin.signed_out", "users.user", None, None),
    ]
    assert {entry.actor for entry in AuditEntry.objects.all()} == {operator}


def test_failing_to_sign_in_is_written_down_without_the_password(operator: User) -> None:
    Client().post(LOGIN, {"username": operator.email, "password": "wrong-otters"})

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor) == ("admin.sign_in_failed", None)
    assert entry.after == {"email": "o…@dongne.example"}


def test_changing_the_own_password_is_written_down_without_it(desk: Client) -> None:
    new = "taller-otters-swim-10"

    desk.post(
        "/admin/password_change/",
        {"old_password": PASSWORD, "new_password1": new, "new_password2": new},
    )

    assert entries() == [("admin.password_changed", "users.user", None, None)]


def test_the_log_is_shown_and_cannot_be_edited(desk: Client) -> None:
    desk.post("/admin/auth/group/add/", {"name": "editors"})
    entry = AuditEntry.objects.get()
    page = f"/admin/analytics/auditentry/{entry.pk}"

    shown = desk.get("/admin/analytics/auditentry/", {"q": "desk-1"}).content.decode()

    assert "admin.added" in shown
    assert desk.get(f"{page}/change/").status_code == 200
    assert desk.post(f"{page}/change/", {"action": "x.y"}).status_code == 403
    assert desk.post(f"{page}/delete/", {"post": "yes"}).status_code == 403
    assert desk.get("/admin/analytics/auditentry/add/").status_code == 403
