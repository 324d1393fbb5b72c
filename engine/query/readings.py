"""What a stretch of a sentence can mean, before the stretches are read together."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Word:
    """An entry of the lexicon: `section` and `value` as in the data file."""

    section: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount as people write it, in whole units; `currency` is None where none was said."""

    amount: int
    currency: str | None = None  # ISO 4217


@dataclass(frozen=True, slots=True)
class ForeignMoney:
    """An amount in which no city of ours charges: nothing is converted, so it is not understood."""


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time."""

    minutes: int


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day in minutes; `certain` when morning or afternoon was said."""

    minutes: int
    certain: bool
    daypart: str | None = None  # said with it: "저녁 7시"


@dataclass(frozen=True, slots=True)
class ClockRange:
    """From one clock time to another."""

    start: Clock
    end: Clock


@dataclass(frozen=True, slots=True)
class People:
    """A number of people; `whole` when it counts the whole party, the speaker included."""

    number: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Stops:
    """A number of places."""

    number: int


@dataclass(frozen=True, slots=True)
class Number:
    """A bare number that its neighbours give a meaning to."""

    number: int


Reading = Word | Money | ForeignMoney | Duration | Clock | ClockRange | People | Stops | Number


@dataclass(frozen=True, slots=True)
class Item:
    """A stretch of the folded text that can be read; several readings may hold at once."""

    start: int
    end: int
    readings: tuple[Reading, ...]
    confidence: float = 1.0


@dataclass(slots=True, eq=False)
class Unit:
    """An item or an unknown word in its place: `gap` stood before it, `tail` hangs on it."""

    start: int
    end: int
    text: str
    readings: tuple[Reading, ...]
    confidence: float
    gap: str = ""
    tail: str = ""
    negated: bool = False
    values: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.read_as(self.readings, confidence=self.confidence)

    def read_as(self, readings: tuple[Reading, ...], *, confidence: float) -> None:
        """Give the unit other readings."""
        self.readings = readings
        self.confidence = confidence
        self.values = {}
        for reading in self.readings:
            if isinstance(reading, Word):
                self.values.setdefault(reading.section, []).append(reading.value)

    @property
    def unknown(self) -> bool:
        """Whether nothing is known of this stretch."""
        return not self.readings

    def says(self, section: str, value: str | None = None) -> bool:
        """Tell whether the lexicon lists this unit under `section` (with `value`)."""
        found = self.values.get(section)
        return found is not None and (value is None or value in found)
