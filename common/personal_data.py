"""
What is kept about people: of each model, whose its rows are, why, for how long, and what leaving does.

Each app enters every one of its models when it starts (`personal_data.add(...)` in `ready()`); a test
fails on a model that is not entered, on a field that is neither exported nor withheld for a reason,
and where `docs/privacy.md` says something else. Export and erasure know nothing but this list.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model, QuerySet

from .languages import Bilingual
from .registries import Registry


@dataclass(frozen=True)
class Person:
    """Whose data it is about."""

    user_id: int
    public_id: UUID


@dataclass(frozen=True)
class Erased:
    """
    The rows are deleted: with the account, in the same transaction, or soon after it.

    Soon is for what one account may hold a lot of: deleted in batches, within minutes.
    """

    is_at_once: bool = True


@dataclass(frozen=True)
class Anonymised:
    """
    The rows stay, and say nothing of a person any more; done at once.

    `values` maps a field to what it becomes: a value, or a function that makes it at the moment of
    leaving. `remaining` says of every other field why it may stay.
    """

    values: Mapping[str, object]
    remaining: Mapping[str, str]

    def make_values(self, *, now: datetime) -> dict[str, object]:
        return {
            name: value(now) if callable(value) else value for name, value in self.values.items()
        }


@dataclass(frozen=True)
class Kept:
    """The rows stay as they are, for this reason."""

    reason: str


@dataclass(frozen=True)
class PersonalRows:
    """
    A model whose rows are somebody's. `name` is its label, such as `trips.Trip`.

    `owner` leads from a row to the account's id (`traveller`, `trip__traveller`), or is a function from
    a person to the rows. An export holds the fields of `exported` (each may lead to another model:
    `place__name`) in the file `file`; `withheld` maps every other field to the reason. `media` names
    the field with the key of a file in `storage`, which is erased along, and exported from the default one.

    A policy of the database shows the rows to their owner alone (`common.protection.RowSecurity`, one
    line in a migration); `unguarded` says why none does, where that is so.
    """

    name: str
    owner: str | Callable[[Person], QuerySet[Any]]
    purpose: Bilingual
    kept_for: Bilingual
    erasure: Erased | Anonymised | Kept
    file: str = ""
    exported: tuple[str, ...] = ()
    withheld: Mapping[str, str] = field(default_factory=dict)
    media: str = ""
    storage: str = "default"
    unguarded: str = ""

    def __post_init__(self) -> None:
        if self.media and self.erasure != Erased(is_at_once=False):
            raise ValueError(f"{self.name}: files are erased before their rows, so not at once.")
        if bool(self.file) != bool(self.exported):
            raise ValueError(f"{self.name}: `file` and `exported` go together.")

    @property
    def model(self) -> type[Model]:
        return apps.get_model(self.name)

    def of(self, person: Person, /) -> QuerySet[Any]:
        """Return the rows of one person."""
        if callable(self.owner):
            return self.owner(person)
        return QuerySet(self.model).filter(**{self.owner: person.user_id})


@dataclass(frozen=True)
class NotPersonal:
    """A model, or a table without one (`table:django_migrations`), that tells nothing of a person."""

    name: str
    why: str


# In the order of adding: rows that refer to others come before them, and are erased before them.
personal_data: Registry[PersonalRows | NotPersonal] = Registry()


def list_personal_rows() -> list[PersonalRows]:
    """Return the models whose rows are somebody's, the apps above before those below them."""
    return [entry for entry in reversed(list(personal_data)) if isinstance(entry, PersonalRows)]


@dataclass(frozen=True)
class Forgetting:
    """
    Erases what is kept of a person outside of the database, such as answers in Redis.

    `forget` is called before the rows go, and again a while later for what was under way; it must bear
    that, and that its store is away: `kept_for` ends what it could not reach.
    """

    name: str
    what: Bilingual
    kept_for: Bilingual
    forget: Callable[[Person], None]


forgettings: Registry[Forgetting] = Registry()
