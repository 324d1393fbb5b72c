"""
Measure the planner on the orienteering problem with time windows, one tour.

`python -m benchmarks.optw DIR [--iterations N] [--format optw|mctopmtw]` solves every instance in DIR
and prints one JSON document. Both formats: Euclidean distances rounded down to one decimal, to
two for the instances of Cordeau (pr…); a window bounds the *begin* of a stay, and the tour is back
at its start by the start's closing time. In mctopmtw, which has several windows a day, an entrance
fee budget and limits on types, the one tour uses windows 1 and 3 of a vertex with E = 1, else 2
and 4; files for several tours are named on stderr and passed over. All is reckoned in the smallest
decimal of the file, in whole numbers, so that feasibility is judged as published: to the last digit.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import isqrt
from pathlib import Path
from typing import Any, Final

import numpy as np

from engine.planner.problem import Problem
from engine.planner.solving import Limits, solve, warm

ITERATIONS: Final = 3_600
FORMATS: Final = ("optw", "mctopmtw")
TYPES: Final = 10
MCTOPMTW_WIDTH: Final = 12 + TYPES


class MalformedInstance(ValueError):
    """The file is not an instance of the format."""


class SeveralTours(ValueError):
    """The instance asks for more tours than the one that is planned here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vertex:
    """One vertex of a file, in its own numbers."""

    number: int
    x: Decimal
    y: Decimal
    stay: Decimal
    prize: Decimal
    windows: tuple[tuple[Decimal, Decimal], ...]  # earliest and latest begin
    fee: int = 0
    types: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One file; `vertices` without the start."""

    name: str
    start: Vertex
    vertices: tuple[Vertex, ...]
    fee_budget: int = 0
    type_limits: tuple[int, ...] = ()


def read_optw(*, path: Path) -> Instance:
    """
    Read an instance in the format of Solomon and Cordeau.

    Raises:
        MalformedInstance: the file is something else.
    """
    rows = _rows(path)
    if len(rows) < 3 or len(rows[0]) != 4 or len(rows[1]) != 2:
        raise MalformedInstance(f"{path.name} does not begin as an optw file does")
    vertices = [_optw_vertex(row, path) for row in rows[2:]]
    return Instance(name=path.stem, start=vertices[0], vertices=tuple(vertices[1:]))


def read_mctopmtw(*, path: Path) -> Instance:
    """
    Read an instance with a fee budget, type limits and four windows a vertex.

    Raises:
        MalformedInstance: the file is something else.
        SeveralTours: it is for more than one tour.
    """
    rows = _rows(path)
    if len(rows) < 2 or len(rows[0]) != 3 + TYPES or len(rows[1]) != 7:
        raise MalformedInstance(f"{path.name} does not begin as a mctopmtw file does")
    if rows[0][0] != 1:
        raise SeveralTours(f"{path.name} is for {rows[0][0]} tours; one is planned here")
    number, x, y, stay, prize, opens, closes = rows[1]
    start = Vertex(number=int(number), x=x, y=y, stay=stay, prize=prize, windows=((opens, closes),))
    return Instance(
        name=path.stem,
        start=start,
        vertices=tuple(_mctopmtw_vertex(row, path) for row in rows[2:]),
        fee_budget=int(rows[0][2]),
        type_limits=tuple(int(limit) for limit in rows[0][3:]),
    )


def to_problem(*, instance: Instance) -> tuple[Problem, int]:
    """Return the problem in whole units of the smallest decimal, and how many make one of time."""
    vertices, start = instance.vertices, instance.start
    places = 2 if instance.name.rsplit("-", maxsplit=1)[-1].startswith("pr") else 1
    unit = 10 ** max(places, _decimals(instance))
    n = len(vertices)
    points = [*vertices, start, start]
    travel = np.array([[_distance(a, b, places) for b in points] for a in points], dtype=float)
    travel *= unit // 10**places
    windows = max(len(vertex.windows) for vertex in vertices)
    opens = np.full((n, windows), np.inf)
    latest = np.full((n, windows), np.inf)
    for i, vertex in enumerate(vertices):
        for k, (low, high) in enumerate(vertex.windows):
            opens[i, k], latest[i, k] = low * unit, high * unit
    problem = Problem(
        travel_min=travel,
        stay_min=np.array([float(vertex.stay * unit) for vertex in vertices]),
        score=np.array([[float(vertex.prize)] for vertex in vertices]),
        bucket_min=1.0,
        window_opens=opens,
        window_last_entry=latest,
        window_closes=np.full((n, windows), np.inf),
        time_budget_min=float(start.windows[0][1] * unit),
        cost=np.array([vertex.fee for vertex in vertices]),
        cost_budget=instance.fee_budget,
        group_member=np.array([vertex.types for vertex in vertices], dtype=np.bool_).reshape(
            n, len(instance.type_limits)
        ),
        group_at_most=np.array(instance.type_limits, dtype=np.int64),
        group_at_least=np.zeros(len(instance.type_limits), dtype=np.int64),
        window_group=np.full((n, windows), -1),
        minority=np.zeros(n, dtype=np.bool_),
        required=np.zeros(n, dtype=np.bool_),
        repetition=np.full(n, -1),
        max_stops=n,
    )
    return problem, unit


def measure(*, folder: Path, limits: Limits, form: str) -> dict[str, Any]:
    """Solve every instance of `folder` and return the document to print."""
    read = read_optw if form == "optw" else read_mctopmtw
    warm()
    results: list[dict[str, Any]] = []
    prizes: dict[str, float] = {}
    for path in sorted(folder.iterdir()):
        try:
            instance = read(path=path)
        except (MalformedInstance, UnicodeDecodeError, IsADirectoryError):
            continue  # descriptions and results stand beside the instances
        except SeveralTours as error:
            print(f"Passed over: {error}.", file=sys.stderr)
            continue
        problem, _ = to_problem(instance=instance)
        began = time.perf_counter()
        solution = solve(problem=problem, seed=0, limits=limits)
        seconds = time.perf_counter() - began
        route = [instance.vertices[i].number for i in solution.route or ()]
        prizes[instance.name] = solution.value
        results.append(
            {
                "name": instance.name,
                "prize": solution.value,
                "route": route,
                "seconds": round(seconds, 6),
            }
        )
    return {"instances": results} | _gaps(folder / "published.csv", prizes, results)


def _gaps(
    published: Path, prizes: Mapping[str, float], results: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the mean gaps to the best known by family, in percent, and the mean seconds."""
    if not published.is_file() or not prizes:
        return {}
    with published.open(encoding="utf-8", newline="") as file:
        best = {
            row["instance"].removesuffix(".txt"): float(row.get("BKS") or row["best_known"])
            for row in csv.DictReader(file)
        }
    gaps: dict[str, list[float]] = {}
    for name, prize in prizes.items():
        short = name.rsplit("-", maxsplit=1)[-1]
        if best.get(short):
            family = "cordeau" if short.startswith("pr") else "solomon"
            gaps.setdefault(family, []).append(100 * (1 - prize / best[short]))
    seconds = [result["seconds"] for result in results]
    return {
        "mean_gap_percent": {family: round(float(np.mean(gap)), 4) for family, gap in gaps.items()},
        "mean_seconds": round(float(np.mean(seconds)), 4),
    }


def _rows(path: Path) -> list[list[Decimal]]:
    """Return the numbers of the file by line, leaving empty lines out."""
    rows: list[list[Decimal]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            row = [Decimal(word) for word in line.split()]
        except ArithmeticError:
            raise MalformedInstance(f"{path.name} holds more than numbers") from None
        if row:
            rows.append(row)
    return rows


def _optw_vertex(row: Sequence[Decimal], path: Path) -> Vertex:
    if len(row) < 8:
        raise MalformedInstance(f"{path.name} has a vertex of {len(row)} numbers")
    return Vertex(
        number=int(row[0]),
        x=row[1],
        y=row[2],
        stay=row[3],
        prize=row[4],
        windows=((row[-2], row[-1]),),
    )


def _mctopmtw_vertex(row: Sequence[Decimal], path: Path) -> Vertex:
    if len(row) != MCTOPMTW_WIDTH:
        raise MalformedInstance(f"{path.name} has a vertex of {len(row)} numbers")
    bounds = row[5:10]
    used = (0, 2) if row[10] == 1 else (1, 3)
    return Vertex(
        number=int(row[0]),
        x=row[1],
        y=row[2],
        stay=row[3],
        prize=row[4],
        windows=tuple((bounds[k], bounds[k + 1]) for k in used),
        fee=int(row[11]),
        types=tuple(bool(mark) for mark in row[12:]),
    )


def _decimals(instance: Instance) -> int:
    """Return the most decimals of any time in the file."""
    times = list(instance.start.windows[0])
    for vertex in instance.vertices:
        times.append(vertex.stay)
        times.extend(bound for window in vertex.windows for bound in window)
    return max(-int(value.normalize().as_tuple().exponent) for value in times)


def _distance(a: Vertex, b: Vertex, places: int) -> int:
    """Return the distance rounded down to `places` decimals, in units of the last of them."""
    x, y = a.x - b.x, a.y - b.y
    return isqrt(int((x * x + y * y) * 100**places))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.strip().splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--iterations", type=int, default=ITERATIONS)
    parser.add_argument("--format", choices=FORMATS, default="optw")
    arguments = parser.parse_args()
    limits = Limits(iterations=arguments.iterations)
    print(json.dumps(measure(folder=arguments.folder, limits=limits, form=arguments.format)))


if __name__ == "__main__":
    main()
