"""
Words that people write by ear or with a slip, read as the mood that they mean: 로멘틱, peacful.

A slip is believed only where it can hardly be another word: a Korean one must sound the same, an
English one be long. 고유한 is one vowel from 고요한 and means something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from engine.query.typos import is_one_slip, shorter_forms, sound_of
from engine.tagging.types import TagKind
from engine.tagging.vocabulary import Meaning, Vocabulary, tags, vocabulary
from engine.text.hangul import is_syllable, letters

_FEWEST_SYLLABLES: Final = 3
_FEWEST_LATIN: Final = 7
_LONGEST: Final = 20
_KINDS: Final = frozenset({TagKind.MOOD, TagKind.CONGESTION})
_TOKEN: Final = re.compile(r"[가-힣]{3,}|(?<![a-z0-9])[a-z]{6,20}(?![a-z0-9])")


@dataclass(frozen=True, slots=True)
class Slips:
    """The words that may be slipped in: Korean ones by their sound, English ones by what is left of them."""

    by_sound: Mapping[str, str]
    by_shorter: Mapping[str, Sequence[str]]
    words: Mapping[str, tuple[Meaning, ...]]

    def found(self, text: str) -> Iterator[tuple[int, int, tuple[Meaning, ...]]]:
        """Yield where `text`, folded, has a slip, with what is meant; never a word that is known."""
        for token in _TOKEN.finditer(text):
            said = token.group()
            word, size = self._korean(said) if is_syllable(said[0]) else self._english(said)
            if word:
                yield token.start(), token.start() + size, self.words[word]

    def _korean(self, said: str) -> tuple[str, int]:
        for size in range(min(len(said), _LONGEST), _FEWEST_SYLLABLES - 1, -1):
            word = self.by_sound.get(sound_of(letters(said[:size])), "")
            if word and word != said[:size]:
                return word, size
        return "", 0

    def _english(self, said: str) -> tuple[str, int]:
        if said in self.words:
            return "", 0
        near = {
            word for form in (said, *shorter_forms(said)) for word in self.by_shorter.get(form, ())
        }
        meant = {word for word in near if word[0] == said[0] and is_one_slip(word, said)}
        meanings = {self.words[word] for word in meant}
        return (min(meant), len(said)) if len(meanings) == 1 else ("", 0)


@cache
def shipped_slips() -> Slips:
    """Return the slips of the shipped words, found once for each process."""
    return slips_of(vocabulary())


def slips_of(words: Vocabulary) -> Slips:
    """Return the slips of the words that name a mood or crowds."""
    by_sound: dict[str, str] = {}
    by_shorter: dict[str, list[str]] = {}
    for word, meanings in words.words.items():
        if not any(tags()[one.tag].kind in _KINDS for one in meanings):
            continue
        if all(map(is_syllable, word)) and len(word) >= _FEWEST_SYLLABLES:
            by_sound.setdefault(sound_of(letters(word)), word)
        elif word.isascii() and word.isalpha() and len(word) >= _FEWEST_LATIN:
            for form in (word, *shorter_forms(word)):
                by_shorter.setdefault(form, []).append(word)
    return Slips(by_sound, by_shorter, words.words)
