"""A sentence made uniform for matching, every character still traceable to where it stood."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import Final

from engine.query.types import Span
from engine.text.hangul import is_syllable
from engine.text.normalising import normalise

# A request is a sentence; what follows this many characters is not read, and said to be ignored.
READ_CHARACTERS: Final = 600

_ALIKE: Final = str.maketrans(
    {"’": "'", "‘": "'", "`": "'", "–": "-", "−": "-", "—": ",", "〜": "~", "∼": "~", "é": "e"}
    | {"è": "e", "・": "·", "ㆍ": "·", "、": ",", "。": "."}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` for matching; its character i stood at `starts[i]` to `ends[i]` of the sentence."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """Return where the non-empty `text[start:end]` stands in the sentence."""
        return Span(self.starts[start], self.ends[end - 1])

    def positions(self, start: int, end: int) -> tuple[int, int]:
        """Return the part of `text` that offsets [start, end) of the sentence became."""
        return bisect_left(self.starts, start), bisect_right(self.ends, end)


def fold(sentence: str) -> Folded:
    """Return `sentence` in lower case and NFKC, hyphens inside words as blanks."""
    normalised = normalise(sentence[:READ_CHARACTERS])
    characters = list(normalised.text.translate(_ALIKE))
    for at in range(1, len(characters) - 1):
        if characters[at] == "-" and _is_inside_a_word(characters[at - 1], characters[at + 1]):
            characters[at] = " "
    return Folded("".join(characters), normalised.starts, normalised.ends)


def _is_inside_a_word(before: str, after: str) -> bool:
    """Tell whether a hyphen joins: Seongsu-dong, 2-hour; 홍대-연남 are two places."""
    if is_syllable(before) and is_syllable(after):
        return False
    return before.isalnum() and after.isalpha()


def is_hangul(character: str) -> bool:
    """Tell whether `character` is a Hangul syllable."""
    return is_syllable(character)


def is_stem(character: str) -> bool:
    """Tell whether `character` is a letter or digit that only whole words may part."""
    return "a" <= character <= "z" or "0" <= character <= "9" or "à" <= character <= "ɏ"
