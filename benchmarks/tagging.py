"""
How well places are tagged: `python -m benchmarks.tagging DIR [--calibrate]`.

DIR holds `jeju_spots.csv` (introductions with labels) and `kto_place_tags.csv` (names with labels),
and the texts that `benchmarks/data/tag_judgements.csv` judges: what a word names, is it so? Words were
sorted out with the whole first round of judgements before one's eyes; after the second none was changed.
The labels are read as `benchmarks/data/label_tags.toml` says and are never in the text. A place
whose name has an odd checksum is held out: nothing was chosen, fitted or looked at there.

People label what comes to mind, not all that is so: what is counted as wrong may be right.
"""

from __future__ import annotations

import argparse
import csv
import json
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zlib import crc32

import engine
from engine.tagging.calibrating import DATA, FIELDS, Calibration, Observation, fit
from engine.tagging.default import default_tagger
from engine.tagging.lexical import lexicon_tagger
from engine.tagging.thresholds import ACCEPT_AT, REJECT_BELOW
from engine.tagging.types import Document, TagGuess, TextTagger

LABELS: Final = Path(__file__).parent / "data" / "label_tags.toml"
WEIGHTS: Final = Path(engine.__file__).parent / "data" / DATA
JUDGEMENTS: Final = LABELS.with_name("tag_judgements.csv")
# Source of a judgement: its file, encoding, and the columns of the name and of the text.
TEXTS: Final = {
    "museums": ("museums_standard.json", "utf-8", "시설명", "박물관미술관소개"),
    "sites": ("tourist_sites_standard_cp949.csv", "cp949", "관광지명", "관광지소개"),
    "parks": ("seoul_parks_detail.csv", "utf-8-sig", "공원명", "공원개요"),
    "night": ("night_views.csv", "utf-8-sig", "장소명", "내용"),
    "jeju": ("jeju_spots.csv", "utf-8-sig", "title", "introduction"),
}
LEAST_LABELS: Final = 8  # of a tag in a half; fewer tell nothing
SAID_FROM: Final = 0.5
COUNTED_FROM: Final = 0.1  # of guesses in the calibration: nearly all pairs are surely not
BINS: Final = 10
FILES: Final = {"jeju": "jeju_spots.csv", "kto": "kto_place_tags.csv"}
JUDGED_WEIGHT: Final = 3  # of a judgement beside a label: who judged read the text


@dataclass(frozen=True)
class Row:
    """A labelled place: tags that its labels name, and those that they leave open."""

    document: Document
    tags: frozenset[str]
    unclear: frozenset[str]
    is_held_out: bool


@dataclass(frozen=True)
class Judged:
    """One guess, or one label that nobody guessed."""

    tag: str
    confidence: float
    is_right: bool


def read(folder: Path, name: str) -> list[Row]:
    """Return the labelled places of one list."""
    meanings = tomllib.loads(LABELS.read_text("utf-8"))[name]
    unclear = meanings.pop("unclear")
    (path,) = sorted(folder.rglob(FILES[name]))
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        return [
            row
            for cells in csv.DictReader(file)
            if (row := _row(name, cells, meanings, unclear)) is not None
        ]


def _row(
    name: str,
    cells: Mapping[str, str],
    meanings: Mapping[str, list[str]],
    unclear: Mapping[str, list[str]],
) -> Row | None:
    if name == "jeju":
        labels = {label.strip() for label in f"{cells['alltag']},{cells['tag']}".split(",")}
        title, description = cells["title"].strip(), cells["introduction"] or ""
    else:
        labels = {label.strip() for label in cells["tags"].split("#")}
        title, description = cells["name"].strip(), ""
    labels.discard("")
    if not labels or not title:
        return None
    tags = frozenset(tag for label in labels for tag in meanings.get(label, ()))
    open_tags = frozenset(tag for label in labels for tag in unclear.get(label, ())) - tags
    held_out = crc32(title.encode()) % 2 == 1
    return Row(Document(names=(title,), description=description), tags, open_tags, held_out)


@dataclass(frozen=True)
class Judgement:
    """A tag that a word of a text names, and whether the text says so of its place."""

    document: Document
    tag: str
    is_right: bool
    is_held_out: bool
    round: int


def read_judgements(folder: Path) -> list[Judgement]:
    """Return the tags that were judged, each with the text that was read for it."""
    texts = dict(_texts(folder))
    with JUDGEMENTS.open(encoding="utf-8", newline="") as file:
        return [
            Judgement(
                Document(names=(row["name"],), description=texts[row["source"], row["name"]]),
                row["tag"],
                row["right"] == "1",
                crc32(row["name"].encode()) % 2 == 1,
                int(row["round"]),
            )
            for row in csv.DictReader(file)
        ]


def _texts(folder: Path) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield the introductions that judgements speak of, by source and name."""
    for source, (name, encoding, title, said) in TEXTS.items():
        (path,) = sorted(folder.rglob(name))
        if path.suffix == ".json":
            rows = json.loads(path.read_text("utf-8"))["records"]
        else:
            with path.open(encoding=encoding, errors="replace", newline="") as file:
                rows = list(csv.DictReader(file))
        # The first of several of one name is the one that was read.
        yield from (((source, row[title]), row[said]) for row in reversed(rows) if row.get(said))


def judged_tags(rows: Sequence[Row]) -> list[str]:
    """Return the tags that enough labels name to be judged."""
    count = Counter(tag for row in rows for tag in row.tags)
    return sorted(tag for tag, labels in count.items() if labels >= LEAST_LABELS)


def judge(rows: Sequence[Row], said: Sequence[Sequence[TagGuess]], tags: set[str]) -> list[Judged]:
    """Return every guess of a judged tag, and every label without a guess as one of confidence 0."""
    found: list[Judged] = []
    for row, guesses in zip(rows, said, strict=True):
        told = {guess.tag: guess.confidence for guess in guesses if guess.tag in tags}
        found += [
            Judged(tag, told.get(tag, 0.0), tag in row.tags)
            for tag in sorted((told.keys() | (row.tags & tags)) - row.unclear)
        ]
    return found


def precision_recall(judged: Sequence[Judged], at: float = SAID_FROM) -> tuple[float, float, float]:
    """Return precision, recall and F1 of the guesses from `at` on; precision of none is 0."""
    told = [one for one in judged if one.confidence >= at]
    right = sum(one.is_right for one in told)
    there = sum(one.is_right for one in judged)
    precision = right / len(told) if told else 0.0
    recall = right / there if there else 0.0
    return precision, recall, _f1(precision, recall)


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def macro_f1(judged: Sequence[Judged]) -> float:
    """Return the mean of F1 over the tags."""
    tags = sorted({one.tag for one in judged})
    return sum(precision_recall([o for o in judged if o.tag == tag])[2] for tag in tags) / len(tags)


def average_precision(judged: Sequence[Judged]) -> float:
    """Return the mean precision at each right guess, the surest first; one not guessed counts 0."""
    right, total = 0, 0.0
    for rank, one in enumerate(sorted(judged, key=lambda o: (-o.confidence, o.tag)), start=1):
        if one.is_right and one.confidence:
            right += 1
            total += right / rank
    there = sum(one.is_right for one in judged)
    return total / there if there else 0.0


def calibration_error(judged: Sequence[Judged]) -> float:
    """Return the expected calibration error (Guo et al. 2017) of the guesses that are counted."""
    counted = [one for one in judged if one.confidence >= COUNTED_FROM]
    error = 0.0
    for bin_ in _bins(counted).values():
        said = sum(one.confidence for one in bin_)
        error += abs(said - sum(one.is_right for one in bin_))
    return error / len(counted) if counted else 0.0


def _bins(judged: Sequence[Judged]) -> dict[int, list[Judged]]:
    bins: dict[int, list[Judged]] = {}
    for one in judged:
        bins.setdefault(min(BINS - 1, int(one.confidence * BINS)), []).append(one)
    return dict(sorted(bins.items()))


def majority(rows: Sequence[Row], tags: set[str], seen: Sequence[Row]) -> list[Judged]:
    """Return what is told by saying of every place what most of `seen` have."""
    most = {tag for tag in tags if 2 * sum(tag in row.tags for row in seen) > len(seen)}
    return [
        Judged(tag, float(tag in most), tag in row.tags)
        for row in rows
        for tag in sorted((most | (row.tags & tags)) - row.unclear)
    ]


def observations(rows: Sequence[Row]) -> Iterator[Observation]:
    """Yield what speaks for every judged tag of every place, with its label."""
    tagger, tags = default_tagger(), judged_tags(rows)
    for row in rows:
        said = tagger.speaking_for(row.document)
        for tag in tags:
            if tag not in row.unclear:
                signal, score = said[tag]
                yield Observation(tag=tag, signal=signal, score=score, is_right=tag in row.tags)


def written(calibration: Calibration) -> str:
    """Return the weights as the part of the data file that is made by this command."""
    tables = {"kinds": {k.value: w for k, w in calibration.kinds.items()}, "tags": calibration.tags}
    return "\n".join(
        f"[{table}]  # {', '.join(FIELDS)}\n"
        + "".join(f"{name} = {list(weights)}\n" for name, weights in rows.items())
        for table, rows in tables.items()
    )


def observed(judgements: Sequence[Judgement]) -> Iterator[Observation]:
    """Yield what speaks for each tag that was judged, with the judgement."""
    for one in judgements:
        signal, score = default_tagger().speaking_for(one.document)[one.tag]
        yield Observation(tag=one.tag, signal=signal, score=score, is_right=one.is_right)


def calibrate(halves: Mapping[str, Sequence[Row]], judgements: Sequence[Judgement]) -> None:
    """Fit the weights on the halves that may be looked at, and write them."""
    seen = [one for rows in halves.values() for one in observations(rows)]
    seen += [*observed(judgements)] * JUDGED_WEIGHT
    head = WEIGHTS.read_text("utf-8").split("[kinds]")[0]
    WEIGHTS.write_text(head + written(fit(seen)), "utf-8")
    print(f"{len(seen):,} labels of {', '.join(halves)}: {WEIGHTS.name} written")


def report(name: str, rows: Sequence[Row], seen: Sequence[Row]) -> list[Judged]:
    """Print the figures of one half of one list; return the default tagger's guesses."""
    tags = set(judged_tags(rows))
    made: dict[str, list[Judged]] = {"most have it": majority(rows, tags, seen)}
    taggers: dict[str, TextTagger] = {"words alone": lexicon_tagger(), "default": default_tagger()}
    covered = {}
    for title, tagger in taggers.items():
        said = [reading.tags for reading in tagger.read([row.document for row in rows])]
        made[title] = judge(rows, said, tags)
        told = [any(g.confidence >= SAID_FROM for g in guesses) for guesses in said]
        covered[title] = sum(told) / len(rows)
    print(f"\n## {name}: {len(rows)} places, {len(tags)} tags")
    print(
        "| tagger | precision | recall | micro F1 | macro F1 | F1 from 0.3 | average precision "
        "| places with a tag | ECE |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    )
    for title, judged in made.items():
        precision, recall, f1 = precision_recall(judged)
        error = f"{calibration_error(judged):.3f}" if title in covered else ""
        cover = f"{covered[title]:.2f}" if title in covered else ""
        macro = macro_f1(judged)
        shown = precision_recall(judged, REJECT_BELOW)[2]
        figures = (precision, recall, f1, macro, shown, average_precision(judged))
        columns = " | ".join(f"{figure:.2f}" for figure in figures)
        print(f"| {title} | {columns} | {cover} | {error} |")
    print(
        "\n| tag | labels | words alone: precision, recall, F1 | default: precision, recall, F1 |"
    )
    print("| --- | --- | --- | --- |")
    for tag in sorted(tags):
        each = [
            ", ".join(f"{x:.2f}" for x in precision_recall([o for o in made[t] if o.tag == tag]))
            for t in taggers
        ]
        labels = sum(tag in row.tags for row in rows)
        print(f"| {tag} | {labels} | {' | '.join(each)} |")
    return made["default"]


def report_thresholds(judged: Sequence[Judged]) -> None:
    """Print how right the guesses are by confidence, over both lists."""
    print("\n| confidence | guesses | said | right |\n| --- | --- | --- | --- |")
    for low, bin_ in _bins([one for one in judged if one.confidence >= COUNTED_FROM]).items():
        said = sum(one.confidence for one in bin_) / len(bin_)
        right = sum(one.is_right for one in bin_) / len(bin_)
        print(f"| {low / BINS:.1f} | {len(bin_)} | {said:.2f} | {right:.2f} |")
    print("\n| from | guesses | precision | recall |\n| --- | --- | --- | --- |")
    for at in (0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95):
        precision, recall, _ = precision_recall(judged, at)
        print(
            f"| {at} | {sum(o.confidence >= at for o in judged)} | {precision:.3f} | {recall:.2f} |"
        )


def report_judged(name: str, judgements: Sequence[Judgement]) -> None:
    """Print how the default tagger does on tags that words name, judged by reading the texts."""
    found = []
    for one in judgements:
        (reading,) = default_tagger().read([one.document])
        told = {guess.tag: guess.confidence for guess in reading.tags}
        found.append(Judged(one.tag, told.get(one.tag, 0.0), one.is_right))
    right = sum(one.is_right for one in found)
    print(f"\n## judged, {name}: {len(found)} tags that a word names, {right} of them right")
    print("| from | taken | precision | recall | ECE |\n| --- | --- | --- | --- | --- |")
    for at in (REJECT_BELOW, 0.5, 0.6, 0.7, 0.8, ACCEPT_AT):
        precision, recall, _ = precision_recall(found, at)
        taken = sum(one.confidence >= at for one in found)
        print(
            f"| {at} | {taken} | {precision:.2f} | {recall:.2f} | {calibration_error(found):.3f} |"
        )


def main() -> None:
    """Print the figures of the held-out halves, or fit the weights on the others."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--calibrate", action="store_true", help="fit and write the weights first")
    parser.add_argument("--seen", action="store_true", help="the half that may be looked at")
    arguments: Any = parser.parse_args()
    rows = {name: read(arguments.folder, name) for name in FILES}
    judgements = read_judgements(arguments.folder)
    seen = {name: [row for row in rows[name] if not row.is_held_out] for name in FILES}
    if arguments.calibrate:
        calibrate(seen, [one for one in judgements if not one.is_held_out])
        return
    judged: list[Judged] = []
    for name in FILES:
        shown = seen[name] if arguments.seen else [row for row in rows[name] if row.is_held_out]
        judged += report(name, shown, seen[name])
    report_thresholds(judged)
    half = [one for one in judgements if one.is_held_out != arguments.seen]
    report_judged("both rounds", half)
    report_judged("second round", [one for one in half if one.round > 1])


if __name__ == "__main__":
    main()
