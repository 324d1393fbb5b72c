"""Questions for candidates around Hongdae, asked of the selector."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from engine.types import Constraints, Point
from places import selectors
from places.models import EMBEDDING_DIMENSIONS
from places.opening.types import OpeningHours, every_day
from places.types import CandidateQuery, CandidateSet

SEOUL = ZoneInfo("Asia/Seoul")
HONGDAE = Point(37.5563, 126.9236)
SATURDAY_2PM = datetime(2026, 11, 21, 14, tzinfo=SEOUL)
TEN_TO_TEN = every_day(((600, 1320),))


def make_constraints(**fields: Any) -> Constraints:
    defaults: dict[str, Any] = {
        "origin": HONGDAE,
        "starts_at": SATURDAY_2PM,
        "time_budget_min": 180,
    }
    return Constraints(**(defaults | fields))


def find(
    *,
    excluded: tuple[Any, ...] = (),
    included: tuple[Any, ...] = (),
    limit: int = 70,
    **fields: Any,
) -> CandidateSet:
    return selectors.list_candidates(
        query=CandidateQuery(
            city="seoul",
            constraints=make_constraints(**fields),
            excluded_places=excluded,
            included_places=included,
            limit=limit,
        )
    )


def names(found: CandidateSet) -> list[str]:
    return sorted(place.candidate.name_ko for place in found.places)


def stated(hours: OpeningHours) -> dict[str, Any]:
    return {"hours": hours.to_json(), "hours_provenance": "stated", "hours_source": "osm"}


def vector(at: int) -> Any:
    unit = np.zeros(EMBEDDING_DIMENSIONS, dtype=np.float32)
    unit[at] = 1.0
    return unit
