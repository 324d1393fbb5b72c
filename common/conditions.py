"""
Edits on top of what was read: `ETag` on what may be edited, `If-Match` on the edit (RFC 9110).

A tag names the state of a resource. Whoever edits says which state they saw; the service locks the
row, names its state anew and checks, so that of two edits of one state exactly one is made:

    view:     condition = read_condition(request)
              service.edit(…, condition=condition)
    service:  with transaction.atomic(durable=True):
                  trip = Trip.objects.select_for_update().get(…)
                  condition.check(state_of(trip.title, trip.updated_at))

The read answers with `tag_answer(response, state=state_of(…))`; so does the edit, with the new one.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, TypeVar

from django.http import HttpResponseBase
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

from .errors import DomainError, Kind
from .languages import Bilingual, current_language
from .rendering import write_json

HEADER = "If-Match"
ANY = "*"
STATE_BYTES = 12

TAG = r'(?:W/)?"[!#-~]*"'
# What If-Match may be: the schema says it too.
PATTERN = rf"^(?:\*|{TAG}(?: *, *{TAG})*)$"

Handler = TypeVar("Handler", bound=Callable[..., Any])

MALFORMED = Bilingual(
    ko='조회할 때 받은 ETag를 따옴표까지 그대로 보내 주세요. 예: "3f2a"',
    en='Send the ETag of the answer you read, with its quotes. Example: "3f2a"',
)


class StateChanged(DomainError):
    """The resource is no longer as the caller saw it."""

    kind = Kind.OUTDATED
    code = "precondition_failed"
    detail = Bilingual(
        ko="그 사이에 내용이 바뀌었어요. 다시 조회한 뒤 수정해 주세요.",
        en="This has changed in the meantime: read it again, then edit.",
    )


class ConditionMissing(DomainError):
    """An edit that does not say which state it is of."""

    kind = Kind.UNCONDITIONAL
    code = "precondition_required"
    detail = Bilingual(
        ko="조회할 때 받은 ETag를 If-Match 헤더로 보내 주세요.",
        en="Send the ETag of what you read as If-Match.",
    )


@dataclass(frozen=True)
class Condition:
    """The states that an edit may be made in; None is any."""

    states: Collection[str] | None = None

    def check(self, state: str, /) -> None:
        """
        Check the state of a row that is locked.

        Raises:
            StateChanged: the caller saw another.
        """
        if self.states is not None and state not in self.states:
            raise StateChanged


def conditional(handler: Handler, /) -> Handler:
    """Tell the schema that an edit wants If-Match; the handler reads it by `read_condition`."""
    handler.is_conditional = True  # type: ignore[attr-defined] # read by the schema
    return handler


def state_of(*values: object) -> str:
    """Name the state that these values make up: what an edit could change, or a version of it."""
    return blake2b(write_json(values), digest_size=STATE_BYTES).hexdigest()


def tag_answer(response: HttpResponseBase, /, *, state: str) -> None:
    """Tell the caller the state, as the ETag of this answer in the language it is in."""
    response["ETag"] = f'"{state}-{current_language()}"'


def read_condition(request: Request, /, *, is_required: bool = True) -> Condition:
    """
    Return what If-Match says. `*` is any state; a weak tag names none (RFC 9110, 13.1.1).

    Raises:
        ConditionMissing: there is no If-Match where one is required.
    """
    header = request.headers.get(HEADER)
    if header is None:
        if is_required:
            raise ConditionMissing
        return Condition()
    said = header.strip(" \t")
    if not re.fullmatch(PATTERN, said):
        raise ValidationError({HEADER: [ErrorDetail(str(MALFORMED), code="malformed")]})
    if said == ANY:
        return Condition()
    # The language is the answer's, not the state's: an edit may follow a read in the other one.
    return Condition(
        states=frozenset(
            tag.strip('"').rpartition("-")[0] for tag in re.findall(TAG, said) if tag[0] == '"'
        )
    )
