"""Hangul syllables taken apart into letters, as Unicode arranges them."""

from __future__ import annotations

from typing import Final

INITIALS: Final = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS: Final = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
FINALS: Final = (
    "", "ㄱ", "ㄲ", "ㄳ", "ㄴ", "ㄵ", "ㄶ", "ㄷ", "ㄹ", "ㄺ", "ㄻ", "ㄼ", "ㄽ", "ㄾ", "ㄿ",
    "ㅀ", "ㅁ", "ㅂ", "ㅄ", "ㅅ", "ㅆ", "ㅇ", "ㅈ", "ㅊ", "ㅋ", "ㅌ", "ㅍ", "ㅎ",
)  # fmt: skip

_FIRST: Final = 0xAC00
_LAST: Final = 0xD7A3


def is_syllable(character: str) -> bool:
    """Tell whether `character` is one precomposed Hangul syllable."""
    return _FIRST <= ord(character) <= _LAST


def split_syllable(character: str) -> tuple[str, str, str]:
    """Return the initial, the vowel and the final ("" for none) of one syllable."""
    index = ord(character) - _FIRST
    initial, rest = divmod(index, len(VOWELS) * len(FINALS))
    vowel, final = divmod(rest, len(FINALS))
    return INITIALS[initial], VOWELS[vowel], FINALS[final]


def letters(text: str) -> str:
    """Return `text` with each syllable written as its letters: 홍대 → ㅎㅗㅇㄷㅐ."""
    return "".join("".join(split_syllable(c)) if is_syllable(c) else c for c in text)
