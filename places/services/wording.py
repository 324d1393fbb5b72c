"""
Keeps the words of names, by which a search mends slips (`places.search.words`).

Whoever stores a name has its words learnt in the same transaction: `PlaceStore` and `PlaceEdits`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db import connection, transaction

from places.indexes import words_of

WORD_LOW, WORD_HIGH = 2, 60  # letters
_WORDS: Final = f"""
SELECT DISTINCT word FROM {{names}}, unnest(place_name_words({{name}})) AS word
WHERE length(word) BETWEEN {WORD_LOW} AND {WORD_HIGH}
"""  # noqa: S608 - built from the constants above
# In order, so that two who learn the same words wait for one another and do not block each other.
LEARN: Final = "INSERT INTO places_nameword (word) {words} ORDER BY word ON CONFLICT DO NOTHING"
_STAGED_NAME: Final = (
    "lower((s.fields -> 'names' ->> 'ko') || ' ' || (s.fields -> 'names' ->> 'en'))"
)
LEARN_STAGED: Final = LEARN.format(
    words=_WORDS.format(
        names="(SELECT * FROM staged_places WHERE NOT is_same) AS s", name=_STAGED_NAME
    )
)
_OF_PLACES: Final = _WORDS.format(names="places_place", name="name_search")
_FORGET: Final = f"DELETE FROM places_nameword WHERE NOT word IN ({_OF_PLACES})"  # noqa: S608 - built from the constants above


@dataclass(frozen=True)
class NameWords:
    """The words that stand in names of places."""

    def learn(self, *, names: Iterable[Mapping[str, str]]) -> None:
        """Learn the words of places' names. Call inside a transaction."""
        words = {
            word
            for of_place in names
            for word in words_of(f"{of_place['ko']} {of_place['en']}".lower())
            if WORD_LOW <= len(word) <= WORD_HIGH
        }
        with connection.cursor() as cursor:
            cursor.execute(
                LEARN.format(words="SELECT word FROM unnest(%s::text[]) AS word"), [list(words)]
            )

    def learn_all(self) -> tuple[int, int]:
        """Learn the words of all places and forget those of none; return how many of both."""
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute(LEARN.format(words=_OF_PLACES))
            learnt = cursor.rowcount
            cursor.execute(_FORGET)
            return learnt, cursor.rowcount
