import io
import json
import logging

import pytest
import structlog

from common.logs import logging_settings
from common.request_ids import set_request_id


def log_through(*, as_json: bool) -> str:
    options = logging_settings(level="INFO", as_json=as_json)
    formatter = options["formatters"]["structured"]
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=formatter["processors"], foreign_pre_chain=formatter["foreign_pre_chain"]
        )
    )
    logger = logging.getLogger("tests.logs")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    structlog.get_logger("tests.logs").info("said", trip_id="t", password="p", lat=37.5)
    logger.warning("from %s", "a library")
    _fail(logger, secret="swordfish-in-a-local")
    logger.removeHandler(handler)
    return stream.getvalue()


def _fail(logger: logging.Logger, *, secret: str) -> None:
    try:
        raise ValueError(len(secret))
    except ValueError:
        logger.exception("failed")


@pytest.mark.parametrize("as_json", [True, False])
def test_the_trace_of_a_failure_shows_no_local_variable(*, as_json: bool) -> None:
    text = log_through(as_json=as_json)

    assert "ValueError" in text
    assert "swordfish" not in text


@pytest.fixture
def _request_id() -> object:
    set_request_id("abc")
    yield
    set_request_id("")


@pytest.mark.usefixtures("_request_id")
def test_lines_are_json_with_the_request_id_and_no_secret() -> None:
    said, library, _failure = [json.loads(line) for line in log_through(as_json=True).splitlines()]

    assert said["event"] == "said"
    assert said["trip_id"] == "t"
    assert (said["password"], said["lat"]) == ("[struck out]", "[struck out]")
    assert (said["request_id"], library["request_id"]) == ("abc", "abc")
    assert (library["event"], library["level"]) == ("from a library", "warning")


def test_a_developer_reads_lines() -> None:
    text = log_through(as_json=False)

    assert "said" in text
    assert not text.startswith("{")
