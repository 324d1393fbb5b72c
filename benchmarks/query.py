"""How well labelled requests are understood: `python -m benchmarks.query FILE.jsonl`."""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from engine.query.gazetteer import AreaName, Gazetteer
from engine.query.parsing import QueryParser
from engine.query.types import Interpretation, Understood
from engine.types import Point

LISTS: Final = ("moods", "categories", "avoid")
FIELDS: Final = (
    "time_budget_min", "budget", *LISTS, "mode", "start_time", "daypart", "day", "companions",
    "party_size", "indoor", "area",
)  # fmt: skip
ROUNDS: Final = 20
GAZETTEERS: Final = Path(__file__).parent.parent / "places" / "data" / "gazetteer"


def label_of(interpretation: Interpretation) -> dict[str, Any]:
    """Return the labelled fields of `interpretation`."""
    return {field: _value(getattr(interpretation, field)) for field in FIELDS}


def _value(said: object) -> object:
    if isinstance(said, tuple):
        return sorted(one.value for one in said)
    return said.value if isinstance(said, Understood) else None


def _facts(field: str, value: Any) -> set[Any]:
    if field in LISTS:
        return set(value)
    return set() if value is None else {value}


def field_f1(
    predictions: Sequence[Mapping[str, Any]], labels: Sequence[Mapping[str, Any]]
) -> dict[str, float]:
    """Return F1 of each field over all sentences, and of all together as "pooled"."""
    tally = dict.fromkeys((*FIELDS, "pooled"), (0, 0))
    for predicted, label in zip(predictions, labels, strict=True):
        for field in FIELDS:
            said, true = _facts(field, predicted[field]), _facts(field, label[field])
            for name in (field, "pooled"):
                hits, total = tally[name]
                tally[name] = hits + 2 * len(said & true), total + len(said) + len(true)
    return {name: hits / total if total else 1.0 for name, (hits, total) in tally.items()}


def exact_match(
    predictions: Sequence[Mapping[str, Any]], labels: Sequence[Mapping[str, Any]]
) -> float:
    """Return the share of sentences of which every field is right."""
    right = [
        all(_facts(f, predicted[f]) == _facts(f, label[f]) for f in FIELDS)
        for predicted, label in zip(predictions, labels, strict=True)
    ]
    return sum(right) / len(right)


def milliseconds_per_query(parser: QueryParser, sentences: Sequence[str]) -> float:
    """Return the mean over `ROUNDS` passes of the processor's time, once everything is loaded."""
    began = time.thread_time()  # Nothing waits here, so what else the machine runs does not count.
    for _ in range(ROUNDS):
        for sentence in sentences:
            parser.parse(sentence=sentence)
    return (time.thread_time() - began) * 1000 / (ROUNDS * len(sentences))


def load_gazetteer(folder: Path = GAZETTEERS) -> Gazetteer:
    """Return the areas that the project ships, read without a database."""
    return Gazetteer(
        AreaName(
            slug=row["slug"],
            name_ko=row["name_ko"],
            name_en=row["name_en"],
            aliases=tuple(row["aliases"]),
            kind=row["kind"],
            centre=Point(row["lat"], row["lon"]),
            radius_m=row["radius_m"],
            city=path.name.removesuffix("_areas.jsonl.gz"),
        )
        for path in sorted(folder.glob("*.jsonl.gz"))
        for row in map(json.loads, gzip.decompress(path.read_bytes()).splitlines())
    )


def main() -> None:
    """Print one JSON document."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("file", type=Path)
    file: Path = arguments.parse_args().file
    labels = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
    parser = QueryParser(gazetteer=load_gazetteer())
    sentences = [label["text"] for label in labels]
    predictions = [label_of(parser.parse(sentence=sentence)) for sentence in sentences]
    document = {
        "exact_match": round(exact_match(predictions, labels), 4),
        "field_f1": {k: round(v, 4) for k, v in field_f1(predictions, labels).items()},
        "ms_per_query": round(milliseconds_per_query(parser, sentences), 4),
        "predictions": predictions,
    }
    print(json.dumps(document, ensure_ascii=False))


if __name__ == "__main__":
    main()
