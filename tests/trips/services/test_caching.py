"""The fingerprint of a question."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from uuid_utils.compat import uuid7

from engine.types import Point
from tests.builders.engine import CENTRE, make_constraints
from trips.services.caching import hash_context
from trips.types import Locale, Profile, Understanding


def fingerprint(
    *,
    profile: Profile | None = None,
    locale: Locale = "ko",
    data_version: str = "1",
    understanding: dict[str, Any] | None = None,
    **constraints: Any,
) -> str:
    asked = Understanding(
        constraints=make_constraints(**constraints), interpretation={}, city="seoul"
    )
    return hash_context(
        understanding=replace(asked, **(understanding or {})),
        profile=profile or Profile(),
        locale=locale,
        data_version=data_version,
        engine_version="1",
    )


@pytest.mark.parametrize(
    "change",
    [
        {"origin": Point(CENTRE.latitude + 0.001, CENTRE.longitude)},
        {"starts_at": make_constraints().starts_at + timedelta(minutes=5)},
        {"time_budget_min": 181.0},
        {"budget": 0},
        {"moods": ("quiet",)},
        {"weather": "rain"},
        {"seed": 1},
        {"taste": np.ones(4, dtype=np.float32)},
        {"locale": "en"},
        {"data_version": "2"},
        {"profile": Profile(taste_version=1)},
        {"profile": Profile(public_id=uuid7())},
        {"understanding": {"excluded_places": (uuid7(),)}},
        {"understanding": {"named_place": uuid7()}},
    ],
)
def test_all_else_counts(change: dict[str, Any]) -> None:
    assert fingerprint(**change) != fingerprint()
