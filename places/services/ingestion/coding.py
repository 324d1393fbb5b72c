"""Drafts as JSON, as the clean rows keep them: what a draft does not say is left out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date
from operator import attrgetter
from typing import Any, Final

import orjson

from places.types import Draft, HoursText

# Only where it differs from what came: else the raw record has it already.
PAYLOAD: Final = "payload"
NUL: Final = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")
_DEFAULTS: Final[Mapping[str, Any]] = {
    one.name: one.default if one.default is not MISSING else {}
    for one in fields(Draft)
    if one.name != PAYLOAD and (one.default is not MISSING or one.default_factory is not MISSING)
}
_REQUIRED: Final = tuple(
    one.name for one in fields(Draft) if one.name not in _DEFAULTS and one.name != PAYLOAD
)
_values = attrgetter(*_REQUIRED, *_DEFAULTS)
_HOURS: Final = tuple(one.name for one in fields(HoursText))


def without_nul(data: bytes) -> bytes:
    """Return JSON without the NUL characters in its texts: PostgreSQL's jsonb holds none."""
    return NUL.sub(rb"\1", data) if b"\\u0000" in data else data


def to_json(draft: Draft, *, came: Mapping[str, Any]) -> bytes:
    """Return the draft of a row that came as `came`."""
    values = _values(draft)
    said: dict[str, Any] = dict(zip(_REQUIRED, values, strict=False))
    for (name, default), value in zip(_DEFAULTS.items(), values[len(_REQUIRED) :], strict=True):
        if value != default:
            said[name] = value
    if "hours" in said:
        said["hours"] = {
            name: value
            for name in _HOURS
            if (value := getattr(draft.hours, name)) not in ("", None)
        }
    if draft.payload is not came:
        said[PAYLOAD] = draft.payload
    return without_nul(orjson.dumps(said, option=orjson.OPT_SORT_KEYS))


def from_json(said: Mapping[str, Any], *, came: Mapping[str, Any]) -> Draft:
    """Return the draft that `to_json` wrote."""
    values = {PAYLOAD: came, **said}
    if "hours" in said:
        values["hours"] = hours_from_json(said["hours"])
    if "cost" in said:
        values["cost"] = (said["cost"][0], said["cost"][1])
    for name in ("as_of", "valid_from", "valid_until"):
        if name in said:
            values[name] = date.fromisoformat(said[name])
    return Draft(**values)


def hours_from_json(said: Mapping[str, Any]) -> HoursText:
    """Return the hours of a draft that `to_json` wrote."""
    hours: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in said.items()
    }
    return HoursText(**hours)
