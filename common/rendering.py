"""JSON in and out: strict where it comes in, quick where it goes out."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, fields, is_dataclass
from typing import IO, Any

import orjson
from django.conf import settings
from django.utils.functional import Promise
from rest_framework.exceptions import ErrorDetail, ParseError, ValidationError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from .languages import Bilingual

# No body of this API is nested deeper than a GeoJSON polygon inside a few objects.
MAX_DEPTH = 16
NAME_LENGTH = 64
INTEGER_LENGTH = 20
INTEGER_LOW, INTEGER_HIGH = -(2**63), 2**64 - 1
# As DRF calls it where a text comes from a query.
NUL_CODE = "null_characters_not_allowed"

REPEATED = Bilingual(ko="한 번만 보내 주세요.", en="Send this once only.")
NUL = Bilingual(ko="NUL 문자는 받지 않아요.", en="NUL characters are not taken.")


def parse_json(text: bytes, /) -> Any:
    """
    Parse strict JSON (I-JSON, RFC 7493): UTF-8, no NaN, no lone surrogates, no name twice in an
    object, whole numbers of 64 bits, no NUL in any text; nesting up to MAX_DEPTH.

    Raises:
        ParseError: the text is no JSON.
        ValidationError: it is, and a name comes twice or a text holds NUL.
    """
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise ParseError(str(error)) from None
    if _is_deeper_than(value, levels=MAX_DEPTH):
        raise ParseError("The JSON is nested too deeply.")
    # orjson keeps the last of several, and makes a float of a whole number of more than 64 bits.
    json.loads(text, object_pairs_hook=_refuse_repeated, parse_int=_refuse_long)
    if b"\\u0000" in text:
        for path in _find_nul(value, path=""):
            raise ValidationError({path: [ErrorDetail(str(NUL), code=NUL_CODE)]})
    return value


def _refuse_repeated(pairs: list[tuple[str, object]]) -> None:
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            repeated = [ErrorDetail(str(REPEATED), code="repeated")]
            raise ValidationError({name[:NAME_LENGTH]: repeated})
        seen.add(name)


def _refuse_long(digits: str) -> None:
    if len(digits) > INTEGER_LENGTH or not INTEGER_LOW <= int(digits) <= INTEGER_HIGH:
        raise ParseError("A whole number has more than 64 bits.")


def _find_nul(value: object, *, path: str) -> Iterator[str]:
    if isinstance(value, str) and "\0" in value:
        yield path
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _find_nul(item, path=f"{path}.{index}".lstrip("."))
    elif isinstance(value, dict):
        for name, item in value.items():
            below = f"{path}.{name[:NAME_LENGTH]}".replace(
                "\0", "\N{REPLACEMENT CHARACTER}"
            ).lstrip(".")
            if "\0" in name:
                yield below
            yield from _find_nul(item, path=below)


def _is_deeper_than(value: Any, *, levels: int) -> bool:
    layer = [value]
    for _ in range(levels):
        layer = [
            child
            for parent in layer
            if isinstance(parent, dict | list)
            for child in (parent.values() if isinstance(parent, dict) else parent)
        ]
    return any(isinstance(child, dict | list) for child in layer)


def write_json(value: object, /) -> bytes:
    """Write what `spell` and JSON know; anything else is a bug and raises TypeError."""
    # orjson would write a Bilingual as an object of both languages.
    return orjson.dumps(value, default=spell, option=orjson.OPT_PASSTHROUGH_DATACLASS)


def spell(value: object) -> object:
    """Spell what orjson does not know; anything else unknown is a bug and raises."""
    if isinstance(value, Bilingual | Promise):
        return str(value)
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence | Set):
        return list(value)
    raise TypeError(type(value).__name__)


@dataclass(frozen=True, slots=True)
class Written:
    """A body that is JSON already."""

    text: bytes


class StrictJSONParser(BaseParser):
    media_type = "application/json"

    def parse(self, stream: IO[Any], *_args: object, **_options: object) -> Any:
        # DRF reads the stream itself, past Django's own limit on a body.
        text = stream.read(settings.API_BODY_LIMIT_BYTES + 1)
        if len(text) > settings.API_BODY_LIMIT_BYTES:
            raise ParseError("The body is too large.")
        return parse_json(text)


class JSONRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, *_args: object, **_options: object) -> bytes:
        if isinstance(data, Written):
            return data.text
        return b"" if data is None else write_json(data)


class Negotiation(DefaultContentNegotiation):
    """As DRF's; what nearly every client says, that it takes JSON or anything, is not weighed."""

    def select_renderer(
        self,
        request: Request,
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,
    ) -> tuple[BaseRenderer, str]:
        first, *others = known = list(renderers)
        accepts_first = request.META.get("HTTP_ACCEPT", "*/*") in {first.media_type, "*/*"}
        if accepts_first and not others and format_suffix is None:
            return first, str(first.media_type)
        chosen: tuple[BaseRenderer, str] = super().select_renderer(request, known, format_suffix)
        return chosen
