"""
Where and when, as exactly as an answer is shared.

Questions within 50 m and 5 minutes share a cached answer. So the answer is planned for the middle
of the cell and the next full 5 minutes, and nobody is shown where or when somebody else asked.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Final

from engine.types import Point

POSITION_STEP_M: Final = 50.0
START_STEP: Final = timedelta(minutes=5)

_METRES_A_DEGREE: Final = 111_195.0  # of latitude, on the mean sphere
_DECIMALS: Final = 6


def round_position(position: Point) -> Point:
    """Return the middle of the cell, 50 m wide either way, that a position lies in."""
    step = POSITION_STEP_M / _METRES_A_DEGREE
    latitude = round(position.latitude / step) * step
    # Meridians draw together; near a pole all longitudes are one cell.
    parallel = max(math.cos(math.radians(latitude)), 1e-6)
    step /= parallel
    longitude = round(position.longitude / step) * step
    return Point(
        round(max(-90.0, min(90.0, latitude)), _DECIMALS),
        round(max(-180.0, min(180.0, longitude)), _DECIMALS),
    )


def round_window(*, starts_at: datetime, time_budget_min: float) -> tuple[datetime, float]:
    """
    Return the next full 5 minutes, and what is left until the last full 5 minutes of the budget.

    A start on the full 5 minutes keeps its budget; no other plan starts earlier or ends later than
    was said.
    """
    seconds = START_STEP.total_seconds()
    behind_s = starts_at.timestamp() % seconds
    if behind_s == 0:
        return starts_at, time_budget_min
    wait_s = seconds - behind_s
    left_s = max(0.0, (time_budget_min * 60 - wait_s) // seconds * seconds)
    return starts_at + timedelta(seconds=wait_s), left_s / 60
