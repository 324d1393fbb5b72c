from dataclasses import dataclass

import pytest

from common.registries import Registry


@dataclass(frozen=True)
class Part:
    name: str
    value: int = 0


def test_keeps_the_order_and_takes_the_same_entry_twice() -> None:
    registry: Registry[Part] = Registry()

    for part in (Part("b"), Part("a"), Part("b")):
        registry.add(part)

    assert list(registry) == [Part("b"), Part("a")]


def test_refuses_two_of_one_name() -> None:
    registry: Registry[Part] = Registry()
    registry.add(Part("a"))

    with pytest.raises(ValueError, match="twice"):
        registry.add(Part("a", value=1))

    assert list(registry) == [Part("a")]
