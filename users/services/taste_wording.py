"""A taste in words, and what a change of it moves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, Literal

from common.languages import Bilingual
from engine.catalogue import CATEGORIES
from engine.explain.wording import Wording, get_wording
from engine.learning.stating import WORDS, Shift
from users.services.tasting import StatedTaste, TasteEdited

Locale = Literal["ko", "en"]

_SHOWN: Final = 5  # of what goes up, and of what goes down
_NOTICEABLE: Final = 0.01
_NAMED: Final = 3  # in the summary, of either side

NEUTRAL: Final = Bilingual(
    ko="아직 취향을 몰라요. 모두 똑같이 보고 추천해요.",
    en="No taste is known yet: everything counts alike.",
)
BOTH: Final = Bilingual(
    ko="{liked:을} 좋아하고, {disliked:은} 덜 찾아요.",
    en="You like {liked}, and care less for {disliked}.",
)
LIKED: Final = Bilingual(ko="{liked:을} 좋아해요.", en="You like {liked}.")
DISLIKED: Final = Bilingual(ko="{disliked:은} 덜 찾아요.", en="You care less for {disliked}.")


def kind_of(word: str, /) -> str:
    return "category" if word in CATEGORIES else "mood"


def word_of(word: str, /, *, locale: Locale) -> str:
    """Return a mood or a category as it is called in the language."""
    wording = get_wording(locale=locale)
    return wording.category(word) if word in CATEGORIES else wording.word("moods", word)


def summarise(taste: StatedTaste, /, *, locale: Locale) -> str:
    """Return one sentence about a taste, its strongest words in it."""
    wording = get_wording(locale=locale)
    ordered = _strongest_first(taste)
    liked = [word for word in ordered if taste.strengths.get(word, 0.0) > 0][:_NAMED]
    disliked = [word for word in ordered if taste.strengths.get(word, 0.0) < 0][:_NAMED]
    if not liked and not disliked:
        return NEUTRAL.in_language(locale)
    template = BOTH if liked and disliked else LIKED if liked else DISLIKED
    return wording.fill(
        template.in_language(locale), liked=_join(wording, liked), disliked=_join(wording, disliked)
    )


def list_words(taste: StatedTaste, /, *, locale: Locale) -> list[dict[str, Any]]:
    """Return what is believed of each word and who says so, the strongest first."""
    return [
        {
            **_named(word, locale),
            "strength": taste.strengths.get(word, 0.0),
            "sources": taste.sources(word),
        }
        for word in _strongest_first(taste)
    ]


def list_changes(edited: TasteEdited, /, *, locale: Locale) -> list[dict[str, Any]]:
    """Return each strength that an edit changed, before and after."""
    pairs = [
        (word, edited.before.strengths.get(word, 0.0), edited.after.strengths.get(word, 0.0))
        for word in WORDS
    ]
    return [
        {**_named(word, locale), "before": before, "after": after}
        for word, before, after in pairs
        if before != after
    ]


def describe_effect(shifts: Sequence[Shift], /, *, locale: Locale) -> dict[str, Any]:
    """Return whose places are liked more after an edit and whose less, the most moved first."""
    up = [shift for shift in shifts if shift.moved >= _NOTICEABLE]
    down = [shift for shift in reversed(shifts) if shift.moved <= -_NOTICEABLE]
    return {"up": _show(up, locale), "down": _show(down, locale)}


def _show(shifts: Iterable[Shift], locale: Locale) -> list[dict[str, Any]]:
    return [
        {
            **_named(shift.word, locale),
            "before": round(shift.before, 3),
            "after": round(shift.after, 3),
        }
        for shift in list(shifts)[:_SHOWN]
    ]


def _named(word: str, locale: Locale) -> dict[str, str]:
    return {"kind": kind_of(word), "name": word, "text": word_of(word, locale=locale)}


def _strongest_first(taste: StatedTaste) -> list[str]:
    known = {*taste.strengths, *taste.quiz}
    return sorted(known, key=lambda word: (-abs(taste.strengths.get(word, 0.0)), word))


def _join(wording: Wording, words: Sequence[str]) -> str:
    return wording.join(
        [
            wording.category(word)
            if word in CATEGORIES
            else wording.phrase("units", "liked_mood", mood=wording.word("moods", word))
            for word in words
        ]
    )
