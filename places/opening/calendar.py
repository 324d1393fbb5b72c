"""The days as opening hours see them: weekdays, public holidays, and the feasts on which a country closes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from typing import Final

import holidays

ONE_DAY: Final = timedelta(days=1)
SATURDAY: Final = 5


class Feast(StrEnum):
    """A feast of several days on which most doors are closed."""

    SEOLLAL = "seollal"
    CHUSEOK = "chuseok"


# The word that the `holidays` library has in the name of each day of the feast, in that language.
FEAST_NAMES: Final = {"KR": {"설날": Feast.SEOLLAL, "추석": Feast.CHUSEOK}}
FEAST_LANGUAGES: Final = {"KR": "ko"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One date with everything that a closing rule can ask about it."""

    date: date
    weekday: int  # 0 = Monday
    nth: int  # the how-many-eth of its weekday in the month, from 1
    is_last: bool  # the last of its weekday in the month
    is_holiday: bool
    is_after_holiday: bool  # the day before is a public holiday
    feast: Feast | None  # the feast whose holidays it belongs to
    is_feast_day: bool  # the day of the feast itself
    moved_from_yesterday: int | None  # weekday of yesterday where that was a public holiday
    moved_to_workday: frozenset[int]  # weekdays of the holidays whose next working day this is


@lru_cache(maxsize=4096)
def day_of(day: date, country: str | None) -> Day:
    """Return what is known of `day` in `country` (ISO 3166); None knows no public holiday."""
    names = _holiday_names(day, country)
    feast, is_feast_day = _feast(names, country)
    yesterday = day - ONE_DAY
    is_after_holiday = bool(_holiday_names(yesterday, country))
    return Day(
        date=day,
        weekday=day.weekday(),
        nth=(day.day - 1) // 7 + 1,
        is_last=(day + timedelta(days=7)).month != day.month,
        is_holiday=bool(names),
        is_after_holiday=is_after_holiday,
        feast=feast,
        is_feast_day=is_feast_day,
        moved_from_yesterday=yesterday.weekday() if is_after_holiday else None,
        moved_to_workday=frozenset(_moved_to(day, country)),
    )


def _moved_to(day: date, country: str | None) -> Iterator[int]:
    if _is_free(day, country):
        return
    before = day - ONE_DAY
    while _is_free(before, country):
        if _holiday_names(before, country):
            yield before.weekday()
        before -= ONE_DAY


def _is_free(day: date, country: str | None) -> bool:
    return day.weekday() >= SATURDAY or bool(_holiday_names(day, country))


def _feast(names: tuple[str, ...], country: str | None) -> tuple[Feast | None, bool]:
    for word, feast in FEAST_NAMES.get(country or "", {}).items():
        if any(word in name for name in names):
            return feast, word in names
    return None, False


@lru_cache(maxsize=4096)
def _holiday_names(day: date, country: str | None) -> tuple[str, ...]:
    public = _public_holidays(country)
    return tuple(public.get_list(day)) if public is not None else ()


@cache
def _public_holidays(country: str | None) -> holidays.HolidayBase | None:
    if country is None:
        return None
    try:
        return holidays.country_holidays(country, language=FEAST_LANGUAGES.get(country))
    except NotImplementedError:  # a country that the library does not know
        return None
