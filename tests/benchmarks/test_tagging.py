from pathlib import Path

import pytest

from benchmarks.tagging import (
    LABELS,
    Judged,
    Row,
    average_precision,
    calibration_error,
    judge,
    majority,
    precision_recall,
    read,
)
from engine.tagging.types import Document, TagGuess, TagKind

JUDGED = [
    Judged("quiet", 0.9, is_right=True),
    Judged("nature", 0.8, is_right=False),
    Judged("scenic", 0.6, is_right=True),
    Judged("cozy", 0.0, is_right=True),
]


def row(*tags: str, unclear: tuple[str, ...] = ()) -> Row:
    return Row(Document(names=("곳",)), frozenset(tags), frozenset(unclear), is_held_out=False)


def guessed(tag: str, confidence: float) -> TagGuess:
    return TagGuess(
        tag=tag, kind=TagKind.MOOD, weight=1.0, confidence=confidence, evidence="#model"
    )


def test_precision_and_recall_count_guesses_from_a_confidence_on() -> None:
    assert precision_recall(JUDGED, 0.5) == pytest.approx((2 / 3, 2 / 3, 2 / 3))
    assert precision_recall(JUDGED, 0.85) == pytest.approx((1.0, 1 / 3, 0.5))
    assert precision_recall([], 0.5) == (0.0, 0.0, 0.0)


def test_average_precision_is_that_at_each_right_guess() -> None:
    assert average_precision(JUDGED) == pytest.approx((1 / 1 + 2 / 3) / 3)


def test_calibration_error_is_what_is_said_beyond_what_is_right() -> None:
    assert calibration_error(JUDGED) == pytest.approx((0.1 + 0.8 + 0.4) / 3)


def test_what_labels_leave_open_is_not_judged() -> None:
    rows = [row("quiet", unclear=("nature",)), row()]
    said = [[guessed("nature", 0.9)], [guessed("nature", 0.4), guessed("cozy", 0.9)]]

    found = judge(rows, said, {"quiet", "nature"})

    assert found == [Judged("quiet", 0.0, is_right=True), Judged("nature", 0.4, is_right=False)]


def test_the_majority_says_what_most_of_the_seen_have() -> None:
    found = majority([row("cozy")], {"quiet", "cozy"}, [row("quiet"), row("quiet"), row()])

    assert found == [Judged("cozy", 0.0, is_right=True), Judged("quiet", 1.0, is_right=False)]


def test_labels_become_tags_and_never_stand_in_the_text(tmp_path: Path) -> None:
    (tmp_path / "kto_place_tags.csv").write_text(
        "name,location,category,tags\n한뼘 미술관,중구,1.0,#미술관#전시관#아무말\n이름뿐,중구,1.0,\n",
        "utf-8",
    )

    (found,) = read(tmp_path, "kto")

    assert LABELS.is_file()
    assert found.document == Document(names=("한뼘 미술관",))
    assert found.tags == {"gallery", "artsy"}
    assert found.unclear == {"museum"}
