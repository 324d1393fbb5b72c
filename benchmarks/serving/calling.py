"""
Names and vectors by the hundred thousand, so that words are as rare and as common as among real places.

A name is put together of words that real ones begin and end with, and often a branch; its vector is
that of the place's own text with this name. Half as many names as places: chains repeat.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import orjson

from places.services.describing import describe
from places.services.encoding import as_text, current_encoder
from places.services.spelling import english_name

SEED: Final = 20261122
BATCH: Final = 5_000
OWN_SHARE, BRANCH_SHARE = 0.1, 0.2  # of names that stay as they are; of those with a branch
NAME_LENGTH: Final = 160
_COLUMNS: Final = ("number", "name", "names", "category", "source_class", "mood_scores", "facts")


def caller(*, names: int) -> Callable[[Any], None]:
    """Return what fills the table `called` with so many names of the places of `template`."""

    def call(cursor: Any) -> None:
        places = _sample(cursor)
        drawn = _draw(places, names)
        encoder = current_encoder()
        number = 0
        while batch := [one for one, _ in zip(drawn, range(BATCH), strict=False)]:
            texts = [describe({**place, "names": called}).text for place, called in batch]
            vectors = encoder.encode(texts).tolist()
            with cursor.copy("COPY called FROM STDIN") as copy:
                for (place, called), vector in zip(batch, vectors, strict=True):
                    said = orjson.dumps(called).decode()
                    copy.write_row((number, place["number"], called["ko"], said, as_text(vector)))
                    number += 1

    return call


def _sample(cursor: Any) -> list[dict[str, Any]]:
    cursor.execute(
        "SELECT number, name, names, category, source_class, mood_scores, facts, description"
        " FROM template ORDER BY number"
    )
    rows = [dict(zip((*_COLUMNS, "description"), row, strict=True)) for row in cursor.fetchall()]
    return [{name: _read(value) for name, value in row.items()} for row in rows]


def _read(value: Any) -> Any:
    return orjson.loads(value) if isinstance(value, str) and value.startswith("{") else value


def _draw(
    places: list[dict[str, Any]], names: int
) -> Iterator[tuple[Mapping[str, Any], dict[str, str]]]:
    draw = random.Random(SEED)
    heads = [place["names"]["ko"].split()[0] for place in places]
    tails: dict[str, list[str]] = {}
    for place in places:
        tails.setdefault(place["category"], []).append(place["names"]["ko"].split()[-1])
    for _ in range(names):
        place = draw.choice(places)
        if draw.random() < OWN_SHARE:
            yield place, place["names"]
            continue
        words = [draw.choice(heads), draw.choice(tails[place["category"]])]
        if draw.random() < BRANCH_SHARE:
            words.append(f"{draw.choice(heads)[:2]}점")
        korean = " ".join(dict.fromkeys(words))[:NAME_LENGTH]
        english = english_name(korean, category=place["category"])[:NAME_LENGTH]
        yield place, {"ko": korean, "en": english}
