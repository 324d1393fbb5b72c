import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.query import FIELDS, exact_match, field_f1, label_of, load_gazetteer
from engine.query.parsing import QueryParser

OWN = Path(__file__).parents[1] / "data" / "queries_own.jsonl"
NOTHING: dict[str, Any] = dict.fromkeys(FIELDS) | {
    "moods": [],
    "categories": [],
    "avoid": [],
}


def measure(file: Path) -> tuple[float, float]:
    labels = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    parser = QueryParser(gazetteer=load_gazetteer())
    predictions = [label_of(parser.parse(sentence=label["text"])) for label in labels]
    return exact_match(predictions, labels), field_f1(predictions, labels)["pooled"]


def test_a_list_is_compared_as_a_set() -> None:
    label = NOTHING | {"moods": ["quiet", "cozy"]}

    assert exact_match([NOTHING | {"moods": ["cozy", "quiet"]}], [label]) == 1.0
    assert exact_match([NOTHING | {"moods": ["cozy"]}], [label]) == 0.0


def test_f1_counts_what_is_missing_and_what_is_too_much() -> None:
    scores = field_f1(
        [NOTHING | {"moods": ["cozy", "quiet"], "day": "today"}], [NOTHING | {"moods": ["cozy"]}]
    )

    assert scores["moods"] == pytest.approx(2 / 3)
    assert scores["day"] == 0.0
    assert scores["area"] == 1.0
    assert scores["pooled"] == pytest.approx(2 / 4)


def test_own_requests_are_understood() -> None:
    exact, pooled = measure(OWN)

    assert exact >= 0.95
    assert pooled >= 0.98


@pytest.mark.shared
def test_shared_requests_are_understood(shared_data: Path) -> None:
    exact, pooled = measure(shared_data / "nl_queries" / "dev.jsonl")

    assert exact >= 0.95
    assert pooled >= 0.98
