"""How exactly costs and stays are read: `python -m benchmarks.costs [FILE.jsonl] [--held-out]`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from zlib import crc32

from engine.tagging.costs import cost_in
from engine.tagging.stays import stay_in

SENTENCES: Final = Path(__file__).parent / "data" / "costs_and_stays.jsonl"


def is_held_out(text: str) -> bool:
    """Tell whether no rule may be made with a look at `text`."""
    return crc32(text.encode()) % 2 == 1


def read(path: Path) -> list[dict[str, Any]]:
    """Return the labelled sentences of a file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def said_of(text: str) -> dict[str, Any]:
    """Return what is read from `text`, as the labels are written."""
    cost, stay = cost_in(text), stay_in(text)
    return {
        "cost": cost and [cost.low, cost.high, cost.currency],
        "stay": stay and [stay.minutes_low, stay.minutes_high],
    }


def exact(rows: Sequence[dict[str, Any]], field: str) -> str:
    """Return the share read exactly, with how much was read wrongly and how much not at all."""
    said = [said_of(row["text"])[field] for row in rows]
    right = sum(told == row[field] for told, row in zip(said, rows, strict=True))
    told_right = sum(told == row[field] for told, row in zip(said, rows, strict=True) if told)
    told = sum(one is not None for one in said)
    there = sum(row[field] is not None for row in rows)
    return (
        f"{field}: exact {right}/{len(rows)}; of {told} told {told_right} right; "
        f"of {there} labelled {told_right} found"
    )


def main() -> None:
    """Print the figures of both halves, and the mistakes of the half that may be looked at."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", default=SENTENCES)
    parser.add_argument("--mistakes", action="store_true")
    arguments = parser.parse_args()
    rows = read(arguments.file)
    halves = {
        "looked at": [row for row in rows if not is_held_out(row["text"])],
        "held out": [row for row in rows if is_held_out(row["text"])],
    }
    for name, half in halves.items():
        print(f"{name}, {len(half)} sentences")
        for field in ("cost", "stay"):
            print(f"  {exact(half, field)}")
    if arguments.mistakes:
        for row in halves["looked at"]:
            said = said_of(row["text"])
            if any(said[field] != row[field] for field in said):
                print(row, "→", said)


if __name__ == "__main__":
    main()
