"""Korean particles that follow the sound a word ends in."""

from __future__ import annotations

import re
import unicodedata
from enum import Enum
from typing import Final

from engine.text.hangul import is_syllable, split_syllable


class Particle(Enum):
    """A particle as (after a consonant, after a vowel)."""

    TOPIC = ("은", "는")
    SUBJECT = ("이", "가")
    OBJECT = ("을", "를")
    WITH = ("과", "와")
    ALONG = ("이랑", "랑")
    TOWARD = ("으로", "로")  # 로 after ㄹ too
    OR = ("이나", "나")
    COPULA = ("이에요", "예요")


class _Ending(Enum):
    VOWEL = "vowel"
    RIEUL = "rieul"
    CONSONANT = "consonant"
    UNKNOWN = "unknown"


_DIGITS: Final = {"0": "영", "1": "일", "2": "이", "3": "삼", "4": "사", "5": "오", "6": "육",
                  "7": "칠", "8": "팔", "9": "구"}  # fmt: skip
# The word that a number with this many trailing zeros ends in.
_ZEROS: Final = ("", "십", "백", "천", "만", "만", "만", "만", "억", "억", "억", "억")

_ASIDE: Final = re.compile(r"\s*[(\[（][^()\[\]（）]*[)\]）]\s*$")  # read silently
_NUMBER: Final = re.compile(r"\d[\d,]*(\.\d+)?$")
_LETTERS: Final = re.compile(r"[A-Za-z]+$")
# English words by how Korean usually writes them: book 북, Seoul 서울, table 테이블; star 스타.
_RIEUL_WORD: Final = re.compile(r"(l|[aeiou]le|[^aeiou]le)$", re.IGNORECASE)
_CONSONANT_WORD: Final = re.compile(
    r"([mn]|[mn]e|ng|ck|[^aeiou][aiou][bp]|[aeiou][ck]|[^aeiou][aeiou][bpt]|oo[kt])$", re.IGNORECASE
)


def _syllable_ending(character: str) -> _Ending:
    final = split_syllable(character)[2]
    if final == "ㄹ":
        return _Ending.RIEUL
    return _Ending.CONSONANT if final else _Ending.VOWEL


def _number_ending(number: str) -> _Ending:
    digits = number.replace(",", "")
    zeros = len(digits) - len(digits.rstrip("0"))
    if "." in digits or zeros == 0 or zeros == len(digits):
        return _syllable_ending(_DIGITS[digits[-1]])
    return _syllable_ending(_ZEROS[zeros]) if zeros < len(_ZEROS) else _Ending.VOWEL


def _letters_ending(word: str) -> _Ending:
    if word.isupper():  # spelled out: 엘, 알; 엠, 엔; the names of all others end in a vowel
        return {"L": _Ending.RIEUL, "R": _Ending.RIEUL, "M": _Ending.CONSONANT,
                "N": _Ending.CONSONANT}.get(word[-1], _Ending.VOWEL)  # fmt: skip
    if _RIEUL_WORD.search(word):
        return _Ending.RIEUL
    return _Ending.CONSONANT if _CONSONANT_WORD.search(word) else _Ending.VOWEL


def _without_accents(word: str) -> str:
    """Return a word as it is read without the marks on Latin letters: Café."""
    return "".join(
        letter if is_syllable(letter) else unicodedata.normalize("NFD", letter)[0]
        for letter in word
    )


def _ending(word: str) -> _Ending:
    spoken = _ASIDE.sub("", _without_accents(word))
    while spoken and not spoken[-1].isalnum():
        spoken = spoken[:-1]
    if not spoken:
        return _Ending.UNKNOWN
    if is_syllable(spoken[-1]):
        return _syllable_ending(spoken[-1])
    if number := _NUMBER.search(spoken):
        return _number_ending(number.group())
    if latin := _LETTERS.search(spoken):
        return _letters_ending(latin.group())
    return _Ending.UNKNOWN


def choose_particle(*, word: str, particle: Particle) -> str:
    """
    Return the form of `particle` that follows `word`: 카페 → 는, 식당 → 은, 서울 → 로.

    A part in brackets at the end is passed over, numbers are read as Sino-Korean. Where the sound
    cannot be known (Chinese characters, only punctuation), both forms are given: "은(는)".
    """
    after_consonant, after_vowel = particle.value
    ending = _ending(word)
    if ending is _Ending.UNKNOWN:
        return f"{after_consonant}({after_vowel})"
    if ending is _Ending.VOWEL or (ending is _Ending.RIEUL and particle is Particle.TOWARD):
        return after_vowel
    return after_consonant


def attach_particle(*, word: str, particle: Particle) -> str:
    """Return `word` with the form of `particle` that follows it."""
    return word + choose_particle(word=word, particle=particle)
