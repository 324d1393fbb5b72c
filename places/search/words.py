"""The words of names that a text may mean: those that hold a part of it, and those spelt nearly so."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from django.db import connection

from places.search.spelt import Text, rarest

TRIGRAM: Final = 3  # letters in a row that an index knows
MISSPELT_FROM: Final = 6  # letters; of fewer, a slip leaves too little to go by
ALIKE_LOW: Final = 0.4
INSIDE_HIGH: Final = 100  # words that hold another, the shortest: nearest to what was typed
MENDED_HIGH: Final = 20
# Of a word that is written together with others, syllables or Latin letters.
PART_LOW, LATIN_PART_LOW, PART_HIGH = 2, 4, 12
COVERED_LOW: Final = 0.4  # of the letters of what is written together

_INSIDE: Final = """
SELECT word FROM places_nameword
WHERE word LIKE %(held)s AND word NOT LIKE %(begun)s ORDER BY length(word), word LIMIT %(high)s
"""
# One letter wrong leaves one half of a word as it is.
_MENDED: Final = """
(SELECT {number}, word FROM places_nameword
 WHERE (word LIKE %(head{number})s OR word LIKE %(tail{number})s)
   AND similarity(word, %(word{number})s) >= {low}
 ORDER BY similarity(word, %(word{number})s) DESC, word LIMIT {high})
"""
_BEGUN: Final = """
(SELECT {number}, NULL FROM places_nameword WHERE word LIKE %(begun{number})s LIMIT 1)
"""
# By its place among all words in order: the index of trigrams, which the planner would take, reads a list for each.
_KNOWN: Final = """
SELECT known.word FROM unnest(%(parts)s::text[]) AS part
CROSS JOIN LATERAL (SELECT word FROM places_nameword WHERE word BETWEEN part AND part LIMIT 1) AS known
"""


def list_words_inside(text: Text) -> list[str]:
    """
    Return the words within which the text may begin, the shortest first.

    A text of one word may stand anywhere in them, that of several begins where one of them ends.
    """
    first = text.words[0]
    if len(first) < TRIGRAM:
        return []
    held = f"%{_escaped(first)}" + ("%" if len(text.words) == 1 else "")
    asked = {"held": held, "begun": f"{_escaped(first)}%", "high": INSIDE_HIGH}
    return [word for (word,) in _ask(_INSIDE, asked)]


def list_choices(text: Text) -> tuple[list[list[list[str]]], list[str]]:
    """
    Return what each word of a misspelt text may mean, and what all of it written together may.

    A meaning is one or more words; a word that nothing resembles is left out. Where some words stand
    in no name, the slip is in those. Two queries.
    """
    words = list(dict.fromkeys(text.words))
    known = _list_known(words)
    unknown = [word for word in words if word not in known] or words
    together = [text.together] if len(words) > 1 else []
    mended, begun = _mend([*unknown, *together])
    choices = [[[word]] for word in rarest(word for word in words if word not in unknown)]
    for number, word in enumerate(unknown):
        meant = [[word]] if number in begun else []
        meant += [[other] for other in mended.get(number, ()) if other != word]
        meant += [parts for parts in [_cut(word, known)] if parts]
        if meant:
            choices.append(meant)
    return choices, mended.get(len(unknown), []) if together else []


def _mend(words: Sequence[str]) -> tuple[dict[int, list[str]], set[int]]:
    """Return the words spelt nearly like each, the likest first, and which begin one."""
    arms: list[str] = []
    asked: dict[str, Any] = {}
    for number, word in enumerate(words):
        asked |= {f"begun{number}": f"{_escaped(word)}%"}
        arms.append(_BEGUN.format(number=number))
        if len(word) >= MISSPELT_FROM:
            half = len(word) // 2
            asked |= {
                f"word{number}": word,
                f"head{number}": f"%{_escaped(word[:half])}%",
                f"tail{number}": f"%{_escaped(word[half:])}%",
            }
            arms.append(_MENDED.format(number=number, low=ALIKE_LOW, high=MENDED_HIGH))
    mended: dict[int, list[str]] = {}
    begun: set[int] = set()
    for number, word in _ask(" UNION ALL ".join(arms), asked):
        if word is None:
            begun.add(number)
        else:
            mended.setdefault(number, []).append(word)
    return mended, begun


def _list_known(words: Iterable[str]) -> set[str]:
    """Return which of the words and of their parts stand in names."""
    parts = {part for word in words for part in [word, *_parts(unicodedata.normalize("NFC", word))]}
    return {word for (word,) in _ask(_KNOWN, {"parts": sorted(parts)})}


def _parts(word: str) -> Iterator[str]:
    low = LATIN_PART_LOW if word.isascii() else PART_LOW
    for start in range(len(word)):
        for end in range(start + low, min(len(word), start + PART_HIGH) + 1):
            if end - start < len(word):
                yield unicodedata.normalize("NFD", word[start:end])


def _cut(word: str, known: set[str]) -> list[str]:
    """Return the words that one is written together of, the longest first; none if too little is."""
    found: list[str] = []
    rest = word
    for part in sorted(known, key=lambda one: (-len(one), one)):
        if part in rest and part != word:
            found.append(part)
            rest = rest.replace(part, " ", 1)
    covered = sum(map(len, found))
    return found if covered >= COVERED_LOW * len(word) else []


def _ask(sql: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
