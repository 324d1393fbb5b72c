"""Words: phrases from data, numbers with their units, and Korean particles that fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Literal

from engine.catalogue import CATEGORIES, major_units, read_data
from engine.text.particles import Particle, attach_particle
from engine.text.romanising import romanise
from engine.types import Candidate

Locale = Literal["ko", "en"]

_PARTICLES: Final = {
    "은": Particle.TOPIC,
    "이": Particle.SUBJECT,
    "을": Particle.OBJECT,
    "과": Particle.WITH,
    "으로": Particle.TOWARD,
    "이에요": Particle.COPULA,
}
_ARTICLES: Final = ("a", "A")
_VOWELS: Final = frozenset("aeio")  # no u: "a university"


class Word(str):
    """
    A word that takes a particle or an article in a template.

    "{name:은}" gives "카페는", "{name:a}" gives "an activity"; with "A", and with "^" for the word
    alone, it begins a sentence.
    """

    __slots__ = ()

    def __format__(self, specification: str) -> str:
        if specification in _ARTICLES:
            article = "an" if self[:1].lower() in _VOWELS else "a"
            return f"{article} {self}" if specification == "a" else f"{article.title()} {self}"
        if specification == "^":
            return self[:1].upper() + self[1:]
        if specification:
            return attach_particle(word=str(self), particle=_PARTICLES[specification])
        return str(self)


@dataclass(frozen=True)
class Wording:
    """The phrases of one language."""

    locale: Locale
    phrases: Mapping[str, Any]

    def phrase(self, section: str, key: str, **values: object) -> str:
        """Return the phrase with its values put in."""
        return self.fill(self.phrases[section][key], **values)

    def fill(self, template: str, **values: object) -> str:
        """Return `template` with its values put in; texts take particles."""
        words = {k: Word(v) if isinstance(v, str) else v for k, v in values.items()}
        return template.format(**words)

    def word(self, section: str, key: str) -> str:
        return str(self.phrases[section][key])

    def has(self, section: str, key: str) -> bool:
        return key in self.phrases[section]

    def known(self, section: str, key: str) -> str:
        """Return the word for `key`, or `key` itself where the language has none for it."""
        return str(self.phrases[section].get(key, key))

    def category(self, name: str) -> str:
        category = CATEGORIES[name]
        return category.ko if self.locale == "ko" else category.en

    def place(self, candidate: Candidate) -> str:
        if self.locale == "ko":
            return candidate.name_ko or candidate.name_en
        return self.name(candidate.name_en or candidate.name_ko)

    def name(self, text: str) -> str:
        """Return a place's name so that readers of the language can read it."""
        return text if self.locale == "ko" else romanise(text)

    def count(self, unit: str, number: int) -> str:
        """Return the number with `unit` in its singular or plural."""
        return self.phrase("units", f"{unit}_one" if number == 1 else f"{unit}_many", n=number)

    def minutes(self, minutes: float) -> str:
        """Return whole minutes as hours and minutes."""
        hours, rest = divmod(round(minutes), 60)
        parts = [self.phrase("units", "hour", n=hours)] if hours else []
        if rest or not hours:
            parts.append(self.phrase("units", "minute", n=rest))
        return " ".join(parts)

    def distance(self, metres: float) -> str:
        """Return metres below a kilometre in tens, kilometres from there on."""
        tens = round(metres / 10) * 10
        if tens < 1000:
            return self.phrase("units", "metre", n=tens)
        return self.phrase("units", "kilometre", n=f"{metres / 1000:.1f}")

    def money(self, amount: int, currency: str) -> str:
        """Return minor units in the currency's own way."""
        n = major_units(amount=amount, currency=currency)
        if currency in self.phrases["units"]:
            return self.phrase("units", currency, n=n)
        return self.phrase("units", "other_currency", n=n, currency=currency)

    def join(self, words: Sequence[str]) -> str:
        """Return "a", "a and b", or "a, b and c"."""
        if len(words) < 2:
            return "".join(words)
        joined = words[0]
        for word in words[1:-1]:
            joined = self.phrase("units", "list_many", first=joined, last=word)
        return self.phrase("units", "list_two", first=joined, last=words[-1])


def clock_at(*, starts_at: datetime, minutes: float) -> str:
    """Return the local time as HH:MM; clocks that change in between are followed."""
    moment = starts_at.timestamp() + minutes * 60
    local = datetime.fromtimestamp(moment, tz=starts_at.tzinfo)
    return f"{local.hour:02}:{local.minute:02}"


@lru_cache(maxsize=2)
def get_wording(*, locale: Locale) -> Wording:
    """Return the shipped phrases of one language."""
    return Wording(locale, read_data(f"phrases_{locale}.toml"))
