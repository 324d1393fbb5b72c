"""
How a text is sought in the names of places: conditions that an index answers, and what each is worth.

A name is matched whole or in part, by the first consonants of its syllables (초성: ㅅㅌㅂㅅ), or spelled
nearly so. For the last the text is cut into parts, most of which a misspelt name still has: those
are sought, and only what has them is compared letter by letter (자모: a slip is one letter there,
not a syllable). To compare with all that shares any three letters would be a tenth of all names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

# Compatibility consonants, as a keyboard types them, and the leading ones that syllables are made of.
INITIALS: Final = dict(
    zip("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ", map(chr, range(0x1100, 0x1113)), strict=True)
)
TRIGRAM: Final = 3  # characters in a row that an index knows
MISSPELT_FROM: Final = 6  # letters; of fewer, a slip leaves too little to go by
PARTS: Final = 3  # of a text that is sought misspelt; one may be wrong
TWO_PARTS_UP_TO: Final = 8  # letters: then there are two parts
# An index reads a list for every three letters: so many of a part or of a long text are enough to
# go by, and what they find is compared with the whole.
LOOKED_UP: Final = 6
ALIKE_LOW: Final = 0.45
WHOLE: Final = 1.0  # the score of a name that is the text
SOUNDS_HIGH: Final = 100  # to read consonants out of a name takes long

# As the indexes of the model spell them.
LETTERS: Final = "NORMALIZE(p.name_search, NFD)"
SOUNDS: Final = f"REGEXP_REPLACE({LETTERS}, '[^ᄀ-ᄒ]', '', 'g')"
DOUBLED: Final = f"REGEXP_REPLACE({SOUNDS}, '(.)', '\\1\\1', 'g')"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to find a text in names."""

    match: str  # SQL over the place `p`
    score: str  # SQL: how well it fits, up to WHOLE
    parameters: Mapping[str, Any]
    most: int = 300  # so many of what is found are read, of which the best are shown


def is_initials(text: str) -> bool:
    """Tell whether the text is typed as first consonants alone."""
    return all(letter in INITIALS or letter == " " for letter in text)


def ways_to_find(text: str) -> Sequence[Way]:
    """Return the ways to find a text, which is NFC and in lower case, the surest first; none for dots."""
    if is_initials(text):
        return (_by_initials(text),)
    if not any(letter.isalnum() for letter in text):  # no name is known by its dots
        return ()
    letters = unicodedata.normalize("NFD", text)
    ways = [_in_part(text, letters)]
    if len(letters) >= MISSPELT_FROM:
        ways.append(_nearly(letters))
    return ways


def _by_initials(text: str) -> Way:
    """Match the consonants anywhere in the name; a single one, which half of all have, at its start."""
    sounds = "".join(INITIALS[letter] for letter in text if letter != " ")
    if len(sounds) == 1:
        return Way(f"{SOUNDS} LIKE %(initials)s", "0.7", {"initials": f"{sounds}%"}, SOUNDS_HIGH)
    if len(sounds) >= TRIGRAM:
        return Way(f"{SOUNDS} LIKE %(initials)s", "0.7", {"initials": f"%{sounds}%"}, SOUNDS_HIGH)
    # Two are fewer than an index knows: there is one in which each stands twice.
    doubled = "".join(2 * letter for letter in sounds)
    return Way(f"{DOUBLED} LIKE %(initials)s", "0.7", {"initials": f"%{doubled}%"}, SOUNDS_HIGH)


def _in_part(text: str, letters: str) -> Way:
    score = (
        "CASE WHEN %(text)s IN (lower(p.names ->> 'ko'), lower(p.names ->> 'en'))"
        f" THEN {WHOLE} ELSE 0.8 END"
    )
    part = f"%{_escaped(text)}%"
    parameters = {"text": text, "part": part}
    if len(text) > 2 * LOOKED_UP:
        half = len(text) // 2
        parameters["part"] = (
            f"%{_escaped(text[:LOOKED_UP])}%{_escaped(text[half : half + LOOKED_UP])}%"
        )
        match = "p.name_search LIKE %(part)s AND strpos(p.name_search, %(text)s) > 0"
        return Way(match, score, parameters)
    if len(text) >= TRIGRAM:
        return Way("p.name_search LIKE %(part)s", score, parameters)
    if len(letters) >= TRIGRAM:  # two syllables are four letters or more, which the index knows
        parameters["spelt"] = f"%{_escaped(letters)}%"
        match = f"{LETTERS} LIKE %(spelt)s AND strpos(p.name_search, %(text)s) > 0"
        return Way(match, score, parameters)
    # So short a text begins a word: it stands somewhere in nearly every name.
    parameters |= {"starts": f"{_escaped(letters)}%", "follows": f"% {_escaped(letters)}%"}
    match = f"({LETTERS} LIKE %(starts)s OR {LETTERS} LIKE %(follows)s)"
    return Way(match, score, parameters)


def _nearly(letters: str) -> Way:
    count = 2 if len(letters) <= TWO_PARTS_UP_TO else PARTS
    parts = dict(_parts(letters, count))
    either = " OR ".join(
        "(" + " AND ".join(f"{LETTERS} LIKE %({name})s" for name in names) + ")"
        for names in combinations(parts, count - 1)
    )
    alike = f"word_similarity(%(letters)s, {LETTERS})"
    return Way(
        f"({either}) AND {alike} >= {ALIKE_LOW}",
        f"0.75 * {alike}",
        {"letters": letters, **parts},
    )


def _parts(letters: str, count: int) -> Iterator[tuple[str, str]]:
    """Yield the names and patterns of `count` parts whose lengths differ by one letter at most."""
    size, longer = divmod(len(letters), count)
    at = 0
    for number in range(count):
        end = at + size + (number < longer)
        yield f"part{number}", f"%{_escaped(letters[at : min(end, at + LOOKED_UP)])}%"
        at = end


def _escaped(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)
