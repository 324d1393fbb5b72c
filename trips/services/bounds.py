"""The bounds of a request, and what stands for what was not said."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Final

from common.errors import DomainError, Kind
from common.languages import Bilingual

TIME_BUDGET_LOW: Final = 20
TIME_BUDGET_HIGH: Final = 960
BUDGET_HIGH: Final = 100_000_000
PARTY_SIZE_HIGH: Final = 50
DEFAULT_TIME_BUDGET_MIN: Final = 180

# Currency → band → the most that one adult spends on a plan, in minor units.
BUDGET_BANDS: Final[Mapping[str, Mapping[str, int]]] = tomllib.loads(
    resources.files("trips").joinpath("data", "budget_bands.toml").read_text("utf-8")
)


class OutOfBounds(DomainError):
    """A number that was understood lies outside its bounds."""

    kind = Kind.INVALID
    code = "trips/out-of-bounds"
    detail = Bilingual(
        ko="{name}은(는) {low} 이상 {high} 이하여야 해요.",
        en="{name} must lie between {low} and {high}.",
    )


def check_time_budget(minutes: float) -> None:
    """
    Refuse a time budget that no plan fits or no day holds.

    Raises:
        OutOfBounds: it is shorter than 20 minutes or longer than 16 hours.
    """
    _check("time_budget_min", minutes, TIME_BUDGET_LOW, TIME_BUDGET_HIGH)


def check_budget(amount: int) -> None:
    """
    Refuse an amount of money that nobody spends on a plan.

    Raises:
        OutOfBounds: it is negative or absurd.
    """
    _check("budget", amount, 0, BUDGET_HIGH)


def check_party_size(people: int) -> None:
    """
    Refuse a party that no table seats.

    Raises:
        OutOfBounds: it has nobody in it, or more than 50.
    """
    _check("party_size", people, 1, PARTY_SIZE_HIGH)


def _check(name: str, value: float, low: int, high: int) -> None:
    if not low <= value <= high:
        raise OutOfBounds(
            field=name, name=name, low=low, high=high, extras={"low": low, "high": high}
        )
