import pytest
from django.db import connection

from common.postgis import arrays

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "values",
    [
        [],
        [""],
        ["", "NULL", "null"],
        ['"', "\\", '\\"', "a,b", "{c}", " d ", "탭\t줄\n"],
    ],
)
def test_texts_are_read_as_they_were(values: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text[]", [arrays.texts(values)])

        assert cursor.fetchone() == (values,)


@pytest.mark.parametrize("values", [["a\0"], ["\0"], ["a", "b\0c"], ["", "\0", ""]])
def test_a_text_with_a_nul_is_refused_and_not_taken_for_two(values: list[str]) -> None:
    with pytest.raises(ValueError, match="NUL"):
        arrays.texts(values)


def test_numbers_are_read_as_they_were() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::bigint[]", [arrays.numbers([3, -(1 << 60), 0])])

        assert cursor.fetchone() == ([3, -(1 << 60), 0],)
