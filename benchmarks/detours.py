"""
Measure how much longer streets are than the crow's flight: `python -m benchmarks.detours DIR`.

Reads every `.osm.pbf` and `.graphml` in DIR and prints one JSON document. Pairs of points along the
streets are drawn at random, as many from each source and band of crow-fly distance; the way between
them is the shortest one. Two models are fitted to each quantile by linear programming (quantile
regression, Koenker and Bassett 1978): metres = factor · crow-fly, and metres = factor · crow-fly +
offset. Each is tried on the network that it has not seen. Errors are in minutes at the mode's own
speed. What streets do not tell, this does not know: hills, lights, traffic, timetables.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, eye_array, hstack
from scipy.sparse.csgraph import dijkstra

from benchmarks.streets import Network, metres_between, read_networks, to_array
from engine.catalogue import MODES
from engine.travel import FloatArray
from engine.types import Mode

BANDS: Final = ((150, 500), (500, 1_000), (1_000, 2_000), (2_000, 4_000))
SOURCES: Final = 200
TARGETS: Final = 5  # of each source in each band
QUANTILES: Final = (0.5, 0.7, 0.8, 0.9)
LEGS: Final = 4  # of a plan
PLANS: Final = 10_000
LATE_MIN: Final = 5.0
SEED: Final = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Pairs of points of one network: metres by the crow's flight and by the streets."""

    place: str
    mode: Mode
    crow: FloatArray
    way: FloatArray

    def between(self, low: float, high: float) -> Pairs:
        """Return the pairs whose crow-fly distance lies in [low, high)."""
        kept = (self.crow >= low) & (self.crow < high)
        return Pairs(place=self.place, mode=self.mode, crow=self.crow[kept], way=self.way[kept])


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Estimates the way: metres = factor · crow-fly + offset."""

    factor: float
    offset_m: float

    def estimate(self, crow: FloatArray, /) -> FloatArray:
        return self.factor * crow + self.offset_m


def draw_pairs(*, network: Network, seed: int = SEED) -> Pairs:
    """Draw pairs of every band from each of SOURCES points; a short network lacks the long ones."""
    draw = np.random.default_rng(seed)
    doors = np.array([index for index, _ in network.doors])
    stops = [stop for _, stop in network.doors]
    places = to_array(stops)
    corners = to_array([network.points[index] for index in doors])
    snaps = metres_between(one=places, other=corners)
    crow: list[FloatArray] = []
    way: list[FloatArray] = []
    for source in draw.choice(doors.size, min(SOURCES, doors.size), replace=False):
        apart = metres_between(one=places[[source]], other=places)
        streets = dijkstra(network.metres, indices=doors[source])[doors] + snaps + snaps[source]
        for low, high in BANDS:
            near = np.flatnonzero((apart >= low) & (apart < high))
            chosen = draw.choice(near, min(TARGETS, near.size), replace=False)
            crow.append(apart[chosen])
            way.append(streets[chosen])
    return Pairs(
        place=network.place,
        mode=network.mode,
        crow=np.concatenate(crow),
        way=np.concatenate(way),
    )


def fit(*, pairs: Sequence[Pairs], quantile: float, has_offset: bool) -> Model:
    """Return the model under which `quantile` of the ways stay; every network counts alike."""
    crow = np.concatenate([p.crow for p in pairs])
    way = np.concatenate([p.way for p in pairs])
    weight = np.concatenate([np.full(p.crow.size, 1 / p.crow.size) for p in pairs])
    columns = [crow, np.ones_like(crow)] if has_offset else [crow]
    known = csr_matrix(np.column_stack(columns))
    free, size = len(columns), crow.size
    # way = known · model + above − below, with the price of each side by the quantile.
    solved = linprog(
        c=np.concatenate([np.zeros(free), weight * quantile, weight * (1 - quantile)]),
        A_eq=hstack([known, eye_array(size), -eye_array(size)], format="csr"),
        b_eq=way,
        bounds=[(0, None)] * (free + 2 * size),
    )
    values = solved.x[:free]
    return Model(factor=float(values[0]), offset_m=float(values[1]) if has_offset else 0.0)


def describe_bands(*, pairs: Pairs) -> list[dict[str, Any]]:
    """Return the quantiles of street length over crow-fly distance, band by band."""
    rows = []
    for low, high in BANDS:
        band = pairs.between(low, high)
        if band.crow.size < TARGETS * 10:
            continue
        p10, p50, p90 = np.quantile(band.way / band.crow, (0.1, 0.5, 0.9))
        rows.append(
            {"low_m": low, "high_m": high, "pairs": band.crow.size}
            | {"p10": round(p10, 3), "p50": round(p50, 3), "p90": round(p90, 3)}
        )
    return rows


def judge(*, model: Model, pairs: Pairs, speed_m_per_min: float) -> dict[str, float]:
    """
    Return the errors of `model` in minutes, and how many ways and plans outlast their estimates.

    `late_plans` is the share of plans of LEGS drawn legs that take over LATE_MIN longer than told.
    """
    error = (pairs.way - model.estimate(pairs.crow)) / speed_m_per_min
    draw = np.random.default_rng(SEED)
    plans = error[draw.integers(0, error.size, (PLANS, LEGS))].sum(axis=1)
    p10, p50, p90 = np.quantile(error, (0.1, 0.5, 0.9))
    return {
        "mean_abs_min": round(float(np.abs(error).mean()), 2),
        "p10_min": round(float(p10), 2),
        "p50_min": round(float(p50), 2),
        "p90_min": round(float(p90), 2),
        "covered": round(float((error <= 0).mean()), 3),
        "late_plans": round(float((plans > LATE_MIN).mean()), 3),
    }


def measure(*, folder: Path) -> dict[str, Any]:
    """Return the document to print."""
    files = sorted(p for p in folder.iterdir() if p.name.endswith((".osm.pbf", ".graphml")))
    drawn = [draw_pairs(network=network) for file in files for network in read_networks(path=file)]
    return {
        "networks": [
            {"place": pairs.place, "mode": pairs.mode.value, "bands": describe_bands(pairs=pairs)}
            for pairs in drawn
        ],
        "models": [
            row
            for mode in dict.fromkeys(pairs.mode for pairs in drawn)
            for row in _models(mode, [pairs for pairs in drawn if pairs.mode is mode])
        ],
    }


def _models(mode: Mode, drawn: Sequence[Pairs]) -> list[dict[str, Any]]:
    """Fit each model within the legs that the mode makes, on all networks and without each."""
    profile = MODES[mode]
    drawn = [pairs.between(profile.walk_below_m, profile.leg_high_m) for pairs in drawn]
    rows = []
    for quantile in QUANTILES:
        for has_offset in (False, True):
            model = fit(pairs=drawn, quantile=quantile, has_offset=has_offset)
            rows.append(
                {
                    "mode": mode.value,
                    "quantile": quantile,
                    "factor": round(model.factor, 3),
                    "offset_m": round(model.offset_m, 1),
                    "seen": _judge_all(model, drawn),
                    "unseen": _held_out(drawn, quantile, has_offset=has_offset),
                }
            )
    return rows


def _held_out(drawn: Sequence[Pairs], quantile: float, *, has_offset: bool) -> dict[str, Any]:
    """Judge on each network the model of the others."""
    judged: dict[str, Any] = {}
    for left_out in drawn:
        others = [pairs for pairs in drawn if pairs is not left_out]
        if others:
            model = fit(pairs=others, quantile=quantile, has_offset=has_offset)
            judged |= _judge_all(model, [left_out])
    return judged


def _judge_all(model: Model, drawn: Sequence[Pairs]) -> dict[str, Any]:
    return {
        pairs.place: judge(
            model=model, pairs=pairs, speed_m_per_min=MODES[pairs.mode].speed_m_per_min
        )
        for pairs in drawn
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.strip().splitlines()[0])
    parser.add_argument("folder", type=Path)
    print(json.dumps(measure(folder=parser.parse_args().folder)))


if __name__ == "__main__":
    main()
