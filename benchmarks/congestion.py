"""
Whether a place's own hours are told better by shrinking: `python -m benchmarks.congestion`.

No open data of visits has times, places and enough of both (the check-ins of New York that lie beside the
project have no times), so visits are drawn here. Of each kind 200 places are drawn about the usual hours of the
kind, in three worlds: places much alike, places that differ, and a world that the formula does not assume, where
a third of the places are visited five hours later than the others. Of each place so many visits are seen, and
200 later ones are held out. Judged is the mean surprise of these (bits a visit, above that of who knows the
place's true hours) under four tellers: what is usual by the engine's curves, the kind as it was counted,
the place's own visits alone (one added to each hour, else a new hour would be impossible), and both shrunk together.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from places.services.profiling_visits import profile_kind, shrink, usual_shares
from places.visits.types import HOURS, DayClass, KindCounts, KindProfile, visit_rules

FloatArray = npt.NDArray[np.float64]
Random = np.random.Generator

KINDS: Final = ("cafe", "restaurant", "museum", "park")
PLACES: Final = 200
HELD_OUT: Final = 200
SEEN: Final = (5, 15, 30, 100, 300, 1000)
LATER_H: Final = 5
TELLERS: Final = ("usual", "kind", "own", "shrunk")


@dataclass(frozen=True)
class World:
    """How places of a kind differ: about the hours of the kind, by a strength."""

    name: str
    strength: float
    later: float = 0.0  # the share of places that are visited LATER_H hours later

    def draw(self, shape: FloatArray, random: Random) -> FloatArray:
        """Return the true hours of PLACES places."""
        own = random.dirichlet(self.strength * shape, size=PLACES)
        is_later = random.random(PLACES) < self.later
        own[is_later] = np.roll(own[is_later], LATER_H, axis=1)
        return np.asarray(own)


WORLDS: Final = (
    World("alike", 200.0),
    World("differing", 20.0),
    World("two sorts", 60.0, later=1 / 3),
)


def true_shape(kind: str, random: Random) -> FloatArray:
    """Return the hours of a kind in a city: the usual ones, but for what the city has of its own."""
    usual = np.array(usual_shares(kind, DayClass.WEEKEND))
    bent = usual * np.exp(random.normal(0.0, 0.35, HOURS))
    return np.asarray(bent / bent.sum())


def judge(world: World, seen: int, seed: int) -> Mapping[str, float]:
    """Return the mean surprise beyond the truth's of each teller, over all kinds."""
    random = np.random.default_rng(seed)
    found = [_judge_kind(kind, world, seen, random) for kind in KINDS]
    return {name: float(np.mean([one[name] for one in found])) for name in TELLERS}


def _judge_kind(kind: str, world: World, seen: int, random: Random) -> dict[str, float]:
    truth = world.draw(true_shape(kind, random), random)
    # Places are seen unequally: half of them half as often, the others half as often again.
    visits = np.where(np.arange(PLACES) % 2, seen // 2 + 1, seen + seen // 2)
    counts = np.array([random.multinomial(n, p) for n, p in zip(visits, truth, strict=True)])
    later = np.array([random.multinomial(HELD_OUT, p) for p in truth])
    told = profile_kind(
        counts=KindCounts(
            shares=(counts / visits[:, None]).tolist(), visits=visits.astype(float).tolist()
        ),
        usual=usual_shares(kind, DayClass.WEEKEND),
        rules=visit_rules(),
    )
    tellers = _tellers(kind, told)
    floor = _surprise(later, np.maximum(truth, 1e-12))
    return {
        name: _surprise(later, np.array([tell(own) for own in counts])) - floor
        for name, tell in tellers.items()
    }


def _tellers(kind: str, told: KindProfile) -> Mapping[str, Callable[[Any], Sequence[float]]]:
    usual = usual_shares(kind, DayClass.WEEKEND)
    return {
        "usual": lambda _: usual,
        "kind": lambda _: told.shares,
        "own": lambda own: ((own + 1) / (own.sum() + HOURS)).tolist(),
        "shrunk": lambda own: shrink(
            shares=(own / own.sum()).tolist(), visits=float(own.sum()), kind=told
        ).tolist(),
    }


def _surprise(later: npt.NDArray[np.int64], told: FloatArray) -> float:
    """Return bits a visit."""
    return float(-(later * np.log2(told)).sum() / later.sum())


def table(seeds: Sequence[int]) -> str:
    lines = [
        "| world | visits of a place | " + " | ".join(TELLERS) + " |",
        "| --- " * (2 + len(TELLERS)) + "|",
    ]
    for world in WORLDS:
        for seen in SEEN:
            runs = [judge(world, seen, seed) for seed in seeds]
            cells = [f"{np.mean([run[name] for run in runs]):.3f}" for name in TELLERS]
            lines.append(f"| {world.name} | {seen:,} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    print(table(range(parser.parse_args().seeds)))


if __name__ == "__main__":
    main()
