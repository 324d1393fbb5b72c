"""
Measure how well the last visit of a session is predicted.

`python -m benchmarks.next_place FILE` reads poi_coords, train_sessions and test_sessions. For every
test session of two visits or more, in file order, the last visit is predicted from the visitor's
train sessions and the earlier visits of that session only. HR@10 is the share of queries whose
answer is among the ten, NDCG@10 the mean of 1 / log2(rank + 1) of those. Some files hold test
sessions that are among the visitor's train sessions word for word; `repeated` tells their share and
the figures of the others beside.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path
from typing import Any, Final

from engine.learning.crowd import Session
from engine.learning.next_place import NextPlaces
from engine.types import Point

SIZE: Final = 10


class MalformedCheckins(ValueError):
    """The file does not hold check-in sessions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkins:
    """Places, the train sessions of each visitor, and the test sessions in file order."""

    ids: tuple[int, ...]  # of the places, as the file has them
    positions: tuple[Point, ...]
    histories: tuple[tuple[Session, ...], ...]
    tests: tuple[tuple[int, Session], ...]  # visitor and session, of two visits or more


def read_checkins(*, path: Path) -> Checkins:
    """
    Read a file of check-in sessions.

    Raises:
        MalformedCheckins: a part is missing, or a session names a place that there is not.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        ids = tuple(sorted(int(number) for number in data["poi_coords"]))
        positions = tuple(Point(*data["poi_coords"][str(number)]) for number in ids)
        index = {number: i for i, number in enumerate(ids)}
        visitors = list(dict.fromkeys([*data["train_sessions"], *data["test_sessions"]]))
        histories = tuple(_sessions(data["train_sessions"], name, index) for name in visitors)
        row = {name: i for i, name in enumerate(visitors)}
        tests = tuple(
            (row[name], session)
            for name in data["test_sessions"]
            for session in _sessions(data["test_sessions"], name, index)
            if len(session) > 1
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise MalformedCheckins(f"{path.name}: {error!r}") from error
    return Checkins(ids=ids, positions=positions, histories=histories, tests=tests)


def _sessions(
    data: Mapping[str, Sequence[Sequence[int]]], name: str, index: Mapping[int, int]
) -> tuple[Session, ...]:
    sessions = (tuple(index[int(place)] for place in session) for session in data.get(name, ()))
    return tuple(session for session in sessions if session)


def predict(*, checkins: Checkins) -> list[tuple[int, ...]]:
    """Return the ten likeliest places of each test session, as the file numbers them."""
    model = NextPlaces.fit(positions=checkins.positions, histories=checkins.histories, seed=0)
    visits = [(visitor, session[:-1]) for visitor, session in checkins.tests]
    ranked = model.rank(visits=visits, size=SIZE)
    return [tuple(checkins.ids[place] for place in places) for places in ranked]


def score(
    *, predictions: Sequence[Sequence[int]], answers: Sequence[int]
) -> tuple[float | None, float | None]:
    """Return HR@10 and NDCG@10, None without queries."""
    if not answers:
        return None, None
    pairs = zip(predictions, answers, strict=True)
    ranks = [row.index(answer) + 1 for row, answer in pairs if answer in row]
    gain = sum(1 / log2(rank + 1) for rank in ranks)
    return round(len(ranks) / len(answers), 6), round(gain / len(answers), 6)


def measure(*, path: Path) -> dict[str, Any]:
    """
    Predict every test session of the file and return the document to print.

    Raises:
        MalformedCheckins: the file does not hold check-in sessions.
    """
    checkins = read_checkins(path=path)
    predictions = predict(checkins=checkins)
    answers = [checkins.ids[session[-1]] for _, session in checkins.tests]
    new = [
        k for k, (v, session) in enumerate(checkins.tests) if session not in checkins.histories[v]
    ]
    hit_rate, gain = score(predictions=predictions, answers=answers)
    others = score(predictions=[predictions[k] for k in new], answers=[answers[k] for k in new])
    return {
        "queries": len(answers),
        "hr10": hit_rate,
        "ndcg10": gain,
        "repeated": {
            "share": round(1 - len(new) / len(answers), 6) if answers else None,
            "hr10_of_others": others[0],
            "ndcg10_of_others": others[1],
        },
        "predictions": [list(row) for row in predictions],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.strip().splitlines()[0])
    parser.add_argument("file", type=Path)
    print(json.dumps(measure(path=parser.parse_args().file)))


if __name__ == "__main__":
    main()
