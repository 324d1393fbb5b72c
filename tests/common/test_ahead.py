from collections.abc import Iterator
from threading import Event, get_ident

import pytest

from common.ahead import made_ahead


@pytest.mark.parametrize("items", [[], ["one"], ["one", None, (), 0, "five"]])
def test_the_items_come_whole_and_in_order(items: list[object]) -> None:
    assert list(made_ahead(items)) == items


def test_the_next_is_made_while_the_last_is_used() -> None:
    begun = Event()

    def items() -> Iterator[int]:
        yield 1
        begun.set()
        yield 2

    using = made_ahead(items())

    assert next(using) == 1
    assert begun.wait(timeout=10)
    assert list(using) == [2]


def test_no_more_than_the_next_is_made_ahead() -> None:
    made: list[int] = []

    def items() -> Iterator[int]:
        for n in range(5):
            made.append(n)
            yield n

    using = made_ahead(items())
    next(using)
    using.close()  # type: ignore[attr-defined]  # it is a generator

    assert made == [0, 1]


def test_what_making_raises_comes_where_the_item_would_have() -> None:
    def items() -> Iterator[int]:
        yield get_ident()
        raise ValueError("the second")

    using = made_ahead(items())

    assert next(using) != get_ident()
    with pytest.raises(ValueError, match="the second"):
        next(using)
