"""
Input that is taken exactly or refused: never guessed, never silently corrected.

Both query strings and JSON bodies are read by a `StrictSerializer`; a query spells numbers, booleans
and lists as text, a body does not. What is malformed (an unknown
name, a repeated one, NaN, a naive time, too long a text) answers 400; a number that was understood
and lies outside `min_value` / `max_value` answers 422 (`common/problems.py`).
"""

import math
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from django.http import QueryDict
from django.utils.functional import cached_property
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.utils.serializer_helpers import BindingDict

from .languages import Bilingual, current_language

UNKNOWN = Bilingual(ko="알 수 없는 이름이에요.", en="This name is not known here.")
REPEATED = Bilingual(ko="한 번만 보내 주세요.", en="Send this once only.")
NOT_A_NUMBER = Bilingual(ko="숫자가 아니에요.", en="This is not a number.")
NOT_AN_INTEGER = Bilingual(ko="정수가 아니에요.", en="This is not a whole number.")
NOT_A_TEXT = Bilingual(ko="글자로 보내 주세요.", en="This is not a text.")
NOT_A_BOOLEAN = Bilingual(ko="true나 false가 아니에요.", en="This is neither true nor false.")
NOT_A_LIST = Bilingual(ko="목록이 아니에요.", en="This is not a list.")
NOT_FINITE = Bilingual(ko="유한한 숫자여야 해요.", en="The number must be finite.")
NOT_A_TIME = Bilingual(
    ko="RFC 3339 시각이 아니에요. 예: 2026-05-01T14:00:00+09:00 (주소에서는 +를 %2B로)",
    en="This is no RFC 3339 time. Example: 2026-05-01T14:00:00+09:00 (in an address write + as %2B)",
)
NAIVE_TIME = Bilingual(
    ko="시간대가 없어요. +09:00이나 Z를 붙여 주세요.",
    en="The time zone is missing: add +09:00 or Z.",
)
TIME_OUT_OF_BOUNDS = Bilingual(
    ko="{low}년부터 {high}년까지만 받아요.", en="Years from {low} to {high} are taken."
)

# Beyond these, shifting a time between zones may leave what a datetime can hold.
YEAR_LOW, YEAR_HIGH = 1970, 2199

# Up to here every whole number has a float of its own.
_EXACT = 2**53
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
_NUMBER = re.compile(
    r"[+-]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})(?:[eE][+-]?[0-9]{1,3})?"
)
_NON_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?([Zz]|[+-]\d{2}:\d{2})?", re.ASCII
)


# What a body may hold for a field of a kind, and what is said of anything else. The first that fits
# counts; a field of another kind is judged by itself.
_KINDS_IN_BODIES: tuple[tuple[Any, tuple[type, ...], Bilingual, str], ...] = (
    (serializers.BooleanField, (bool,), NOT_A_BOOLEAN, "not_a_boolean"),
    (serializers.IntegerField, (int, float), NOT_AN_INTEGER, "not_an_integer"),
    (serializers.FloatField, (int, float), NOT_A_NUMBER, "not_a_number"),
    (serializers.DecimalField, (int, float), NOT_A_NUMBER, "not_a_number"),
    (serializers.ListField, (list,), NOT_A_LIST, "not_a_list"),
    (serializers.MultipleChoiceField, (list,), NOT_A_LIST, "not_a_list"),
    (
        (
            serializers.CharField,
            serializers.ChoiceField,
            serializers.UUIDField,
            serializers.DateField,
            serializers.TimeField,
            serializers.DateTimeField,
            serializers.DurationField,
        ),
        (str,),
        NOT_A_TEXT,
        "not_a_text",
    ),
)


class StrictSerializer(serializers.Serializer[Any]):
    """A serializer that refuses names it does not know, and single values sent twice."""

    @cached_property
    def fields(self) -> BindingDict:
        """
        Return the fields, those of every reader of this class: they keep nothing of what they read.

        They keep the language of their first complaint, so each language has its own. A reader that
        is partial or knows a context has its own too, since fields ask their root for both.
        """
        if getattr(self.root, "partial", False) or self.context:
            return super().fields
        return _fields_of(type(self), current_language())

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return super().to_internal_value(data)
        plain, refused = self._plain(data)
        if refused:
            raise ValidationError(refused)
        return super().to_internal_value(plain)

    # DRF reads a query string as an HTML form: an empty value counts as absent and an absent
    # boolean as false. A plain dict keeps what was sent apart from what was not.
    def _plain(
        self, data: Mapping[str, Any]
    ) -> tuple[dict[str, Any], dict[str, list[ErrorDetail]]]:
        plain: dict[str, Any] = {}
        refused: dict[str, list[ErrorDetail]] = {}
        for name in data:
            field = self.fields.get(name)
            values = data.getlist(name) if isinstance(data, QueryDict) else [data[name]]
            if field is None or field.read_only:
                refused[str(name)[:64]] = [ErrorDetail(str(UNKNOWN), code="unknown")]
            elif isinstance(data, QueryDict) and isinstance(field, serializers.ListField):
                plain[name] = values
            elif len(values) != 1:
                refused[name] = [ErrorDetail(str(REPEATED), code="repeated")]
            else:
                plain[name] = values[0]
                if not isinstance(data, QueryDict):
                    _refuse_other_kinds(field, values[0], path=name, refused=refused)
        return plain, refused


def _refuse_other_kinds(
    field: Any, value: Any, *, path: str, refused: dict[str, list[ErrorDetail]]
) -> None:
    """Refuse what a form would spell alike: "3" for 3, 1 for true, 5 for "5"."""
    if value is None:  # whether that is allowed, the field says
        return
    for kind, types, sentence, code in _KINDS_IN_BODIES:
        if isinstance(field, kind):
            # A boolean is a number to Python.
            fits = isinstance(value, types) and (bool in types or not isinstance(value, bool))
            if not fits:
                refused[path] = [ErrorDetail(str(sentence), code=code)]
            elif isinstance(field, serializers.ListField):
                for index, item in enumerate(value):
                    _refuse_other_kinds(field.child, item, path=f"{path}.{index}", refused=refused)
            return


@cache
def _fields_of(reader: type[StrictSerializer], _language: str) -> BindingDict:
    # DRF copies the declared fields, one by one and deeply, for every request.
    fields = BindingDict(reader())
    for name, field in reader().get_fields().items():
        fields[name] = field
    return fields


def read_query(request: Request, serializer: type[StrictSerializer], /) -> dict[str, Any]:
    """Return what the query says; raise DRF's ValidationError where it is not as declared."""
    request._request.query_was_read = True  # type: ignore[attr-defined] # noqa: SLF001 - for common.manners; DRF has no public name
    return _read(serializer, request.query_params)


def read_body(request: Request, serializer: type[StrictSerializer], /) -> dict[str, Any]:
    """Return what the body says. A route that takes a body takes no query beside it."""
    read_query(request, StrictSerializer)
    return _read(serializer, request.data)


def read_nothing(request: Request, /) -> None:
    """Refuse whatever comes along, where a route that changes something takes neither query nor body."""
    read_query(request, StrictSerializer)
    if request.body:
        _read(StrictSerializer, request.data)


def _read(serializer: type[StrictSerializer], data: Any) -> dict[str, Any]:
    reader = serializer(data=data)
    reader.is_valid(raise_exception=True)
    return dict(reader.validated_data)


class FiniteFloat(serializers.FloatField):
    """A finite decimal number; booleans, `1_0`, NaN and infinities are none."""

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, int | float | str):
            raise ValidationError(str(NOT_A_NUMBER), code="not_a_number")
        text = str(data).strip()
        if _NON_FINITE.fullmatch(text):
            raise ValidationError(str(NOT_FINITE), code="not_finite")
        if not _NUMBER.fullmatch(text):
            raise ValidationError(str(NOT_A_NUMBER), code="not_a_number")
        number = float(text)
        if not math.isfinite(number):
            raise ValidationError(str(NOT_FINITE), code="not_finite")
        return number


class StrictInteger(serializers.IntegerField):
    """A whole number in plain digits; `"3.0"`, `1_0` and booleans are none. JSON's 3.0 is 3."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, float) and data.is_integer() and abs(data) <= _EXACT:
            data = int(data)
        if isinstance(data, bool) or not isinstance(data, int | str):
            raise ValidationError(str(NOT_AN_INTEGER), code="not_an_integer")
        text = str(data).strip()
        if not _INTEGER.fullmatch(text):
            raise ValidationError(str(NOT_AN_INTEGER), code="not_an_integer")
        return int(text)


class StrictText(serializers.CharField):
    """A text as long as it was sent; a number in a body is none, though a form spells it alike."""

    def run_validation(self, data: Any = serializers.empty) -> str | None:
        # The field judges what is left after trimming, be it of a megabyte of spaces.
        limit = self.max_length
        if limit is not None and isinstance(data, str) and len(data) > limit:
            sentence = self.error_messages["max_length"].format(max_length=limit)
            raise ValidationError(sentence, code="max_length")
        text: str | None = super().run_validation(data)
        return text

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise ValidationError(str(NOT_A_TEXT), code="not_a_text")
        return super().to_internal_value(data)


class AwareTime(serializers.DateTimeField):
    """An RFC 3339 time with its offset. A naive one is refused: nobody can know what it meant."""

    def to_internal_value(self, value: Any) -> datetime:
        match = _TIME.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            raise ValidationError(str(NOT_A_TIME), code="not_a_time")
        if match.group(1) is None:
            raise ValidationError(str(NAIVE_TIME), code="naive_time")
        try:
            at = datetime.fromisoformat(value.upper())
        except ValueError:
            raise ValidationError(str(NOT_A_TIME), code="not_a_time") from None
        if not YEAR_LOW <= at.year <= YEAR_HIGH:
            raise ValidationError(
                TIME_OUT_OF_BOUNDS.format(low=YEAR_LOW, high=YEAR_HIGH), code="out_of_bounds"
            )
        return at


class CommaSeparated(serializers.ListField):
    """A list that a query string spells `a,b` (or sends name by name) and a body as an array."""

    def to_internal_value(self, data: Any) -> list[Any]:
        values = data
        if isinstance(data, list):
            values = [
                part
                for value in data
                for part in (value.split(",") if isinstance(value, str) else [value])
            ]
        return super().to_internal_value(values)
