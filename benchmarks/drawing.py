"""Requests drawn at random over a city that is loaded, as people might make them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from engine.catalogue import CATEGORIES
from engine.query.gazetteer import AreaName
from engine.types import Constraints, Mode, Point, Weather
from places.types import CitySummary

MOODS = (
    "quiet", "lively", "cozy", "romantic", "vintage", "modern", "trendy", "scenic", "nature",
    "traditional", "artsy", "hidden",
)  # fmt: skip
# Holidays, the days around them, and a day on which the clocks change, beside ordinary ones.
DAYS = (
    (2026, 2, 16), (2026, 2, 17), (2026, 2, 18), (2026, 3, 29), (2026, 5, 1), (2026, 5, 5),
    (2026, 9, 25), (2026, 9, 28), (2026, 10, 3), (2026, 10, 25), (2026, 12, 24), (2026, 12, 25),
    (2026, 12, 31), (2027, 1, 1),
)  # fmt: skip
BUDGETS = {"KRW": (0, 5_000, 10_000, 20_000, 50_000), "CZK": (0, 15_000, 30_000, 60_000, 150_000)}
_METRES_A_DEGREE = 111_195.0


def draw_constraints(*, draw: Random, city: CitySummary, areas: Sequence[AreaName]) -> Constraints:
    """Return one request in a random area of the city."""
    centre = draw.choice(areas).centre
    asked = tuple(draw.sample(sorted(CATEGORIES), draw.choice([0, 0, 1, 1, 2, 3])))
    return Constraints(
        origin=_near(draw, centre, 800),
        starts_at=_start(draw, city),
        time_budget_min=float(draw.randrange(45, 605, 5)),
        budget=draw.choice([None, None, *BUDGETS[city.currency]]),
        currency=city.currency,
        mode=draw.choice([Mode.WALK, Mode.WALK, *Mode]),
        destination=draw.choice([None, None, None, _near(draw, centre, 1500)]),
        moods=tuple(draw.sample(MOODS, draw.choice([0, 0, 1, 2]))),
        categories=asked,
        mostly=draw.choice([(), (), asked[:1]]),
        category_counts=draw.choice([{}, {}, dict.fromkeys(asked[-1:], draw.randint(1, 3))]),
        avoid=draw.choice([(), (), (), ("crowded",), ("cafe",), ("museum", "lively"), ("quiet",)]),
        companions=draw.choice(
            [None, None, "alone", "couple", "friends", "family", "kids", "parents", "pet"]
        ),
        party_size=draw.choice([None, 2, 5]),
        indoor=draw.choice([None, None, None, None, True, False]),
        needs=draw.choice([(), (), (), (), ("pet",), ("wheelchair",), ("parking", "pet")]),
        max_stops=draw.choice([None, None, None, 1, 2, 4]),
        low_walking=draw.random() < 0.15,
        stroll=draw.random() < 0.15,
        chains_wanted=draw.random() < 0.1,
        weather=draw.choice(list(Weather)),
        seed=draw.randrange(1000),
    )


def _near(draw: Random, centre: Point, spread_m: float) -> Point:
    north, east = draw.gauss(0, spread_m / 2), draw.gauss(0, spread_m / 2)
    shortened = _METRES_A_DEGREE * math.cos(math.radians(centre.latitude))
    return Point(centre.latitude + north / _METRES_A_DEGREE, centre.longitude + east / shortened)


def _start(draw: Random, city: CitySummary) -> datetime:
    """Return an ordinary hour of any day, a holiday, or a moment around midnight."""
    first = datetime(2026, 1, 5, tzinfo=city.zone)
    day = first + timedelta(days=draw.randrange(360))
    if draw.random() < 0.3:
        day = datetime(*draw.choice(DAYS), tzinfo=city.zone)
    if draw.random() < 0.1:
        return day.replace(hour=draw.choice([23, 0, 1, 4]), minute=draw.randrange(0, 60, 5))
    return day.replace(hour=draw.randrange(7, 22), minute=draw.randrange(0, 60, 5))
