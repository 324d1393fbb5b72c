import pytest
from django.test import Client
from django.utils.functional import lazystr
from rest_framework.exceptions import ParseError, ValidationError

from common.languages import Bilingual
from common.rendering import MAX_DEPTH, JSONRenderer, Written, parse_json


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"NaN",
        b'{"a": Infinity}',
        b'{"a": 1e400}',
        b'"\\ud800"',
        b"\xff",
        b"\xef\xbb\xbf{}",
        b"{'a': 1}",
        b"[" * 100_000,
        b"[" * 900 + b"]" * 900,
        b'{"a":' * 100_000,
        b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1),
        b'{"a": 18446744073709551616}',
        b"[-9223372036854775809]",
        b"9" * 5000,
        b'"\x00"',
        b"{} {}",
        b"[1,]",
        b"[1] // no",
    ],
)
def test_refuses_what_is_no_strict_json(text: bytes) -> None:
    with pytest.raises(ParseError):
        parse_json(text)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (b'{"a": 1, "b": 2, "a": 1}', {"a": ["repeated"]}),
        (b'{"a": 1, "\\u0061": 2}', {"a": ["repeated"]}),
        (b'{"b": [{"a": {}, "a": {}}]}', {"a": ["repeated"]}),
        (b'{"a": "\\u0000"}', {"a": ["null_characters_not_allowed"]}),
        (b'{"a": [1, {"b": "x\\u0000"}]}', {"a.1.b": ["null_characters_not_allowed"]}),
        (b'{"a\\u0000": 1}', {"a\ufffd": ["null_characters_not_allowed"]}),
    ],
)
def test_names_what_comes_twice_or_holds_nul(text: bytes, codes: dict[str, list[str]]) -> None:
    with pytest.raises(ValidationError) as refused:
        parse_json(text)

    assert refused.value.get_codes() == codes


def test_reads_what_is_at_the_bounds() -> None:
    text = b'{"a": [18446744073709551615, -9223372036854775808, 1e308], "b": "\\\\u0000"}'

    assert parse_json(text) == {"a": [2**64 - 1, -(2**63), 1e308], "b": "\\u0000"}


def test_reads_down_to_the_depth_allowed() -> None:
    assert parse_json(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH) is not None


def test_spells_sentences_and_lists() -> None:
    rendered = JSONRenderer().render({"a": Bilingual(ko="가", en="a"), "b": lazystr("b")})

    assert rendered == '{"a":"가","b":"b"}'.encode()


def test_does_not_guess_at_what_it_cannot_spell() -> None:
    with pytest.raises(TypeError):
        JSONRenderer().render({"a": object()})


def test_what_is_written_goes_out_as_it_is() -> None:
    assert JSONRenderer().render(Written(b'{"b": 1, "a":2}')) == b'{"b": 1, "a":2}'


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        (None, 200),
        ("*/*", 200),
        ("application/json", 200),
        ("text/html, application/*;q=0.9", 200),
        ("text/html", 406),
    ],
)
@pytest.mark.django_db
def test_json_is_what_there_is(client: Client, accept: str | None, status: int) -> None:
    headers = {} if accept is None else {"accept": accept}

    answer = client.get("/api/v1/tags", headers=headers)

    assert answer.status_code == status
