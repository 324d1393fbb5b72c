"""The id that ties one request's answer, log lines and tasks together."""

import re
from contextvars import ContextVar

from uuid_utils.compat import uuid7

HEADER = "X-Request-Id"
# Long enough for a UUID or a trace id; nothing that could break a log line or a header.
WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{1,64}")

_current: ContextVar[str] = ContextVar("request_id", default="")


def choose_request_id(*, offered: str | None) -> str:
    """Take the caller's id where it is well-formed, else make one."""
    if offered is not None and WELL_FORMED.fullmatch(offered):
        return offered
    return str(uuid7())


def current_request_id() -> str:
    """Return the id of the request being answered, or an empty string outside of one."""
    return _current.get()


def set_request_id(request_id: str, /) -> None:
    _current.set(request_id)
