"""The days on which an event is there: how they stand in its hours, and which ones an operator may set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError

from places.opening.closures import OutsideDates
from places.opening.types import MalformedHours, OpeningHours

LENGTH_HIGH: Final = timedelta(days=3 * 366)  # what lasts longer is no event but a place
EARLIEST: Final = date(2000, 1, 1)
_NO_HOURS: Final = OpeningHours(week=None)


def check_days(first: date | None, last: date | None) -> None:
    """
    Check the first and the last day of an event; neither for what is there always.

    Raises:
        ValidationError: naming the field, `valid_from` or `valid_until`.
    """
    if first is None and last is None:
        return
    if first is None or last is None:
        field = "valid_from" if first is None else "valid_until"
        raise ValidationError(
            {field: "An event has a first and a last day: give both, or neither."}
        )
    if first < EARLIEST:
        raise ValidationError({"valid_from": f"The first day lies before {EARLIEST}."})
    if last < first:
        raise ValidationError({"valid_until": "The last day lies before the first."})
    if last - first > LENGTH_HIGH:
        raise ValidationError(
            {
                "valid_until": "What is there for more than three years is no event: leave both empty."
            }
        )


def on_days(
    hours: Mapping[str, Any] | None, first: date | None, last: date | None
) -> dict[str, Any] | None:
    """Return stored hours that hold on these days alone; without days, as they are always."""
    read = _NO_HOURS
    if hours is not None:
        try:
            read = OpeningHours.from_json(hours)
        except MalformedHours:  # which is nobody's hours: what is usual counts, on the days
            read = _NO_HOURS
    rules = tuple(rule for rule in read.closures if not isinstance(rule, OutsideDates))
    if first is not None and last is not None:
        rules = (*rules, OutsideDates(first, last))
    read = replace(read, closures=rules)
    return None if read == _NO_HOURS else read.to_json()
