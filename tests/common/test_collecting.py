import gc

import pytest

from common.collecting import NEW_OBJECTS, collected_rarely


def fail_inside() -> None:
    with collected_rarely():
        raise ZeroDivisionError


def test_cycles_are_looked_for_rarely_inside() -> None:
    before = gc.get_threshold()

    with collected_rarely():
        inside = gc.get_threshold()

    assert inside == (NEW_OBJECTS, *before[1:])
    assert gc.get_threshold() == before


def test_a_failure_inside_leaves_it_as_it_was() -> None:
    before = gc.get_threshold()

    with pytest.raises(ZeroDivisionError):
        fail_inside()

    assert gc.get_threshold() == before
