"""Names Korean streets in English."""

from __future__ import annotations

from typing import Final

from engine.text.romanising import romanise

# The longest ending first, so that each is found whole.
_WORDS: Final = {
    "로데오거리": " Rodeo Street",
    "카페거리": " Cafe Street",
    "문화의거리": " Culture Street",
    "가구거리": " Furniture Street",
    "명품거리": " Luxury Street",
    "차이나타운": " Chinatown",
    "먹자골목": " Food Alley",
    "카페골목": " Cafe Alley",
    "산책로": " Trail",
    "마을": " Village",
    "시장": " Market",
    "거리": " Street",
    "골목": " Alley",
    "길": "-gil",
    "로": "-ro",
}


def name_street_in_english(*, name: str) -> str:
    """Return the English of what kind of street it is, after what it is called, romanised."""
    for ending, word in _WORDS.items():
        called = name.removesuffix(ending)
        if called and called != name:
            if called.endswith("동") and len(called) > 2:
                return f"{romanise(called[:-1])}-dong{word}"
            return f"{romanise(called)}{word}"
    return romanise(name)
