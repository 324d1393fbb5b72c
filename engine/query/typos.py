"""Unknown words that are one slip of the finger away from a word of the lexicon."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from engine.query.lexicon import Lexicon, is_korean
from engine.query.readings import Reading, Unit, Word
from engine.text.hangul import letters

# Shorter words have too many neighbours that are other words (서점, 서정; shops, shoes).
_FEWEST_LETTERS: Final = 6
_CONFIDENCE: Final = 0.7
_SECTIONS: Final = frozenset({"categories", "moods", "modes", "days", "dayparts", "companions"})


class Typos:
    """Finds the entry that a mistyped word was meant to be, by the words with one letter less."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._readings: dict[str, tuple[Reading, ...]] = {}
        self._by_shorter: dict[str, list[str]] = {}
        self._most_letters = 0
        for word, readings in lexicon.words.items():
            meant = tuple(r for r in readings if isinstance(r, Word) and r.section in _SECTIONS)
            if meant and " " not in word:
                self._add(word, meant)

    def correct(self, unit: Unit) -> bool:
        """Read an unknown `unit` as the one entry it is a slip of, if there is just one."""
        if len(unit.text) > self._most_letters:
            return False
        said = letters(unit.text)
        if not _FEWEST_LETTERS <= len(said) <= self._most_letters + 1:
            return False
        near = {
            word
            for form in (said, *_shorter(said))
            for word in self._by_shorter.get(form, ())
            if word[0] == said[0] and is_one_slip(word, said)
        }
        meanings = {self._readings[word] for word in near}
        if len(meanings) != 1:
            return False
        unit.read_as(meanings.pop(), confidence=_CONFIDENCE)
        return True

    def _add(self, word: str, meant: tuple[Reading, ...]) -> None:
        stem = is_korean(word) and any(isinstance(r, Word) and r.section == "moods" for r in meant)
        for form in (word, f"{word}한") if stem else (word,):
            spelt = letters(form)
            if len(spelt) < _FEWEST_LETTERS:
                continue
            self._readings[spelt] = meant
            self._most_letters = max(self._most_letters, len(spelt))
            for shorter in (spelt, *_shorter(spelt)):
                self._by_shorter.setdefault(shorter, []).append(spelt)


def is_one_slip(left: str, right: str) -> bool:
    """Tell whether one letter added, left out, changed or swapped with the next parts the two."""
    if left == right or abs(len(left) - len(right)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), None)
    if start is None:
        return True
    rest_left, rest_right = left[start:], right[start:]
    swapped = rest_left[:2] == rest_right[:2][::-1] and rest_left[2:] == rest_right[2:]
    return swapped or (
        rest_left[1:] == rest_right[1:]
        or rest_left[1:] == rest_right
        or rest_left == rest_right[1:]
    )


def _shorter(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))
