"""`docs/problems.md` and the code tell the same codes, with the same statuses."""

import re
from collections import Counter
from pathlib import Path

import pytest

from common.problems import DETAILS, STATUS_OF_KIND
from tests.test_architecture import domain_errors, load_everything

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "problems.md"
ROW = re.compile(r"^\| `(?P<code>[a-z_/-]+)` \| (?P<status>\d{3}|–) \|", re.M)

# What `common/problems.py` answers without a DomainError.
STATUS_OF_DETAIL = {
    "malformed": 400,
    "malformed_body": 400,
    "malformed_query": 400,
    "length_required": 411,
    "invalid": 422,
    "unauthenticated": 401,
    "forbidden": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "not_acceptable": 406,
    "unsupported_media_type": 415,
    "too_large": 413,
    "unavailable": 503,
    "internal": 500,
}


def listed() -> list[tuple[str, str]]:
    return ROW.findall(DOCUMENT.read_text(encoding="utf-8"))


def of_the_code() -> dict[str, int]:
    load_everything()
    errors = [error for error in domain_errors() if "code" in vars(error)]
    return STATUS_OF_DETAIL | {error.code: STATUS_OF_KIND[error.kind].value for error in errors}


def test_every_code_is_listed_once_and_each_listed_one_exists() -> None:
    codes = [code for code, _ in listed()]

    assert [code for code, times in Counter(codes).items() if times > 1] == []
    assert set(codes) == set(of_the_code())


def test_every_code_is_listed_with_its_status() -> None:
    statuses = of_the_code()

    # – is for what only commands raise.
    wrong = [
        (code, status)
        for code, status in listed()
        if status != "–" and int(status) != statuses[code]
    ]

    assert wrong == []


def test_every_answer_without_a_domain_error_is_known_here() -> None:
    assert set(DETAILS) == set(STATUS_OF_DETAIL)


@pytest.mark.parametrize("code", sorted(DETAILS))
def test_every_sentence_is_in_both_languages(code: str) -> None:
    sentence = DETAILS[code]

    assert re.search(r"[가-힣]", sentence.ko)
    assert not re.search(r"[가-힣]", sentence.en)
    assert sentence.ko.endswith(("요.", "요", "해요.", "거예요."))
