"""Every model is entered for export and erasure, every field of it accounted for, and documented."""

from pathlib import Path
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Model

from common.describing_data import describe_personal_data
from common.personal_data import (
    Anonymised,
    Erased,
    NotPersonal,
    Person,
    PersonalRows,
    list_personal_rows,
    personal_data,
)

ROOT = Path(__file__).resolve().parent.parent
TABLE = "table:"


def every_model() -> list[type[Model]]:
    return list(apps.get_models(include_auto_created=True))


def fields_of(entry: PersonalRows) -> set[str]:
    return {field.name for field in entry.model._meta.concrete_fields}


@pytest.fixture(params=list_personal_rows(), ids=lambda entry: entry.name)
def entry(request: pytest.FixtureRequest) -> PersonalRows:
    found: PersonalRows = request.param
    return found


def test_every_model_is_entered() -> None:
    entered = {entry.name for entry in personal_data}

    assert {model._meta.label for model in every_model()} - entered == set()


@pytest.mark.django_db
def test_every_table_is_entered() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT CASE nspname WHEN 'public' THEN '' ELSE nspname || '.' END || relname"
            " FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace"
            " WHERE relkind IN ('r', 'p') AND NOT relispartition"
            " AND nspname !~ '^pg_' AND nspname <> 'information_schema'"
        )
        tables = {name for (name,) in cursor.fetchall()}

    of_models = {model._meta.db_table.replace('"', "") for model in every_model()}
    entered = {entry.name.removeprefix(TABLE) for entry in personal_data}
    assert tables - of_models - entered == set()


def test_nothing_is_entered_that_is_not_there() -> None:
    labels = {model._meta.label for model in every_model()}

    entered = {entry.name for entry in personal_data if not entry.name.startswith(TABLE)}

    assert entered - labels == set()


def test_every_field_is_exported_or_withheld_for_a_reason(entry: PersonalRows) -> None:
    exported = {path.partition("__")[0] for path in entry.exported}

    assert exported | set(entry.withheld) == fields_of(entry)
    assert exported & set(entry.withheld) == set()
    assert all(entry.withheld.values())


def test_every_field_of_an_anonymised_row_is_accounted_for() -> None:
    wrong = [
        entry.name
        for entry in list_personal_rows()
        if isinstance(entry.erasure, Anonymised)
        if sorted([*entry.erasure.values, *entry.erasure.remaining]) != sorted(fields_of(entry))
    ]

    assert wrong == []


def test_every_entry_says_why_and_for_how_long() -> None:
    said = [
        text
        for entry in list_personal_rows()
        for text in (entry.purpose.ko, entry.purpose.en, entry.kept_for.ko, entry.kept_for.en)
    ]
    said += [entry.why for entry in personal_data if isinstance(entry, NotPersonal)]

    assert all(text.strip() for text in said)


def test_no_two_files_of_an_export_have_one_name() -> None:
    files = [entry.file for entry in list_personal_rows() if entry.file]

    assert len(files) == len(set(files))


@pytest.mark.django_db
def test_rows_of_nobody_are_none(entry: PersonalRows) -> None:
    nobody = Person(user_id=0, public_id=UUID(int=0))

    assert list(entry.of(nobody).values(*entry.exported)) == []


def test_the_document_says_what_the_code_does() -> None:
    document = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")

    assert describe_personal_data() in document, "run: manage.py describe_personal_data --write"


def test_rows_that_refer_to_others_are_erased_before_them() -> None:
    order = [entry.model for entry in list_personal_rows() if isinstance(entry.erasure, Erased)]

    late = [
        f"{model._meta.label} after {field.related_model._meta.label}"
        for place, model in enumerate(order)
        for field in model._meta.concrete_fields
        if isinstance(field.related_model, type) and field.related_model in order[:place]
    ]

    assert late == []
