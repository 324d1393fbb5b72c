"""How long one request may keep the database busy, however many questions it asks."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponseBase


class DeadlinePassed(OperationalError):
    """The time of this request is over; it is answered like one whose database is away."""


@dataclass(frozen=True)
class Deadline:
    """Lets no statement begin after `ends_at_s`; one under way is ended by the server itself."""

    ends_at_s: float
    monotonic_s: Callable[[], float] = time.monotonic

    def __call__(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any  # noqa: FBT001 - Django's own signature
    ) -> Any:  # fmt: skip
        if self.monotonic_s() > self.ends_at_s:
            raise DeadlinePassed("The request took too long.")
        return execute(sql, params, many, context)


class RequestDeadline:
    """Give every request REQUEST_DEADLINE_S seconds to ask the database in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        deadline = Deadline(ends_at_s=time.monotonic() + settings.REQUEST_DEADLINE_S)
        with connection.execute_wrapper(deadline):
            return self.get_response(request)
