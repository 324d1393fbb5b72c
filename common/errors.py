"""Failures that were foreseen. They know nothing of HTTP: `common/problems.py` does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import ClassVar

from .languages import Bilingual


class Kind(Enum):
    """What a failure means to a caller; the HTTP status follows from it."""

    MALFORMED = auto()
    INVALID = auto()
    UNAUTHENTICATED = auto()
    FORBIDDEN = auto()
    NOT_FOUND = auto()
    CONFLICT = auto()
    OUTDATED = auto()
    UNCONDITIONAL = auto()
    LIMITED = auto()
    UNAVAILABLE = auto()


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field of the input; `field` is a dotted path such as `stops.2.lat`."""

    field: str
    code: str
    detail: str


class DomainError(Exception):
    """
    An anticipated failure, subclassed in the module that raises it.

    `message` is for the log and for developers. A caller reads `detail`, filled in from the
    keyword values (`retry_after_s` among them). `extras` become members of the answer beside it, such as candidates.
    `field` names the one input at fault; `errors` names several.
    """

    kind: ClassVar[Kind]
    code: ClassVar[str]
    detail: ClassVar[Bilingual]

    def __init__(
        self,
        message: str = "",
        *,
        field: str | None = None,
        errors: Sequence[FieldError] = (),
        extras: Mapping[str, object] | None = None,
        retry_after_s: int | None = None,
        **values: object,
    ) -> None:
        if retry_after_s is not None:
            values["retry_after_s"] = retry_after_s
        super().__init__(message or self.detail.en.format(**values))
        self.field = field
        self.errors = tuple(errors)
        self.extras = dict(extras or {})
        self.retry_after_s = retry_after_s
        self.values = values
