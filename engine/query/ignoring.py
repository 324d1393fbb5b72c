"""Which words that mean something were dropped, so that whoever asked can be told."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Final

from engine.query.readings import Clock, ClockRange, Duration, ForeignMoney, Money, Number, Unit

_ONE_VALUE: Final = ("days", "companions", "modes")  # of several said, a field holds one


def ignored(
    units: Sequence[Unit], *, area: Sequence[Unit], held: Set[int], values: Set[str]
) -> list[Unit]:
    """
    Return the units whose meaning no field holds.

    `area` are the units that name the area, `held` the starts of the units that fields came from,
    `values` what those fields hold.
    """
    slugs = {slug for unit in area for slug in unit.values.get("area", ())}
    elsewhere = [
        unit
        for unit in units
        if unit.says("area") and not unit.negated and slugs.isdisjoint(unit.values["area"])
    ]
    places = {unit.start for unit in elsewhere}
    named = {unit.start for unit in area}
    return [
        unit
        for unit in units
        if unit.start not in named | held
        and (
            _is_not_understood(unit)
            or unit.start in places
            or (bool(places) and unit.says("both"))
            or _has_no_field(unit, values)
        )
    ]


def _is_not_understood(unit: Unit) -> bool:
    return unit.unknown or any(isinstance(reading, ForeignMoney) for reading in unit.readings)


def _has_no_field(unit: Unit, values: Set[str]) -> bool:
    """Tell whether `unit` says what no field is for, or what its field had no room for."""
    if unit.negated:
        return unit.says("dishes")
    if unit.says("no_field") or unit.says("crowded") or unit.says("budget"):
        return True
    if _is_second_measure(unit):
        return True
    return any(values.isdisjoint(unit.values[name]) for name in _ONE_VALUE if unit.says(name))


def _is_second_measure(unit: Unit) -> bool:
    """Tell whether `unit` is an amount or a time beside the one that its field holds, or a bare number."""
    if unit.says("durations") or any(
        isinstance(reading, Money | Duration | Clock | ClockRange) for reading in unit.readings
    ):
        return True
    return unit.text.isdigit() and all(isinstance(reading, Number) for reading in unit.readings)
