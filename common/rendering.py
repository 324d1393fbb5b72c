"""JSON in and out: strict where it comes in, quick where it goes out."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, fields, is_dataclass
from typing import IO, Any

import orjson
from django.conf import settings
from django.utils.functional import Promise
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

from .languages import Bilingual

# No body of this API is nested deeper than a GeoJSON polygon inside a few objects.
MAX_DEPTH = 16


def parse_json(text: bytes, /) -> Any:
    """
    Parse strict JSON (RFC 8259, UTF-8): no NaN, no lone surrogates, nesting up to MAX_DEPTH.

    Raises:
        ParseError: the text is not such JSON.
    """
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise ParseError(str(error)) from None
    if _is_deeper_than(value, levels=MAX_DEPTH):
        raise ParseError("The JSON is nested too deeply.")
    return value


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
