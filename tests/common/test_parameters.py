from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from django.http import QueryDict
from django.utils.translation import override
from rest_framework import serializers

from common.parameters import (
    AwareTime,
    CommaSeparated,
    FiniteFloat,
    StrictInteger,
    StrictSerializer,
    StrictText,
)
from common.problems import list_field_errors


class Name(StrictSerializer):
    age = StrictInteger(required=False)


class Question(StrictSerializer):
    lat = FiniteFloat(required=False, min_value=-90, max_value=90)
    count = StrictInteger(required=False, min_value=1)
    at = AwareTime(required=False)
    words = CommaSeparated(required=False, child=serializers.CharField(max_length=5), max_length=3)
    text = serializers.CharField(required=False, max_length=5)
    is_open = serializers.BooleanField(required=False)
    kind = serializers.ChoiceField(choices=["1", "2"], required=False)
    stars = serializers.ListField(child=StrictInteger(), required=False)
    id = serializers.UUIDField(required=False)
    by = Name(required=False)


def read_query(text: str) -> dict[str, Any]:
    question = Question(data=QueryDict(text))
    question.is_valid(raise_exception=True)
    return dict(question.validated_data)


class Rating(StrictSerializer):
    stars = StrictInteger(min_value=1)


class Marked(StrictSerializer):
    by = serializers.SerializerMethodField()

    def get_by(self, _: object) -> str:
        return str(self.fields["by"].context["by"])


def refusals(data: Any) -> dict[str, list[str]]:
    question = Question(data=data)
    assert not question.is_valid()
    return {name: [error.code for error in errors] for name, errors in question.errors.items()}


def test_reads_what_is_well_formed() -> None:
    found = read_query(
        "lat=-37.5&count=3&at=2026-05-01T14:00:00%2B09:00&words=a,b&text=%F0%9F%8D%9C"
    )

    assert found == {
        "lat": -37.5,
        "count": 3,
        "at": datetime(2026, 5, 1, 14, tzinfo=timezone(timedelta(hours=9))),
        "words": ["a", "b"],
        "text": "🍜",
    }


def test_a_partial_reader_and_one_with_a_context_have_fields_of_their_own() -> None:
    whole, part = Rating(data={}), Rating(data={}, partial=True)

    assert (whole.is_valid(), part.is_valid()) == (False, True)
    assert not Rating(data={}).is_valid()
    assert [Marked(1, context={"by": by}).data["by"] for by in "ab"] == ["a", "b"]


def test_what_is_absent_stays_absent() -> None:
    assert read_query("") == {}


def test_z_means_utc() -> None:
    assert read_query("at=2026-05-01T14:00:00Z")["at"] == datetime(2026, 5, 1, 14, tzinfo=UTC)


def test_a_list_may_be_sent_name_by_name() -> None:
    assert read_query("words=a&words=b,c")["words"] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("latt=1", "latt", "unknown"),
        ("lat=1&lat=2", "lat", "repeated"),
        ("lat=NaN", "lat", "not_finite"),
        ("lat=-inf", "lat", "not_finite"),
        ("lat=Infinity", "lat", "not_finite"),
        ("lat=1e999", "lat", "not_finite"),
        ("lat=", "lat", "not_a_number"),
        ("lat=1_0", "lat", "not_a_number"),
        ("lat=%EF%BC%91", "lat", "not_a_number"),
        ("lat=0x10", "lat", "not_a_number"),
        ("lat=" + "9" * 5000, "lat", "not_a_number"),
        ("lat=90.1", "lat", "max_value"),
        ("count=3.0", "count", "not_an_integer"),
        ("count=1_0", "count", "not_an_integer"),
        ("count=" + "9" * 5000, "count", "not_an_integer"),
        ("count=0", "count", "min_value"),
        ("at=2026-05-01T14:00:00", "at", "naive_time"),
        ("at=2026-05-01", "at", "not_a_time"),
        ("at=2026-05-01T14:00:00+09:00", "at", "not_a_time"),  # a bare + is a space
        ("at=2026-02-30T14:00:00Z", "at", "not_a_time"),
        ("at=2026-05-01T24:01:00Z", "at", "not_a_time"),
        ("at=0001-01-01T00:00:00%2B09:00", "at", "out_of_bounds"),
        ("at=9999-12-31T23:59:59-09:00", "at", "out_of_bounds"),
        ("text=toolong", "text", "max_length"),
        ("text=a%00b", "text", "null_characters_not_allowed"),
        ("words=a,b,c,d", "words", "max_length"),
        ("is_open=perhaps", "is_open", "invalid"),
    ],
)
def test_refuses_what_is_not(query: str, field: str, code: str) -> None:
    assert refusals(QueryDict(query)) == {field: [code]}


@pytest.mark.parametrize("value", [True, None, [1], {"a": 1}, "NaN"])
def test_a_number_in_a_body_is_a_number(value: object) -> None:
    assert set(refusals({"lat": value, "count": value})) == {"lat", "count"}


@pytest.mark.parametrize(
    ("name", "value", "path", "code"),
    [
        ("lat", "37.5", "lat", "not_a_number"),
        ("count", "3", "count", "not_an_integer"),
        ("count", 3.5, "count", "not_an_integer"),
        ("count", True, "count", "not_an_integer"),
        ("text", 5, "text", "not_a_text"),
        ("text", False, "text", "not_a_text"),
        ("is_open", "true", "is_open", "not_a_boolean"),
        ("is_open", 1, "is_open", "not_a_boolean"),
        ("words", "a,b", "words", "not_a_list"),
        ("words", ["a", 1], "words.1", "not_a_text"),
        ("stars", [1, "2"], "stars.1", "not_an_integer"),
        ("kind", 1, "kind", "not_a_text"),
        ("id", 7, "id", "not_a_text"),
        ("at", 1777600000, "at", "not_a_text"),
        ("by", {"age": "3"}, "by.age", "not_an_integer"),
    ],
)
def test_a_body_spells_nothing_as_another_kind(
    name: str, value: object, path: str, code: str
) -> None:
    question = Question(data={name: value})

    assert not question.is_valid()
    assert [(error.field, error.code) for error in list_field_errors(question.errors)] == [
        (path, code)
    ]


@pytest.mark.parametrize("data", [[], "text", 3, None])
def test_a_body_is_an_object(data: object) -> None:
    assert not Question(data=data).is_valid()


def test_readers_share_nothing_of_what_they_read() -> None:
    first, second = Question(data={"count": 1}), Question(data={"text": "가나다라마바"})

    assert first.is_valid()
    assert not second.is_valid()
    assert first.validated_data == {"count": 1}
    assert first.errors == {}
    assert list(second.errors) == ["text"]


def test_complaints_speak_the_language_of_each_request() -> None:
    details = []
    for language in ("ko-kr", "en", "ko-kr"):
        with override(language):
            question = Question(data={"count": 0, "text": "too long"})
            question.is_valid()
            details.append({name: str(errors[0]) for name, errors in question.errors.items()})

    korean = {
        "count": "이 값이 1보다 크거나 같은지 확인하세요.",
        "text": "이 필드의 글자 수가 5 이하인지 확인하세요.",
    }
    english = {
        "count": "Ensure this value is greater than or equal to 1.",
        "text": "Ensure this field has no more than 5 characters.",
    }
    assert details == [korean, english, korean]


def test_a_number_in_a_body_is_no_text() -> None:
    assert refusals({"lat": "37.5", "count": "3"}) == {
        "lat": ["not_a_number"],
        "count": ["not_an_integer"],
    }


def test_a_whole_number_may_be_written_as_json_writes_any_number() -> None:
    question = Question(data={"count": 3.0})

    question.is_valid(raise_exception=True)

    assert question.validated_data == {"count": 3}
    assert refusals({"count": 3.5}) == {"count": ["not_an_integer"]}
    assert refusals({"count": 1e300}) == {"count": ["not_an_integer"]}


def test_a_text_is_as_long_as_it_was_sent() -> None:
    class Named(StrictSerializer):
        name = StrictText(max_length=5)

    named = Named(data={"name": "동네" + " " * 100_000})

    assert not named.is_valid()
    assert [error.code for error in named.errors["name"]] == ["max_length"]
