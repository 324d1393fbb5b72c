import pytest
from django.utils.functional import lazystr
from rest_framework.exceptions import ParseError

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
    ],
)
def test_refuses_what_is_no_strict_json(text: bytes) -> None:
    with pytest.raises(ParseError):
        parse_json(text)


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
