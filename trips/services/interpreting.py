"""What was understood of a sentence, as the API shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Any, Final

from engine.query.gazetteer import AreaName
from engine.query.types import Interpretation, Understood
from trips.services.wording import say_assumption
from trips.types import Assumption, Locale

_SINGLE: Final = (
    "time_budget_min", "budget", "budget_band", "mode", "start_time", "end_time", "daypart", "day",
    "companions", "party_size", "indoor", "area", "max_stops", "low_walking", "chains_wanted",
)  # fmt: skip
_LISTS: Final = ("moods", "categories", "mostly", "meals", "avoid", "needs")


def present_interpretation(
    *,
    sentence: str,
    said: Interpretation,
    area: AreaName | None,
    assumptions: Sequence[Assumption],
    locale: Locale,
) -> dict[str, Any]:
    """
    Return the fields understood (null, [] or {} where nothing was said) and their evidence.

    `evidence` has, for each field that was said, its pieces: the value, the words, their half-open
    span of characters in the sentence, and a confidence.
    """
    fields: dict[str, Any] = {name: _value(getattr(said, name)) for name in _SINGLE}
    fields |= {name: [item.value for item in getattr(said, name)] for name in _LISTS}
    fields["category_counts"] = dict(item.value for item in said.category_counts)
    return {
        **fields,
        "evidence": _evidence(sentence, said),
        "area_resolved": None if area is None else _area(area, locale),
        "assumed": [_assumed(assumption, locale) for assumption in assumptions],
        "ignored": [
            {"text": sentence[span.start : span.end], "span": [span.start, span.end]}
            for span in said.ignored
        ],
    }


def _value(understood: Understood[Any] | None) -> Any:
    return None if understood is None else understood.value


def _evidence(sentence: str, said: Interpretation) -> dict[str, list[dict[str, Any]]]:
    evidence = {}
    for name in (*_SINGLE, *_LISTS, "category_counts"):
        understood = getattr(said, name)
        pieces = [understood] if isinstance(understood, Understood) else understood or ()
        if pieces:
            evidence[name] = [_piece(sentence, piece) for piece in pieces]
    return evidence


def _piece(sentence: str, understood: Understood[Any]) -> dict[str, Any]:
    return {
        "value": understood.value,
        "words": [sentence[span.start : span.end] for span in understood.spans],
        "spans": [[span.start, span.end] for span in understood.spans],
        "confidence": understood.confidence,
    }


def _area(area: AreaName, locale: Locale) -> Mapping[str, Any]:
    return {
        "id": area.slug,
        "name": area.name_ko if locale == "ko" else area.name_en,
        "kind": area.kind,
        "city": area.city,
        "centre": {"lat": area.centre.latitude, "lon": area.centre.longitude},
        "radius_m": area.radius_m,
    }


def _assumed(assumption: Assumption, locale: Locale) -> dict[str, Any]:
    value = assumption.value
    if isinstance(value, datetime):
        value = value.isoformat()
    elif isinstance(value, Enum):
        value = value.value
    return {
        "field": assumption.field,
        "value": value,
        "reason": assumption.reason,
        "text": say_assumption(assumption=assumption, locale=locale),
    }
