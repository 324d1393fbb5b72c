"""
Korean in Latin letters by the Revised Romanization of 2000.

Sounds that change where syllables meet are written as spoken: liaison, nasal and liquid
assimilation, palatalisation, ㅎ. As the rules ask, tensed sounds are not shown, and ㅎ stays
after ㄱ, ㄷ, ㅂ (묵호 → Mukho), which is the rule for nouns. An inserted ㄴ (학여울 →
Hangnyeoul) depends on the word and is not guessed.
"""

from __future__ import annotations

from typing import Final

from engine.text.hangul import INITIALS, VOWELS, is_syllable, split_syllable

_INITIAL: Final = dict(
    zip(
        INITIALS,
        ("g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t",
         "p", "h"),
        strict=True,
    )
)  # fmt: skip
_VOWEL: Final = dict(
    zip(
        VOWELS,
        ("a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo",
         "we", "wi", "yu", "eu", "ui", "i"),
        strict=True,
    )
)  # fmt: skip

# What a final sounds like at the end of a word or before a consonant.
_CLOSED: Final = {
    "": "", "ㄱ": "k", "ㄲ": "k", "ㄳ": "k", "ㄴ": "n", "ㄵ": "n", "ㄶ": "n", "ㄷ": "t", "ㄹ": "l",
    "ㄺ": "k", "ㄻ": "m", "ㄼ": "l", "ㄽ": "l", "ㄾ": "l", "ㄿ": "p", "ㅀ": "l", "ㅁ": "m", "ㅂ": "p",
    "ㅄ": "p", "ㅅ": "t", "ㅆ": "t", "ㅇ": "ng", "ㅈ": "t", "ㅊ": "t", "ㅋ": "k", "ㅌ": "t", "ㅍ": "p",
    "ㅎ": "t",
}  # fmt: skip
# What it sounds like when a vowel follows and takes it over.
_LINKED: Final = {
    "": "", "ㄱ": "g", "ㄲ": "kk", "ㄳ": "ks", "ㄴ": "n", "ㄵ": "nj", "ㄶ": "n", "ㄷ": "d", "ㄹ": "r",
    "ㄺ": "lg", "ㄻ": "lm", "ㄼ": "lb", "ㄽ": "ls", "ㄾ": "lt", "ㄿ": "lp", "ㅀ": "r", "ㅁ": "m",
    "ㅂ": "b", "ㅄ": "ps", "ㅅ": "s", "ㅆ": "ss", "ㅇ": "ng", "ㅈ": "j", "ㅊ": "ch", "ㅋ": "k", "ㅌ": "t",
    "ㅍ": "p", "ㅎ": "",
}  # fmt: skip
_PALATALISED: Final = {"ㄷ": "j", "ㅌ": "ch", "ㄾ": "lch"}
_NASAL: Final = {"k": "ng", "t": "n", "p": "m"}
_LIQUID: Final = {"n": "ll", "l": "ll", "k": "ngn", "t": "nn", "p": "mn", "m": "mn", "ng": "ngn"}
# ㅎ at the end of a syllable: what it leaves behind, and what the next initial becomes.
_ASPIRATING: Final = {"ㅎ": "", "ㄶ": "n", "ㅀ": "l"}
_ASPIRATED: Final = {"ㄱ": "k", "ㄷ": "t", "ㅈ": "ch", "ㅅ": "s"}


def _meet(final: str, initial: str, vowel: str) -> str:
    """Return the sounds between two vowels: of `final`, then of `initial` before `vowel`."""
    if initial == "ㅇ":
        return _PALATALISED.get(final, _LINKED[final]) if vowel == "ㅣ" else _LINKED[final]
    if final in _ASPIRATING and initial in _ASPIRATED:
        return _ASPIRATING[final] + _ASPIRATED[initial]
    closed = _CLOSED[final]
    if initial == "ㄹ":
        return _LIQUID.get(closed, "r")
    if initial == "ㄴ" and closed == "l":
        return "ll"
    if initial in "ㄴㅁ":
        closed = _NASAL.get(closed, closed)
    return closed + _INITIAL[initial]


def _romanise_run(run: str) -> str:
    """Return an unbroken run of syllables in lower-case letters."""
    sounds: list[str] = []
    pending = ""
    for position, character in enumerate(run):
        initial, vowel, final = split_syllable(character)
        sounds.append(_meet(pending, initial, vowel) if position else _INITIAL[initial])
        sounds.append(_VOWEL[vowel])
        pending = final
    sounds.append(_CLOSED[pending])
    return "".join(sounds)


def romanise(text: str) -> str:
    """
    Return `text` with its Hangul romanised and each Korean word capitalised.

    What is not a Hangul syllable is kept: "종로3가 카페 Onion" → "Jongno3ga Kape Onion".
    """
    written: list[str] = []
    position = 0
    while position < len(text):
        end = position
        while end < len(text) and is_syllable(text[end]):
            end += 1
        if end == position:
            written.append(text[position])
            position += 1
            continue
        run = _romanise_run(text[position:end])
        inside_word = position > 0 and text[position - 1].isalnum()
        written.append(run if inside_word else run.capitalize())
        position = end
    return "".join(written)
