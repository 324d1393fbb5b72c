"""Typed builders of the engine's values, with every default filled in."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from engine.catalogue import CATEGORIES
from engine.types import Candidate, Constraints, Point, Provenance, Window

SEOUL: Final = ZoneInfo("Asia/Seoul")
CENTRE: Final = Point(37.5563, 126.9236)
_METRES_A_DEGREE = 111_195.0


def make_point(*, north_m: float = 0.0, east_m: float = 0.0) -> Point:
    """Return a point by its offset from CENTRE."""
    return Point(
        CENTRE.latitude + north_m / _METRES_A_DEGREE,
        CENTRE.longitude + east_m / (_METRES_A_DEGREE * 0.7928),  # cosine of the latitude
    )


def make_window(
    opens: float = -60, closes: float = 960, *, last_entry: float | None = None
) -> Window:
    """Return a window in plan minutes, by default open around any plan."""
    return Window(opens, closes, closes - 15 if last_entry is None else last_entry)


def make_candidate(name: str = "place", *, category: str = "cafe", **changes: Any) -> Candidate:
    """Return a place 200 m north of CENTRE whose facts are all known and unremarkable."""
    known = CATEGORIES[category]
    values: dict[str, Any] = {
        "name_ko": name,
        "name_en": name,
        "category": category,
        "position": make_point(north_m=200),
        "windows": (make_window(),),
        "hours_known": True,
        "hours_source": "test",
        "hours_as_of": None,
        "stay_min": known.stay_usual,
        "stay_provenance": Provenance.PRIOR,
        "cost_low": 0,
        "cost_high": 0,
        "cost_provenance": Provenance.STATED,
    }
    return Candidate(**(values | changes))


def make_constraints(**changes: Any) -> Constraints:
    """Return three hours on foot from CENTRE on a clear Saturday at 13:00 in Seoul."""
    values: dict[str, Any] = {
        "origin": CENTRE,
        "starts_at": datetime(2026, 3, 7, 13, 0, tzinfo=SEOUL),
        "time_budget_min": 180.0,
    }
    return Constraints(**(values | changes))


def make_neighbourhood() -> list[Candidate]:
    """Return twenty places of ten categories within 900 m of CENTRE, enough for three cards."""
    categories = (
        "cafe", "gallery", "park", "restaurant", "heritage",
        "bookstore", "museum", "viewpoint", "dessert", "shop",
    )  # fmt: skip
    places = []
    for index in range(20):
        category = categories[index % 10]
        places.append(
            make_candidate(
                f"{category} {index // 10}",
                category=category,
                position=make_point(
                    north_m=80.0 * (index % 11) - 400, east_m=70.0 * (index % 7) - 210
                ),
                cost_high=6_000 if CATEGORIES[category].food else 0,
                popularity=0.2 + 0.6 * (index // 10),
            )
        )
    return places
