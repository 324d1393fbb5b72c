"""
Measure what is learned from real tours, by the protocol of Chen, Ong and Xie (CIKM 2016).

`python -m benchmarks.tours DIR` leaves out each tour of three stops or more in turn, learns from
all the others (those of one or two stops included) and recommends a tour with the first and last
stop and the length of the one left out. A tour is what one trajID visited, by startTime. Passed
over, as in the paper's own code, is a tour with an end that no other tour visits. F1 is over all
stops, the two ends included; pairs-F1 over all ordered pairs of them. PoiPopularity fills the tour
up with the places of the most visitors, in that order.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from engine.learning.routing import recommend_tour
from engine.learning.touring import SHORTEST, Ground, TourScorer
from engine.learning.tours import Tour, TourCounts
from engine.planner.solving import warm
from engine.types import Point


class MalformedTours(ValueError):
    """The files are not a pair of places and trajectories."""


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """The places of one city and the tours among them; `ids[i]` is the file's id of place i."""

    name: str
    ids: tuple[int, ...]
    positions: tuple[Point, ...]
    tours: tuple[Tour, ...]

    def count(self) -> TourCounts:
        """Count all the tours."""
        visitors = max((tour.visitor for tour in self.tours), default=-1) + 1
        return TourCounts.of(tours=self.tours, places=len(self.ids), visitors=visitors)


def read_city(*, folder: Path, name: str) -> City:
    """
    Read poi-NAME.csv and traj-NAME.csv, by the names of the columns.

    Raises:
        MalformedTours: a column or a place is missing, or a value is no number.
    """
    try:
        places = {
            int(row["poiID"]): Point(float(row["poiLat"]), float(row["poiLon"]))
            for row in _rows(folder / f"poi-{name}.csv")
        }
        ids = tuple(sorted(places))
        tours = _read_tours(folder / f"traj-{name}.csv", ids)
    except (KeyError, TypeError, ValueError) as error:
        raise MalformedTours(f"{name}: {error}") from error
    return City(name=name, ids=ids, positions=tuple(places[i] for i in ids), tours=tours)


def _read_tours(path: Path, ids: Sequence[int]) -> tuple[Tour, ...]:
    index = {number: i for i, number in enumerate(ids)}
    visits: dict[int, list[tuple[int, int]]] = defaultdict(list)
    visitors: dict[str, int] = {}
    of: dict[int, int] = {}
    for row in _rows(path):
        number = int(row["trajID"])
        visits[number].append((int(row["startTime"]), index[int(row["poiID"])]))
        of[number] = visitors.setdefault(row["userID"], len(visitors))
    tours = []
    for number, stops in sorted(visits.items()):
        stops.sort(key=lambda visit: visit[0])  # stable: lines of one second stay as they stand
        # A place seen twice counts where it was first seen: the measures know no loops.
        order = tuple(dict.fromkeys(place for _, place in stops))
        tours.append(Tour(visitor=of[number], stops=order))
    return tuple(tours)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def f1(*, made: Sequence[int], recommended: Sequence[int]) -> float:
    """Return the F1 of the stops, ends included."""
    return 2 * len(set(made) & set(recommended)) / (len(made) + len(recommended))


def pairs_f1(*, made: Sequence[int], recommended: Sequence[int]) -> float:
    """Return the F1 of the ordered pairs of stops, ends included."""
    true = set(combinations(made, 2))
    claimed = set(combinations(recommended, 2))
    return 2 * len(true & claimed) / (len(true) + len(claimed))


def recommend_popular(*, counts: TourCounts, tour: Tour) -> tuple[int, ...]:
    """Return the two ends of `tour` with the most visited places between, as many as it has."""
    visitors = (counts.tours > 0).sum(axis=1)
    ranked = np.argsort(-visitors, kind="stable")
    ends = {tour.stops[0], tour.stops[-1]}
    between = [int(place) for place in ranked if place not in ends][: len(tour.stops) - 2]
    return (tour.stops[0], *between, tour.stops[-1])


def recommend_left_out(
    *, city: City, ground: Ground, counts: TourCounts, left_out: int
) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """
    Return the learned and the popular tour for the query of tour number `left_out`.

    None when another tour visits not both of its ends. Everything is learned from the other tours.
    """
    tour = city.tours[left_out]
    others = counts.without(tour=tour)
    first, last = tour.stops[0], tour.stops[-1]
    if not (others.tours[first].any() and others.tours[last].any()):
        return None
    rest = city.tours[:left_out] + city.tours[left_out + 1 :]
    scorer = TourScorer.fit(ground=ground, counts=others, tours=rest)
    learned = recommend_tour(scorer=scorer, first=first, last=last, length=len(tour.stops))
    return learned, recommend_popular(counts=others, tour=tour)


def measure_city(*, city: City) -> dict[str, Any]:
    """Leave out every tour in turn and return the city's part of the document."""
    counts, ground = city.count(), Ground.of(positions=city.positions)
    scores: list[tuple[float, float, float, float]] = []
    routes: list[dict[str, Any]] = []
    for number, tour in enumerate(city.tours):
        if len(tour.stops) < SHORTEST:
            continue
        found = recommend_left_out(city=city, ground=ground, counts=counts, left_out=number)
        if found is None:
            continue
        learned, popular = found
        scores.append(
            (
                f1(made=tour.stops, recommended=learned),
                pairs_f1(made=tour.stops, recommended=learned),
                f1(made=tour.stops, recommended=popular),
                pairs_f1(made=tour.stops, recommended=popular),
            )
        )
        route = [city.ids[place] for place in learned]
        routes.append({"start": route[0], "end": route[-1], "length": len(route), "route": route})
    means = np.array(scores).reshape(-1, 4).mean(axis=0) if scores else np.full(4, np.nan)
    names = ("f1", "pairs_f1", "popularity_f1", "popularity_pairs_f1")
    figures = {name: round(float(mean), 6) for name, mean in zip(names, means, strict=True)}
    return {"city": city.name, "queries": len(scores), **figures, "routes": routes}


def measure(*, folder: Path) -> dict[str, Any]:
    """
    Measure every pair of poi-NAME.csv and traj-NAME.csv in `folder`.

    Raises:
        MalformedTours: a pair is malformed, or there is none.
    """
    names = sorted(
        path.stem.removeprefix("poi-")
        for path in folder.glob("poi-*.csv")
        if (folder / path.name.replace("poi-", "traj-", 1)).is_file()
    )
    if not names:
        raise MalformedTours(f"{folder} holds no pair of poi-NAME.csv and traj-NAME.csv")
    warm()
    cities = [measure_city(city=read_city(folder=folder, name=name)) for name in names]
    return {"cities": cities}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.strip().splitlines()[0])
    parser.add_argument("folder", type=Path)
    print(json.dumps(measure(folder=parser.parse_args().folder)))


if __name__ == "__main__":
    main()
