"""
Write instances like the published ones with longer routes, which the shared folder does not hold.

`python -m benchmarks.lookalikes DIR OUT` reads c101, r101, rc101 and pr01 to pr10 of DIR and writes into
OUT/optw and OUT/mctopmtw what `benchmarks.optw` reads, with the best prizes that any of our own searches
found (benchmarks/data/lookalikes.json) as `published.csv`. Points, stays and prizes are those of DIR,
windows are drawn anew, always the same. As far as the papers say it, they are drawn as theirs:

- Solomon, Operations Research 35 (1987) 254-265, type 2: horizons of 3390, 1000 and 960, so that a route
  has 20 to 50 stops; windows for all vertices, three, two or one in four, and wider ones.
- Cordeau, Laporte and Mercier, JORS 52 (2001) 928-936, the second ten: windows of 180 to 360 minutes
  instead of 90 to 180.
- Souffriau, Vansteenwegen, Vanden Berghe and Van Oudheusden, Transportation Science 47 (2013) 53-63: four
  windows in a row, fees, and types, such that a good route for the plain instance stays feasible.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.optw import TYPES, Instance, Vertex, read_optw

REFERENCES: Final = Path(__file__).parent / "data" / "lookalikes.json"
FEE_HIGH: Final = 100
TYPE_SHARE: Final = 0.2
ROUTES: Final = 3  # that the clusters of c are swept by, each begun a third of the points later
WIDE: Final = (180, 361)  # minutes of a window of Cordeau's second ten, half open
EARLY: Final = (60, 301)  # when it opens


@dataclass(frozen=True, slots=True)
class Series:
    """One of Solomon's series of type 2: widths of windows, and the share of vertices that have one."""

    source: str
    horizon: int
    kinds: tuple[tuple[int, float], ...]


SERIES: Final[Mapping[str, Series]] = {
    "c2": Series(
        "c101",
        3390,
        ((160, 1.0), (160, 0.75), (160, 0.5), (160, 0.25), (320, 1.0), (486, 1.0), (612, 1.0), (640, 1.0)),
    ),
    "r2": Series(
        "r101",
        1000,
        (
            (116, 1.0), (116, 0.75), (116, 0.5), (116, 0.25), (240, 1.0), (240, 0.75), (240, 0.5),
            (240, 0.25), (350, 1.0), (383, 1.0), (472, 1.0),
        ),
    ),
    "rc2": Series(
        "rc101",
        960,
        ((120, 1.0), (120, 0.75), (120, 0.5), (120, 0.25), (223, 1.0), (240, 1.0), (350, 1.0), (472, 1.0)),
    ),
}  # fmt: skip


def like_solomon(*, folder: Path) -> Iterator[Instance]:
    """Yield instances like Solomon's of type 2: c201x to c208x, r201x to r211x, rc201x to rc208x."""
    for number, (name, series) in enumerate(SERIES.items()):
        source = read_optw(path=folder / f"{series.source}.txt")
        start = replace(source.start, windows=((Decimal(0), Decimal(series.horizon)),))
        for k, (width, share) in enumerate(series.kinds, start=1):
            # The width and the share of one instance are all in which it differs from its neighbours.
            rng = np.random.default_rng([number, width])
            centres = _centres(source, series, rng)
            has_window = np.random.default_rng([number, width, 1]).random(centres.size) < share
            widths = np.clip(rng.normal(width, width / 5, centres.size), 10, None).astype(int)
            vertices = []
            for vertex, centre, wide, is_bound in zip(
                source.vertices, centres, widths, has_window, strict=True
            ):
                last = series.horizon - _way(vertex, start) - int(vertex.stay)
                low = max(_way(vertex, start), int(centre) - int(wide) // 2)
                high = min(last, max(low, int(centre) + int(wide) // 2))
                window = (min(low, high), high) if is_bound else (0, last)
                vertices.append(_with_window(vertex, window))
            yield replace(source, name=f"{name}{k:02}x", start=start, vertices=tuple(vertices))


def like_cordeau(*, folder: Path) -> Iterator[Instance]:
    """Yield pr11x to pr20x: the points of pr01 to pr10 with windows twice as wide."""
    for number in range(1, 11):
        source = read_optw(path=folder / f"pr{number:02}.txt")
        rng = np.random.default_rng([10, number])
        opens = rng.integers(*EARLY, len(source.vertices))
        closes = opens + rng.integers(*WIDE, len(source.vertices))
        vertices = tuple(
            _with_window(vertex, (int(low), int(high)))
            for vertex, low, high in zip(source.vertices, opens, closes, strict=True)
        )
        yield replace(source, name=f"pr{number + 10}x", vertices=vertices)


def with_types(*, instance: Instance, route: Sequence[int]) -> Instance:
    """
    Return the instance with fees, types and four windows a vertex, of which one tour has two.

    `route` names vertices by their numbers; it stays feasible, with no fee or type to spare.
    """
    rng = np.random.default_rng([20, *(ord(letter) for letter in instance.name)])
    begins = _begins(instance, route)
    vertices, used = [], []
    for vertex in instance.vertices:
        low, high = vertex.windows[0]
        bounds = [(low + (high - low) * k / 4).quantize(Decimal("0.1")) for k in range(5)]
        first = int(rng.integers(2))
        if vertex.number in begins:
            begin = begins[vertex.number]
            piece = next(k for k in range(4) if begin <= bounds[k + 1])
            first = piece % 2
        types = tuple(bool(mark) for mark in rng.random(TYPES) < TYPE_SHARE)
        fee = int(rng.integers(1, FEE_HIGH))
        windows = tuple((bounds[k], bounds[k + 1]) for k in (first, first + 2))
        vertices.append(
            replace(vertex, number=vertex.number + 1, windows=windows, fee=fee, types=types)
        )
        if vertex.number in begins:
            used.append(vertices[-1])
    return replace(
        instance,
        name=f"MCTOPMTW-1-{instance.name}",
        vertices=tuple(vertices),
        fee_budget=sum(vertex.fee for vertex in used),
        type_limits=tuple(sum(vertex.types[z] for vertex in used) for z in range(TYPES)),
    )


def write(*, instance: Instance, folder: Path) -> None:
    """Write the instance in its format: with types, if it has limits on them."""
    folder.mkdir(parents=True, exist_ok=True)
    text = _mctopmtw_text(instance) if instance.type_limits else _optw_text(instance)
    (folder / f"{instance.name}.txt").write_text(text, encoding="utf-8")


def _centres(source: Instance, series: Series, rng: np.random.Generator) -> Any:
    """Return about when each vertex is visited: anywhere, or for c as long routes come by."""
    count = len(source.vertices)
    first = np.array([_way(vertex, source.start) for vertex in source.vertices])
    stay = int(source.vertices[0].stay)
    if series.source != "c101":
        return rng.uniform(first, series.horizon - first - stay)
    points = np.array([(float(vertex.x), float(vertex.y)) for vertex in source.vertices])
    centre = np.array([float(source.start.x), float(source.start.y)])
    angles = np.arctan2(*(points - centre).T)
    order, centres = np.argsort(angles), np.zeros(count)
    each = -(-count // ROUTES)
    for k, vertex in enumerate(order):
        centres[vertex] = first[vertex] + (k % each) * series.horizon * 0.95 / each
    return np.clip(centres, first, series.horizon - first - stay)


def _way(vertex: Vertex, start: Vertex) -> int:
    """Return the whole minutes to the start, rounded up."""
    return int(((vertex.x - start.x) ** 2 + (vertex.y - start.y) ** 2).sqrt()) + 1


def _with_window(vertex: Vertex, window: tuple[int, int]) -> Vertex:
    return replace(vertex, windows=((Decimal(window[0]), Decimal(window[1])),))


def _optw_text(instance: Instance) -> str:
    lines = [f"1 1 {len(instance.vertices)} 1", "0 0"]
    for vertex in (instance.start, *instance.vertices):
        low, high = vertex.windows[0]
        lines.append(
            f"{vertex.number} {vertex.x} {vertex.y} {vertex.stay} {vertex.prize} 0 0 0 {low} {high}"
        )
    return "\n".join([*lines, ""])


def _begins(instance: Instance, route: Sequence[int]) -> dict[int, Decimal]:
    """Return when the stay at each vertex of a route begins, by its number."""
    by_number = {vertex.number: vertex for vertex in instance.vertices}
    unit = Decimal("0.01") if instance.name.startswith("pr") else Decimal("0.1")
    begins: dict[int, Decimal] = {}
    before, time = instance.start, Decimal(0)
    for number in route:
        here = by_number[number]
        way = ((before.x - here.x) ** 2 + (before.y - here.y) ** 2).sqrt() // unit * unit
        begins[number] = max(time + before.stay + way, here.windows[0][0])
        before, time = here, begins[number]
    return begins


def _mctopmtw_text(instance: Instance) -> str:
    start = instance.start
    low, high = start.windows[0]
    lines = [
        " ".join(
            str(n) for n in (1, len(instance.vertices), instance.fee_budget, *instance.type_limits)
        ),
        f"0 {start.x} {start.y} {start.stay} {start.prize} {low} {high}",
    ]
    for vertex in instance.vertices:
        (a, b), (c, d) = vertex.windows
        types = " ".join(str(int(mark)) for mark in vertex.types)
        place = f"{vertex.number} {vertex.x} {vertex.y} {vertex.stay} {vertex.prize}"
        lines.append(f"{place} {a} {b} {c} {d} {d} 1 {vertex.fee} {types}")
    return "\n".join([*lines, ""])


def write_all(*, folder: Path, out: Path, references: Mapping[str, Any]) -> None:
    """Write every instance, those with types where a route of the plain one is known."""
    made = [*like_solomon(folder=folder), *like_cordeau(folder=folder)]
    known = [read_optw(path=folder / f"pr{number:02}.txt") for number in range(1, 11)]
    for instance in made:
        write(instance=instance, folder=out / "optw")
    typed = [
        with_types(instance=instance, route=references[instance.name]["route"])
        for instance in (*known, *made)
        if instance.name in references
    ]
    for instance in typed:
        write(instance=instance, folder=out / "mctopmtw")
    for kind, heading, instances in (("optw", "BKS", made), ("mctopmtw", "best_known", typed)):
        (out / kind).mkdir(parents=True, exist_ok=True)
        with (out / kind / "published.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["instance", heading])
            for instance in instances:
                short = instance.name.rsplit("-", maxsplit=1)[-1]
                if short in references:
                    rows.writerow([short, references[short]["prize"]])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.strip().splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    references = json.loads(REFERENCES.read_text()) if REFERENCES.is_file() else {}
    write_all(folder=arguments.folder, out=arguments.out, references=references)


if __name__ == "__main__":
    main()
