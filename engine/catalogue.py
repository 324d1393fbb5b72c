"""The categories, moods and modes the engine knows, read once from its data files."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Final

from engine.types import Mode

MOODS: Final = (
    "quiet", "lively", "cozy", "romantic", "vintage", "modern",
    "trendy", "scenic", "nature", "traditional", "artsy", "hidden",
)  # fmt: skip

COMPANIONS: Final = (
    "alone", "couple", "friends", "family", "kids", "parents", "pet", "coworkers",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """What is usual for one category; the meaning of each field stands in the data file."""

    name: str
    ko: str
    en: str
    food: bool
    stay_low: float
    stay_usual: float
    stay_high: float
    core: tuple[tuple[int, int], ...]  # minutes from local midnight, may pass 1440
    last_entry: int
    per_three_hours: int
    indoor: bool
    free: bool = False
    stop: bool = True
    meal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeProfile:
    """How far and how fast one mode goes; street length = detour · crow-fly + offset."""

    mode: Mode
    ko: str
    en: str
    speed_m_per_min: float
    detour: float
    detour_offset_m: float
    overhead_min: float  # waiting, parking, unlocking: once for each leg
    walk_below_m: float  # a shorter leg is walked
    leg_high_m: float  # crow-fly
    reach_high_m: float  # crow-fly from the origin, for a plan of three hours or more


def clock(text: str) -> int:
    """Return minutes from midnight for "HH:MM"; hours may pass 24."""
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def read_data(name: str) -> dict[str, Any]:
    """Return the parsed TOML file `name` of `engine/data`."""
    return tomllib.loads(resources.files("engine").joinpath("data", name).read_text("utf-8"))


def _category(name: str, row: dict[str, Any]) -> Category:
    low, usual, high = row.pop("stay")
    core = tuple((clock(opens), clock(closes)) for opens, closes in row.pop("core"))
    return Category(name=name, stay_low=low, stay_usual=usual, stay_high=high, core=core, **row)


CATEGORIES: Final[Mapping[str, Category]] = {
    name: _category(name, row) for name, row in read_data("categories.toml").items()
}

MODES: Final[Mapping[Mode, ModeProfile]] = {
    Mode(name): ModeProfile(mode=Mode(name), **row) for name, row in read_data("modes.toml").items()
}

_MINOR_DIGITS: Final[Mapping[str, int]] = read_data("currencies.toml")


def major_units(*, amount: int, currency: str) -> str:
    """Return minor units as people write them, decimals only where there are any: 18000 → "180"."""
    digits = _MINOR_DIGITS.get(currency, 2)
    whole, rest = divmod(amount, 10**digits)
    return f"{whole:,}.{rest:0{digits}d}" if rest else f"{whole:,}"


def minor_units(*, amount: float, currency: str) -> int:
    """Return an amount as people write it in minor units: 8.5 euros → 850."""
    return round(amount * float(10 ** _MINOR_DIGITS.get(currency, 2)))
