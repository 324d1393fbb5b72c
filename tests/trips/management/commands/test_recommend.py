"""`manage.py recommend`, as an operator runs it."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.builders.neighbourhoods import make_neighbourhood

pytestmark = pytest.mark.django_db(transaction=True)

SENTENCE = "홍대에서 3시간, 2만원, 조용한 카페"


def tomorrow(hour: int) -> str:
    now = timezone.now().astimezone(ZoneInfo("Asia/Seoul"))
    day = now + timedelta(days=1)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0).isoformat()


def run(*arguments: str, **options: Any) -> str:
    written = StringIO()
    call_command("recommend", *arguments, stdout=written, **options)
    return written.getvalue()


def test_prints_the_time_line_of_each_card() -> None:
    make_neighbourhood()

    text = run(SENTENCE, "--start", tomorrow(13))

    assert text.count("━━") == 3
    assert "13:0" in text
    assert "여유" in text


def test_speaks_the_language_of_the_sentence() -> None:
    make_neighbourhood()

    text = run("3 hours around Hongdae, quiet cafes", "--start", tomorrow(13))

    assert "to spare" in text


def test_json_is_the_body_of_the_api() -> None:
    make_neighbourhood()

    body = json.loads(run(SENTENCE, "--json", "--at", "37.5563,126.9236", "--budget", "15000"))

    assert set(body) == {
        "interpretation",
        "cards",
        "why_fewer",
        "relaxation",
        "context_hash",
        "cached",
        "took_ms",
    }


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("3시간 카페",), "어디에서"),
        (("해운대에서 3시간",), "찾지 못했어요"),
        (("카페", "--at", "126.9"), "--at"),
        (("카페", "--at", "126.9,37.5"), "latitude"),
        (("카페", "--at", "nan,1"), "latitude"),
        (("홍대", "--start", "2026-05-01T14:00"), "offset"),
        (("홍대", "--start", "noon"), "--start"),
        (("홍대", "--minutes", "5"), "time_budget_min"),
        (("홍대", "--budget", "-1"), "budget"),
    ],
)
def test_a_mistake_ends_in_one_line_that_says_what_to_do(
    arguments: tuple[str, ...], words: str
) -> None:
    make_neighbourhood()

    with pytest.raises(CommandError, match=words):
        run(*arguments)
