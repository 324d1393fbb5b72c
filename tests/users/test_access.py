"""The access matrix of docs/security.md, compared with what the code and the database grant."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import RequestFactory

from tests.builders.users import make_user
from users.authorisation import permissions_of
from users.models import User
from users.services.granting import Roles
from users.types import Role

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "security.md").read_text("utf-8")
DATABASE = DOCUMENT[DOCUMENT.index("## Database") :]
SECTION = DOCUMENT[DOCUMENT.index("## Access matrix") : DOCUMENT.index("## Database")]
ROW = re.compile(r"^\| `(?P<model>\w+\.\w+)` \| (?P<superuser>[^|]+) \| (?P<operator>[^|]+) \| (?P<analyst>[^|]+) \| (?P<user>[^|]+) \|$", re.M)  # fmt: skip
NAMED = re.compile(r"`(\w+)`")
ACTIONS = ("view", "add", "change", "delete")
NOTHING = "–"

Matrix = Mapping[str, Mapping[str, str]]


def read_matrix() -> Matrix:
    return {
        row["model"]: {
            who: row[who].strip() for who in ("superuser", "operator", "analyst", "user")
        }
        for row in ROW.finditer(SECTION)
    }


def make_people() -> Mapping[str, User]:
    """Return one of each role, as services make them."""
    superuser, analyst = make_user(is_staff=True, is_superuser=True), make_user()
    Roles().grant(actor=superuser, user_id=analyst.pk, role=Role.ANALYST, now=analyst.created_at)
    return {
        "superuser": superuser,
        "operator": make_user(is_staff=True),
        "analyst": analyst,
        "user": make_user(),
    }


def granted(user: User, model: str) -> str:
    """Return what the pages of a model let a person do, as the document writes it."""
    request = RequestFactory().get("/admin/")
    request.user = User.objects.get(pk=user.pk)
    if not admin.site.has_permission(request):
        return NOTHING
    page = admin.site.get_model_admin(apps.get_model(model))
    allowed = [name for name in ACTIONS if getattr(page, f"has_{name}_permission")(request)]
    return ", ".join(allowed) or NOTHING


@pytest.mark.django_db
def test_the_matrix_is_what_the_admin_grants() -> None:
    people = make_people()

    given = {
        model._meta.label: {who: granted(user, model._meta.label) for who, user in people.items()}
        for model in apps.get_models()
        if admin.site.is_registered(model)
    }

    assert read_matrix() == given, "docs/security.md, Access matrix: one row for each admin page"


@pytest.mark.django_db
def test_every_permission_of_a_role_exists() -> None:
    existing = {
        f"{app}.{name}"
        for app, name in Permission.objects.values_list("content_type__app_label", "codename")
    }

    assert set(settings.ROLE_PERMISSIONS) <= {role.value for role in Role}
    assert {name for role in Role for name in permissions_of(role)} - existing == set()


@pytest.mark.django_db
def test_every_table_that_guards_its_rows_is_named() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tablename FROM pg_policies WHERE schemaname = 'public'")
        guarded = {table for (table,) in cursor.fetchall()}

    assert guarded - set(NAMED.findall(DATABASE)) == set(), "docs/security.md, Database"
