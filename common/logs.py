"""
Structured logs: one JSON object a line, or readable lines on a developer's terminal.

Every line carries the request id. No line carries a secret, an address of mail or a position: who
logs passes ids, and what slips through by name is struck out here.
"""

from collections.abc import MutableMapping
from typing import Any

import structlog

from .request_ids import current_request_id

SECRET_NAMES = frozenset(
    {
        "access", "area", "authorization", "body", "cookie", "email", "lat", "latitude", "lon",
        "longitude", "password", "position", "q", "query", "refresh", "secret", "token",
    }
)  # fmt: skip
STRUCK_OUT = "[struck out]"


def add_request_id(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    request_id = current_request_id()
    if request_id:
        event["request_id"] = request_id
    return event


def strike_out_secrets(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    for name in event.keys() & SECRET_NAMES:
        event[name] = STRUCK_OUT
    return event


SHARED_PROCESSORS: tuple[structlog.typing.Processor, ...] = (
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    add_request_id,
    strike_out_secrets,
)


def logging_settings(*, level: str, as_json: bool) -> dict[str, Any]:
    """Return Django's LOGGING, for the standard library's loggers and structlog's alike."""
    rendering: list[structlog.typing.Processor] = (
        [
            # The values of local variables would carry passwords and positions into the log.
            structlog.processors.ExceptionRenderer(
                structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
            ),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
        if as_json
        else [
            structlog.dev.ConsoleRenderer(
                exception_formatter=structlog.dev.plain_traceback  # shows no local variables
            )
        ]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    *rendering,
                ],
                "foreign_pre_chain": SHARED_PROCESSORS,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Its own handlers print, or mail, what the root handler prints already.
            "django": {"handlers": [], "propagate": True, "level": level},
            # One line a request comes from common.middleware.
            "django.request": {"level": "ERROR"},
            "django.server": {"handlers": [], "propagate": True, "level": "WARNING"},
        },
    }


def configure_structlog() -> None:
    """Send structlog's lines through the standard library, where LOGGING renders them."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED_PROCESSORS,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
