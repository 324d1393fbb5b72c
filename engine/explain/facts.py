"""One sentence for one fact: warnings, why there are fewer cards, what would help, why not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

from engine.explain.wording import Locale, Wording, get_wording
from engine.types import Fact

_WORDS: Final = {
    "mood": "moods",
    "weather": "weather",
    "companions": "companions",
    "need": "needs",
    "mode": "modes",
}
_MONEY: Final = frozenset({"amount", "cost", "budget"})


def say(*, fact: Fact, locale: Locale) -> str:
    """Return the sentence for `fact`."""
    wording = get_wording(locale=locale)
    currency = str(fact.values.get("currency", "KRW"))
    values: dict[str, object] = {}
    for name, value in fact.values.items():
        values |= _worded(wording, currency, name, value)
    return wording.phrase("facts", fact.code, **values)


def _worded(wording: Wording, currency: str, name: str, value: object) -> dict[str, object]:
    """Return the template's value or values for one value of a fact."""
    if name in _WORDS:
        return {name: wording.word(_WORDS[name], str(value))}
    if name in _MONEY:
        return {name: wording.money(cast("int", value), currency)}
    formatters: dict[str, Callable[[], dict[str, object]]] = {
        "category": lambda: {"category": wording.category(str(value))},
        "reason": lambda: {"reason": say(fact=cast("Fact", value), locale=wording.locale)},
        "minutes": lambda: {"minutes": wording.minutes(cast("float", value))},
        "metres": lambda: {"distance": wording.distance(cast("float", value))},
        "cards": lambda: {"cards": wording.count("plan", cast("int", value))},
        "score": lambda: {"score": f"{value:.2f}"},
        "score_with": lambda: {"score_with": f"{value:.2f}"},
        f"names_{wording.locale}": lambda: {
            "names": wording.join([wording.name(text) for text in cast("tuple[str, ...]", value)])
        },
    }
    return formatters[name]() if name in formatters else {name: value}
