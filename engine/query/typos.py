"""
Unknown words that are a slip of the finger away from a word of the lexicon.

Two ways to slip: the wrong key (one letter added, left out, changed or swapped; two in a long word),
and Korean words written by ear (카폐, 디져트), which sound the same and may be shorter. A short word
must keep more of its letters, for it has too many neighbours that are words of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

from engine.query.lexicon import Lexicon, is_korean, load_lexicon
from engine.query.readings import Reading, Unit, Word
from engine.text.hangul import letters

_FEWEST_LETTERS: Final = 6  # 서점 and 서정, shops and shoes are not the same
_FEWEST_WHEN_LEFT_OUT: Final = 5  # cofee
_FEWEST_WHEN_SWAPPED: Final = 4  # veiw, with the first and the last letter in place
_FEWEST_FOR_TWO: Final = 9
_FEWEST_BY_EAR: Final = 4
_CONFIDENCE: Final = 0.7
_SECTIONS: Final = frozenset({"categories", "moods", "modes", "days", "dayparts", "companions"})
_BY_EAR: Final = str.maketrans("ㅐㅒㅖㅙㅞㄲㅋㄸㅌㅃㅍㅆㅉㅊ", "ㅔㅔㅔㅚㅚㄱㄱㄷㄷㅂㅂㅅㅈㅈ")
_AFTER_J: Final = (("ㅈㅕ", "ㅈㅓ"), ("ㅈㅑ", "ㅈㅏ"), ("ㅈㅛ", "ㅈㅗ"), ("ㅈㅠ", "ㅈㅜ"))


class Typos:
    """Finds the entry that a mistyped word was meant to be, by the words with a letter less."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._readings: dict[str, tuple[Reading, ...]] = {}
        self._by_shorter: dict[str, list[str]] = {}
        self._by_sound: dict[str, list[str]] = {}
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
        if not _FEWEST_BY_EAR <= len(said) <= self._most_letters + 1:
            return False
        near = self._near(said) or self._alike(said, korean=is_korean(unit.text))
        meanings = {self._readings[word] for word in near}
        if len(meanings) != 1:
            return False
        unit.read_as(meanings.pop(), confidence=_CONFIDENCE)
        return True

    def _near(self, said: str) -> set[str]:
        """Return the entries one slip away, else those two slips away from a long word."""
        shorter = (said, *shorter_forms(said))
        found = {word for form in shorter for word in self._by_shorter.get(form, ())}
        near = {word for word in found if _may_be(word, said) and is_one_slip(word, said)}
        if near or len(said) < _FEWEST_FOR_TWO:
            return near
        return {word for word in found if word[0] == said[0] and _is_two_slips(word, said)}

    def _alike(self, said: str, *, korean: bool) -> set[str]:
        return set(self._by_sound.get(sound_of(said), ())) if korean else set()

    def _add(self, word: str, meant: tuple[Reading, ...]) -> None:
        korean = is_korean(word)
        stem = korean and any(isinstance(r, Word) and r.section == "moods" for r in meant)
        for form in (word, f"{word}한") if stem else (word,):
            spelt = letters(form)
            if len(spelt) < _FEWEST_BY_EAR or len(form) < 2:
                continue
            self._readings[spelt] = meant
            self._most_letters = max(self._most_letters, len(spelt))
            if korean:
                self._by_sound.setdefault(sound_of(spelt), []).append(spelt)
            for shorter in (spelt, *shorter_forms(spelt)):
                self._by_shorter.setdefault(shorter, []).append(spelt)


@cache
def shipped_typos() -> Typos:
    """Return the slips of the shipped lexicon; they are found once for each process."""
    return Typos(load_lexicon())


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


def _may_be(word: str, said: str) -> bool:
    """Tell whether `said` is long enough for the kind of slip that parts it from `word`."""
    if word[0] != said[0]:
        return False
    if min(len(word), len(said)) >= _FEWEST_LETTERS:
        return True
    if not (word.isascii() and said.isascii()):
        return False
    if len(word) != len(said):
        return len(word) > len(said) >= _FEWEST_WHEN_LEFT_OUT
    swapped = sorted(word) == sorted(said) and word[-1] == said[-1]
    return swapped and len(said) >= _FEWEST_WHEN_SWAPPED


def _is_two_slips(word: str, said: str) -> bool:
    """Tell whether a letter left out of each makes the two one slip or nothing apart."""
    if min(len(word), len(said)) < _FEWEST_FOR_TWO - 1:
        return False
    return any(one == said or is_one_slip(one, said) for one in shorter_forms(word))


def sound_of(spelt: str) -> str:
    """Return how Korean letters sound, roughly: ㅐ as ㅔ, ㅊ as ㅈ, ㅕ behind ㅈ as ㅓ."""
    sound = spelt.translate(_BY_EAR)
    for written, heard in _AFTER_J:
        sound = sound.replace(written, heard)
    return sound


def shorter_forms(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))
