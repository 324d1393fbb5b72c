"""
How well records of one place are told from records of two: `python -m benchmarks.merging`.

Pairs of real records, labelled by hand: `merge` are one place, `site` two of one house or ground,
`different` two. The rules were made with the first file before one's eyes; the second was drawn at
random from pairs with names alike, labelled before any rule judged them, and is not for tuning.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import django

DATA: Final = Path(__file__).resolve().parent.parent / "tests" / "places" / "data"
FILES: Final = {"seen": DATA / "pairs.csv", "held out": DATA / "pairs_held_out.csv"}


@dataclass(frozen=True)
class Judged:
    """A pair: what somebody says that it is, and what the rules make of it."""

    label: str
    verdict: str
    names: str


@dataclass(frozen=True)
class Score:
    """How many pairs were rightly, wrongly and not taken for one place."""

    pairs: int
    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)


def judge_pairs(path: Path) -> list[Judged]:
    """Return the pairs of a file in its order, judged."""
    with path.open(encoding="utf-8") as file:
        return [
            Judged(row["label"], _verdict(row), f"{row['name_a']} / {row['name_b']}")
            for row in csv.DictReader(file)
        ]


def score(judged: Sequence[Judged]) -> Score:
    """Count what was taken for one place."""
    told = [(one.label == "merge", one.verdict == "merge") for one in judged]
    return Score(
        pairs=len(told),
        right=told.count((True, True)),
        wrong=told.count((False, True)),
        missed=told.count((True, False)),
    )


def _verdict(row: dict[str, str]) -> str:
    from places.services.grouping import clusters, sites

    a, b = _draft(row, "a"), _draft(row, "b")
    if len(clusters([a, b])) == 1:
        return "merge"
    found = sites([a, b])
    return "site" if a.key in found and found[a.key] == found.get(b.key) else "different"


def _draft(row: dict[str, str], side: str) -> Any:
    from places.types import Draft

    said: dict[str, Any] = {
        key: row[f"{key}_{side}"] for key in ("name", "category", "source", "address")
    }
    return Draft(
        **said,
        ref=side,
        where=f"side {side}",
        source_class="",
        latitude=float(row[f"latitude_{side}"]),
        longitude=float(row[f"longitude_{side}"]),
        payload={"제공기관코드": row[f"publisher_{side}"]},
    )


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    django.setup()
    for name, path in FILES.items():
        judged = judge_pairs(path)
        found = score(judged)
        print(
            f"{name}: {found.pairs} pairs, {found.right} rightly one, {found.wrong} wrongly one, "
            f"{found.missed} missed: precision {found.precision:.3f}, recall {found.recall:.3f}"
        )
        for one in judged:
            if (one.label == "merge") != (one.verdict == "merge"):
                print(f"    {one.label}, judged {one.verdict}: {one.names}")


if __name__ == "__main__":
    main()
