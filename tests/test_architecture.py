"""What no linter sees: the rules of the house style about files, keys and names."""

import ast
import importlib
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import Model

from common.errors import DomainError

ROOT = Path(__file__).resolve().parent.parent
DOMAINS = (
    "feedback",
    "missions",
    "party",
    "trips",
    "posts",
    "places",
    "users",
    "notifications",
    "analytics",
)
PACKAGES = (*DOMAINS, "config", "common", "engine")


@cache
def layers() -> dict[str, int]:
    """Return the height of each app, 0 for the lowest, from the import contract."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    rows = contracts["contracts"][0]["layers"]
    return {
        name.strip(): height for height, row in enumerate(reversed(rows)) for name in row.split("|")
    }


def modules(*packages: str) -> Iterator[Path]:
    for package in packages:
        yield from sorted(
            path for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts
        )


def own_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in layers()]


def test_foreign_keys_point_downward() -> None:
    heights = layers()

    upward = [
        f"{model._meta.label}.{field.name}"
        for model in own_models()
        for field in model._meta.get_fields()
        if field.concrete and isinstance(field.related_model, type)
        if field.related_model._meta.label != settings.AUTH_USER_MODEL
        if heights.get(field.related_model._meta.app_label, -1) > heights[model._meta.app_label]
    ]

    assert upward == []


def test_package_files_are_empty() -> None:
    full = [
        path for path in modules(*PACKAGES, "tests")
        if path.name == "__init__.py" and path.read_bytes().strip()
    ]  # fmt: skip

    assert full == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_says_what_it_is(package: str) -> None:
    readme = ROOT / package / "README.md"

    assert readme.is_file()
    assert len(readme.read_text(encoding="utf-8").splitlines()) <= 80


def test_no_module_is_longer_than_four_hundred_lines() -> None:
    long = [
        str(path.relative_to(ROOT)) for path in modules(*PACKAGES)
        if len(path.read_text(encoding="utf-8").splitlines()) > 400
    ]  # fmt: skip

    assert long == []


def test_there_is_no_drawer_of_odds_and_ends() -> None:
    names = {"utils.py", "helpers.py", "misc.py", "signals.py"}

    assert [path for path in modules(*PACKAGES) if path.name in names] == []


def test_no_model_overrides_save() -> None:
    assert [model for model in own_models() if {"save", "delete"} & set(vars(model))] == []


def test_no_model_orders_by_itself() -> None:
    assert [model for model in own_models() if model._meta.ordering] == []


def test_every_constraint_is_named_for_its_table() -> None:
    unnamed = [
        constraint.name
        for model in own_models()
        for constraint in model._meta.constraints
        if not constraint.name
    ]

    assert unnamed == []


def reads_the_clock(path: Path) -> bool:
    clocks = {("timezone", "now"), ("datetime", "now"), ("date", "today"), ("time", "time")}
    return any(
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in clocks
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    )


def test_services_and_the_engine_are_told_the_time() -> None:
    told = [
        path for path in modules(*DOMAINS, "engine")
        if "services" in path.parts or path.name == "selectors.py" or "engine" in path.parts
    ]  # fmt: skip

    assert [str(path.relative_to(ROOT)) for path in told if reads_the_clock(path)] == []


def domain_errors(kind: type[DomainError] = DomainError) -> Iterator[type[DomainError]]:
    for below in kind.__subclasses__():
        if below.__module__.split(".")[0] in PACKAGES:
            yield below
        yield from domain_errors(below)


def load_everything() -> None:
    for path in modules(*(set(PACKAGES) - {"config"})):
        importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


def test_every_error_speaks_both_languages_and_is_in_the_list() -> None:
    load_everything()
    listed = (ROOT / "docs" / "problems.md").read_text(encoding="utf-8")

    errors = [error for error in domain_errors() if "code" in vars(error)]

    assert errors
    assert [error.code for error in errors if f"`{error.code}`" not in listed] == []
    assert [error.code for error in errors if not (error.detail.ko and error.detail.en)] == []
    assert len({error.code for error in errors}) == len(errors)
