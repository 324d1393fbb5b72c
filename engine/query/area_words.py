"""The words around an area name that tell whether it is one, read from `data/gazetteer.toml`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from engine.catalogue import read_data
from engine.text.hangul import is_syllable
from engine.text.normalising import match_key


def is_hangul(character: str) -> bool:
    """Tell whether `character` is a Hangul syllable."""
    return is_syllable(character)


def _any_of(words: Iterable[str]) -> str:
    return "(?:" + "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True)) + ")"


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaWords:
    """What may stand around an area name; patterns match right after the name."""

    free: re.Pattern[str]  # what may follow any Korean name
    placed: re.Pattern[str]  # what may follow a name that is an everyday word too
    strongly_placed: re.Pattern[str]  # what must follow one whose everyday meaning is likelier
    before_en: re.Pattern[str]
    after_en: re.Pattern[str]
    weak: frozenset[str]
    rare: frozenset[str]
    weak_en: frozenset[str]
    kind_words: frozenset[str]
    elsewhere: tuple[str, ...]
    share_low: float
    margin: float
    suggest_low: float
    suggestions: int
    apart_m: float

    def allow(self, text: str, start: int, end: int, *, key: str) -> bool:
        """Tell whether `text[start:end]`, known as the name `key`, is meant as one here."""
        if not is_hangul(text[end - 1]):
            return self._allow_latin(text, start, end, key=key)
        if start == 0 and not text[end:].strip(" .!?,"):
            return True
        if key in self.rare:
            return self.strongly_placed.match(text, end) is not None
        if key in self.weak:
            is_heading = start == 0 and text[end : end + 1] in (" ", ",")
            is_closing = text[start - 1] in " ," and not text[end:].strip(" .!?~")
            return is_heading or is_closing or self.placed.match(text, end) is not None
        return self.free.match(text, end) is not None

    def _allow_latin(self, text: str, start: int, end: int, *, key: str) -> bool:
        following = text[end : end + 1]
        if following.isascii() and following.isalnum():
            return False
        if key not in self.weak_en or (start == 0 and not text[end:].strip(" .!?,")):
            return True
        return bool(self.before_en.search(text[:start]) or self.after_en.match(text, end))


def _read() -> AreaWords:
    data = read_data("gazetteer.toml")
    particles = _any_of(data["particles"])
    place_words, activities = _any_of(data["place_words"]), _any_of(data["activities"])
    place_particles = _any_of(data["place_particles"])
    stop = r"(?![가-힣])"
    place = rf"\s?{place_words}(?:{particles}{stop}|{activities}|{stop})"
    strong = rf"(?:{place}|{place_particles}{stop})"
    activity = rf"\s?{activities}"
    similar = data["similar"]
    return AreaWords(
        free=re.compile(rf"(?:{stop}|{place}|{activity}|{particles}{stop})"),
        placed=re.compile(rf"(?:{strong}|{activity})"),
        strongly_placed=re.compile(strong),
        before_en=re.compile(rf"\b{_any_of(data['before_en'])}\s+(?:the\s+)?$"),
        after_en=re.compile(rf"(?:[\s-]+{_any_of(data['after_en'])}|-?dong|-?gu)\b"),
        weak=frozenset(map(match_key, data["weak"])),
        rare=frozenset(map(match_key, data["rare"])),
        weak_en=frozenset(map(match_key, data["weak_en"])),
        kind_words=frozenset(data["kind_words"]),
        elsewhere=tuple(data["elsewhere"]),
        share_low=similar["share_low"],
        margin=similar["margin"],
        suggest_low=similar["suggest_low"],
        suggestions=similar["suggestions"],
        apart_m=data["same_place"]["apart_m"],
    )


AREA_WORDS: Final = _read()
