"""
How a text is sought in the names of places: as words of an index, the surest way first.

The index `listing_words` (`places.indexes`) holds for each name its words, the consonants of its
syllables (초성) and the whole of it without spaces, letter by letter (자모) and with the band of its
place before each, so that the famous are read without the others. What is sought there is written as
a `tsquery`; a condition beside it says what the index cannot.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final

from places.indexes import SOUNDS_LENGTH, WHOLE_LENGTH, WORD_BANDS, words_of

# Compatibility consonants, as a keyboard types them, and the leading ones that syllables are made of.
INITIALS: Final = dict(
    zip("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ", map(chr, range(0x1100, 0x1113)), strict=True)
)
BAND: Final = "\x1f"  # stands for the band until the query is asked
BAND_NAMES: Final = "".join(str(number) for number in range(len(WORD_BANDS) + 1))
RARE_HIGH: Final = (
    2  # words of a text that the index is asked for; the rest is looked at in the name
)
BEGINNING_LOW: Final = 2  # letters of a word that is looked at in the names that the others find
WORDS_HIGH: Final = 8  # of a text; more do not tell a name any better
_IS_WHOLE: Final = "%(text)s IN (lower(p.names ->> 'ko'), lower(p.names ->> 'en'))"
_HOLDS: Final = "strpos(p.name_search, %(text)s) > 0"
_TOGETHER: Final = " OR ".join(
    f"starts_with(NORMALIZE(REPLACE(lower(p.names ->> '{language}'), ' ', ''), NFD), %(together)s)"
    for language in ("ko", "en")
)
_STARTS: Final = "REGEXP_REPLACE(p.letters, '[^ᄀ-ᄒ ]+', '', 'g')"
_SOUNDS: Final = "REGEXP_REPLACE(p.letters, '[^ᄀ-ᄒ]+', '', 'g')"


class Fit(IntEnum):
    """How a name fits a text, the better the lower."""

    WHOLE = 0  # it is the text
    BEGINS = 1  # it holds the text, from where a word begins
    INSIDE = 2  # … from within a word
    WORDS = 3  # its words begin so, in whichever order, or it is written together


@dataclass(frozen=True, slots=True)
class Sought:
    """Words of the index, and what else must hold of the place `p`."""

    words: str  # a tsquery of every BAND
    match: str = "true"
    parameters: Mapping[str, Any] = field(default_factory=dict)
    looked_at: str = (
        ""  # what the words say, as a condition on the letters of a name; empty: nobody asks so
    )

    def in_band(self, band: str) -> str:
        """Return the tsquery of one band."""
        return self.words.replace(BAND, band)


@dataclass(frozen=True, slots=True)
class Text:
    """A text that is looked for, read once."""

    said: str  # NFC, in lower case
    words: Sequence[str]  # letter by letter

    @property
    def letters(self) -> str:
        return unicodedata.normalize("NFD", self.said)

    @property
    def together(self) -> str:
        """The letters without spaces."""
        return self.letters.replace(" ", "")


def read_text(said: str) -> Text:
    """Return a text as names are written: NFC, in lower case."""
    text = unicodedata.normalize("NFC", said).lower().replace(BAND, " ")
    return Text(said=text, words=words_of(text)[:WORDS_HIGH])


def is_initials(text: str) -> bool:
    """Tell whether the text is typed as first consonants alone."""
    return all(letter in INITIALS or letter == " " for letter in text)


def is_name(text: Text) -> bool:
    """Tell whether a name can be known by this: none is by its dots."""
    return bool(text.words) and any(letter.isalnum() for letter in text.said)


def seek(text: Text, fit: Fit) -> Sought:
    """Return what finds names that fit so; those from within a word need `seek_inside`."""
    parameters = {"text": text.said}
    if fit is Fit.WHOLE:
        return Sought(_whole(text, is_open=False), _IS_WHOLE, parameters)
    every, spelt = _looked_at(text)
    if fit is Fit.BEGINS:
        return Sought(_all(text), _HOLDS, parameters | spelt, looked_at=every)
    asked = _asked(text)
    parameters = {f"word{n}": f" {w}" for n, w in enumerate(text.words) if w not in asked}
    match = " AND ".join(f"strpos(p.letters, %({name})s) > 0" for name in parameters)
    return Sought(
        f"({_all(text)}) | {_whole(text, is_open=True)}",
        match or "true",
        parameters
        | spelt
        | {"head": f" {text.letters[:2]}", "together": text.together[:WHOLE_LENGTH]},
        looked_at=f"({every} OR strpos(p.letters, %(head)s) > 0 AND ({_TOGETHER}))",
    )


def seek_inside(text: Text, words: Iterable[str]) -> Sought:
    """Return what finds the text where one of `words` holds or ends with its first one."""
    either = " | ".join(_is(word) for word in words)
    rest = [word for word in rarest(text.words[1:]) if len(word) > BEGINNING_LOW]
    found = [_begins(word) if word == text.words[-1] else _is(word) for word in rest]
    return Sought(" & ".join([f"({either})", *found]), _HOLDS, {"text": text.said})


def rarest(words: Iterable[str]) -> list[str]:
    """Return those of the words that few names have, as far as their length tells: the longest."""
    return sorted(dict.fromkeys(words), key=len, reverse=True)[:RARE_HIGH]


def seek_initials(text: str) -> Sequence[Sought]:
    """Return what finds words that begin with these consonants, then names that hold them anywhere."""
    sounds = "".join(INITIALS[letter] for letter in text if letter != " ")
    known = sounds[:SOUNDS_LENGTH]
    match = f"strpos({_SOUNDS}, %(sounds)s) > 0" if len(sounds) > len(known) else "true"
    parameters = {"sounds": sounds, "known": known, "start": f" {known}"}
    starts = Sought(
        _begins(f"^{known}"), match, parameters, looked_at=f"strpos({_STARTS}, %(start)s) > 0"
    )
    if len(sounds) == 1:  # which stands somewhere in half of all names
        return (starts,)
    inside = f"strpos({_SOUNDS}, %(known)s) > 0"
    return (starts, Sought(_begins(f"~{known}"), match, parameters, looked_at=inside))


def seek_mended(choices: Sequence[Sequence[Sequence[str]]], together: Sequence[str]) -> Sought:
    """
    Return what finds a misspelt text.

    For each of its words `choices` has what may be meant: each one or more words, all of them in the
    name; `together` may be meant by the whole.
    """
    every = " & ".join(
        "(" + " | ".join("(" + _each(words) + ")" for words in of_word) + ")" for of_word in choices
    )
    return Sought(" | ".join(filter(None, [every, *map(_is, together)])))


def _whole(text: Text, *, is_open: bool) -> str:
    known = text.together[:WHOLE_LENGTH]
    return _begins(f"={known}") if is_open else _is(f"={known}")


def _all(text: Text) -> str:
    """
    Return what finds the words of a text; the last of them may be typed in part.

    By the rarest alone: to go along the lists of the others takes longer than to look at what is found.
    Nor may others be typed in part: "of" is the beginning of "office".
    """
    return " & ".join(
        _begins(word) if word == text.words[-1] else _is(word) for word in _asked(text)
    )


def _asked(text: Text) -> list[str]:
    """Return the words that the index is asked for: beside others none that so many words begin with."""
    words = rarest(text.words)
    return [word for word in words if len(word) > BEGINNING_LOW] or words[:1]


def _looked_at(text: Text) -> tuple[str, dict[str, str]]:
    """Return what `_all` does as a condition on letters, and its parameters."""
    spelt = {
        f"asked{n}": f" {word}" if word == text.words[-1] else f" {word} "
        for n, word in enumerate(_asked(text))
    }
    every = " AND ".join(f"strpos(p.letters || ' ', %({name})s) > 0" for name in spelt)
    return f"({every})", spelt


def _each(words: Sequence[str]) -> str:
    """Return what finds a word, or names that are written together of several."""
    return _is(words[0]) if len(words) == 1 else " & ".join(map(_begins, words))


def _is(word: str) -> str:
    quoted = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{BAND}{quoted}'"


def _begins(word: str) -> str:
    return f"{_is(word)}:*"
