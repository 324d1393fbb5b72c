"""Checks and stores what an operator corrects by hand, and writes down what it was before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from opening_hours import validate as is_expression

from engine.catalogue import MOODS
from engine.embedding.types import Encoder
from places.models import FactProvenance, Place, PlaceSyncLog
from places.opening.types import MalformedHours, OpeningHours
from places.services.closing_events import SOURCE as CALENDAR
from places.services.describing import ENCODED, describe_row, label_of_vectors
from places.services.encoding import current_encoder
from places.services.event_days import on_days
from places.services.wording import NameWords

OPERATOR: Final = "operator"

# Which fact each field tells, by its key in `Place.facts`.
FACTS: Final = {
    "name": "name", "names": "name", "category": "category", "location": "location",
    "cost_low": "cost", "cost_high": "cost", "cost_band": "cost", "stay_min": "stay",
    "hours": "hours",
}  # fmt: skip


# What stands or falls together: a source's low cost beside an operator's high one would be neither's.
_HOURS: Final = frozenset({"hours", "hours_provenance", "hours_source", "hours_as_of"})
_TOGETHER: Final = (
    frozenset({"cost_low", "cost_high", "cost_band", "cost_provenance", "currency"}),
    frozenset({"stay_min", "stay_provenance"}),
    _HOURS,
    frozenset({"name", "names", "has_romanised_name"}),
)
_DAYS: Final = frozenset({"valid_from", "valid_until"})


@dataclass(frozen=True)
class PlaceEdits:
    """Saves corrections. No sync changes what an operator corrected, until it is given back."""

    encoder: Encoder | None = None  # None: the one that the settings name

    @transaction.atomic
    def save(self, *, place: Place, changed: Sequence[str], now: datetime) -> None:
        """
        Store the fields `changed` of `place` and log the difference.

        The rest of `place` may be out of date, as when an import ran meanwhile, and is not stored.
        """
        if not changed:
            return
        stored = Place.objects.select_for_update().get(pk=place.pk)
        before = {name: getattr(stored, name) for name in (*changed, "hours", "is_active")}
        was_until = stored.valid_until
        for name in changed:
            setattr(stored, name, getattr(place, name))
        kept = _kept(changed)
        if "is_active" in changed:
            stored.closed_at = None
        follows = [*_state(stored, changed, now), *self._encode(stored, changed)]
        kept |= _keep_days(stored, changed, was_until, now)
        stored.edited_fields = sorted({*stored.edited_fields, *kept})
        follows += ["edited_fields", "closed_at", "is_active", "facts", *_HOURS]
        stored.save(update_fields={*changed, *follows, "updated_at"})
        if "names" in changed:
            NameWords().learn(names=[stored.names])
        diff = {
            name: [_plain(was), _plain(getattr(stored, name))]
            for name, was in before.items()
            if name in changed or was != getattr(stored, name)
        }
        PlaceSyncLog.objects.create(place=stored, source=OPERATOR, diff=diff, at=now)

    def _encode(self, place: Place, changed: Sequence[str]) -> list[str]:
        if ENCODED.isdisjoint(changed):
            return []
        encoder = self.encoder or current_encoder()
        place.embedding = encoder.encode([describe_row(place).text])[0]
        place.encoder = label_of_vectors(encoder)
        return ["embedding", "encoder"]


def _kept(changed: Sequence[str]) -> set[str]:
    """Return the columns that `changed` takes from the sources."""
    together = (group for group in _TOGETHER if not group.isdisjoint(changed))
    return set(changed).union(*together)


def _keep_days(
    place: Place, changed: Sequence[str], was_until: date | None, now: datetime
) -> set[str]:
    """
    Let the hours of an event hold on its days alone; return the columns this takes from the sources.

    Hours and days stand or fall together. One that lasts longer than a source thinks is not closed
    by it; one that was closed because it was over is there again. The calendar closes it in the end.
    """
    has_days = place.valid_until is not None or was_until is not None
    if not has_days or not ({"hours"} | _DAYS) & set(changed):
        return set()
    place.hours = on_days(place.hours, place.valid_from, place.valid_until)
    if (place.hours is None) != (place.hours_provenance == FactProvenance.PRIOR):
        _state(place, ["hours"], now)  # who gives the days says when it is closed
    kept = {*_DAYS, *_HOURS}
    today = now.astimezone(ZoneInfo(place.time_zone)).date()
    until = place.valid_until
    if not _DAYS & set(changed) or "is_active" in changed:
        return kept
    if until is not None and (until < today or (was_until is not None and until <= was_until)):
        return kept
    if not place.is_active and _is_over_by_calendar(place):
        place.is_active, place.closed_at = True, None
    return kept | {"is_active"} if place.is_active else kept


def _is_over_by_calendar(place: Place) -> bool:
    """Tell whether what closed the place was that its last day was past."""
    log = PlaceSyncLog.objects.filter(place=place, diff__has_key="is_active").order_by("-at", "-pk")
    last = log.values_list("source", flat=True).first()
    return last == CALENDAR


def check_names(value: Any) -> None:
    """
    Check that both languages have a name.

    Raises:
        ValidationError: one is missing, or a name is no text.
    """
    if not isinstance(value, Mapping):
        raise ValidationError('Names are an object: {"ko": "…", "en": "…"}.')
    wrong = [name for name in sorted({"ko", "en", *value}) if not _is_text(value.get(name))]
    if wrong:
        raise ValidationError(f"Each of these needs a text: {', '.join(wrong)}.")


def check_hours(value: Any) -> None:
    """
    Check that the planner can read these hours; None is not known.

    Raises:
        ValidationError: they are not what `OpeningHours.to_json` writes.
    """
    if value is None:
        return
    if not isinstance(value, Mapping):
        raise ValidationError('Hours are an object: {"v": 1, "week": […]}.')
    try:
        hours = OpeningHours.from_json(value)
    except MalformedHours as error:
        raise ValidationError(f"The hours cannot be read: {error}.") from error
    if hours.last_entry_at is not None and type(hours.last_entry_at) is not int:
        raise ValidationError("last_entry_at is a number of minutes from midnight.")
    if hours.expression is not None and not _is_expression(hours.expression):
        raise ValidationError("expression is not an OpenStreetMap opening_hours value.")


def check_moods(value: Any) -> None:
    """
    Check that each mood is known and says how sure it is and why.

    Raises:
        ValidationError: with one message for each mood that is wrong.
    """
    if not isinstance(value, Mapping):
        raise ValidationError(
            'Moods are an object: {"quiet": {"confidence": 0.8, "evidence": "…"}}.'
        )
    errors = [error for mood, said in value.items() for error in _mood_errors(mood, said)]
    if errors:
        raise ValidationError(errors)


def _mood_errors(mood: str, said: Any) -> list[str]:
    if mood not in MOODS:
        return [f"{mood} is no mood; the moods are {', '.join(MOODS)}."]
    if not isinstance(said, Mapping) or set(said) != {"confidence", "evidence"}:
        return [f"{mood} needs a confidence and an evidence, and nothing else."]
    errors = []
    if type(said["confidence"]) not in (int, float) or not 0 < said["confidence"] <= 1:
        errors.append(f"The confidence of {mood} must be a number above 0, up to 1.")
    if not _is_text(said["evidence"]):
        errors.append(f"The evidence of {mood} must be a text.")
    return errors


def _state(place: Place, changed: Sequence[str], now: datetime) -> list[str]:
    """Let the operator stand for the facts that `changed` tells; return the fields this sets."""
    facts = {FACTS[name] for name in changed if name in FACTS}
    if not facts:
        return []
    said = {"from": OPERATOR, "provenance": str(FactProvenance.STATED)}
    place.facts = {**place.facts, **dict.fromkeys(facts, said)}
    fields = ["facts"]
    for fact in sorted(facts & {"cost", "stay", "hours"}):
        setattr(place, f"{fact}_provenance", FactProvenance.STATED)
        fields.append(f"{fact}_provenance")
    if "hours" in facts:
        fields += _state_hours(place, now)
    return fields


def _state_hours(place: Place, now: datetime) -> list[str]:
    today = now.astimezone(ZoneInfo(place.time_zone)).date()
    place.hours_source, place.hours_as_of = OPERATOR, today
    if place.hours is None:  # taken back: what is usual for the category counts again
        place.hours_provenance = FactProvenance.PRIOR
        place.hours_source, place.hours_as_of = "", None
        place.facts.pop("hours", None)
    return ["hours_source", "hours_as_of"]


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_expression(value: Any) -> bool:
    return isinstance(value, str) and is_expression(value)


def _plain(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value.wkt if hasattr(value, "wkt") else value
