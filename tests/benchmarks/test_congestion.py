"""What is shrunk tells held-out visits no worse than what it is made of, also in a world it does not assume."""

import pytest

from benchmarks.congestion import WORLDS, World, judge


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
def test_shrinking_beats_the_kind_the_place_alone_and_the_usual(world: World) -> None:
    surprise = dict(judge(world, 30, seed=1))

    shrunk = surprise.pop("shrunk")
    assert shrunk < min(surprise.values())
