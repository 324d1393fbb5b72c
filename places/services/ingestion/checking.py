"""Makes a row that came into a clean one: cleaned, in its city, and worth a stop; or says why not."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import orjson

from engine.catalogue import CATEGORIES
from places.adapters.cleaning import out_of_range
from places.adapters.source import SourceAdapter
from places.services.chains import BRANCH_SIGN
from places.services.ingestion.coding import to_json, without_nul
from places.services.ingestion.relating import stored_keys
from places.services.locating import CityShape, is_coarse
from places.services.merging import name_key
from places.services.screening import reason_to_refuse, refile
from places.types import Draft, Refusal, Row

REF_LENGTH: Final = 120
CONTENT_REF_LENGTH: Final = 24
NAME_LENGTH: Final = 160
LATITUDE_HIGH, LONGITUDE_HIGH = 90.0, 180.0
STAY_HIGH_MIN: Final = 720  # of the column
MARKUP: Final = re.compile(r"<\s*[a-zA-Z/!][^>]*>")
UNREADABLE: Final = "unreadable"


@dataclass(frozen=True, slots=True)
class Arrived:
    """A record as it is kept: under which reference, its JSON, and the hash of that."""

    ref: str
    where: str
    payload: bytes
    digest: bytes
    row: Row
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Clean:
    """A row that was understood, as it is stored."""

    draft: Draft
    said: bytes
    keys: list[int]
    stem: str


def arrive(row: Row | Refusal) -> Arrived:
    """Return what came as it is kept. A row that is none is kept by what could be read of it."""
    if isinstance(row, Refusal):
        return _unreadable(row)
    try:
        said = orjson.dumps(row.values, option=orjson.OPT_SORT_KEYS)
    except (TypeError, ValueError) as error:  # a lone surrogate, a number beyond 64 bits, a cycle
        return _unreadable(Refusal(row.where, "no JSON", str(error)[:80]))
    payload = without_nul(said)
    if payload is not said:  # what is cleaned is what is kept
        row = replace(row, values=orjson.loads(payload))
    digest = hashlib.sha256(payload).digest()
    ref = row.ref.replace("\0", "")[:REF_LENGTH] or digest.hex()[:CONTENT_REF_LENGTH]
    return Arrived(ref, row.where, payload, digest, row)


def _dump(values: Mapping[str, Any]) -> bytes:
    return without_nul(orjson.dumps(values, option=orjson.OPT_SORT_KEYS))


def _unreadable(refusal: Refusal) -> Arrived:
    text = refusal.text.encode("utf-8", "replace").decode().replace("\0", "")
    payload = _dump({"read": text, "reason": refusal.reason, "where": refusal.where})
    digest = hashlib.sha256(payload).digest()
    ref = f"{UNREADABLE}-{digest.hex()[:CONTENT_REF_LENGTH]}"
    told = replace(refusal, text=text)
    return Arrived(ref, refusal.where, payload, digest, Row(refusal.where, {}), told)


@dataclass(frozen=True)
class Checker:
    """Cleans and checks the rows of one source for one city."""

    adapter: SourceAdapter
    city: str
    shape: CityShape

    def check(self, row: Row) -> Clean | Refusal:
        """Return the row as it is stored, or why it is refused."""
        try:
            return self._check(row)
        except KeyError as error:
            return Refusal(row.where, f"field {error.args[0]} is missing")
        except (ArithmeticError, AttributeError, IndexError, TypeError, ValueError) as error:
            # An adapter met what it did not expect, or made a draft of it: one row, never the run.
            return Refusal(row.where, "not understood", f"{type(error).__name__}: {error}"[:200])

    def _check(self, row: Row) -> Clean | Refusal:
        draft = self.adapter.clean(row)
        if isinstance(draft, Draft):
            draft = self._place(draft)
        if isinstance(draft, Refusal):
            return draft
        draft = refile(draft)
        found = BRANCH_SIGN.match(draft.name.strip())
        return Clean(
            draft=draft,
            said=to_json(draft, came=row.values),
            keys=stored_keys(draft, city=self.city),
            stem=name_key(found[1]) if found else "",
        )

    def _place(self, draft: Draft) -> Draft | Refusal:
        if fault := _fault(draft):
            return Refusal(draft.where, fault, draft.name[:NAME_LENGTH])
        found = self.shape.locate(draft)
        if isinstance(found, Refusal):
            return found
        if found.source != "osm" and is_coarse(found.address):
            return Refusal(found.where, "address names no more than a district", found.name)
        if reason := reason_to_refuse(found, markets=()):
            return Refusal(found.where, reason, found.name, expected=True)
        return found


def _fault(draft: Draft) -> str:
    """Return why the draft cannot be stored whoever it is from; "" where it can."""
    if not draft.ref or len(draft.ref) > REF_LENGTH:
        return "no usable reference"
    if not (abs(draft.latitude) <= LATITUDE_HIGH and abs(draft.longitude) <= LONGITUDE_HIGH):
        return out_of_range(draft.latitude, draft.longitude)  # NaN too
    if draft.category not in CATEGORIES:
        return "category unknown"
    if len(draft.name) > NAME_LENGTH or len(draft.name_en) > NAME_LENGTH:
        return "name too long"
    if MARKUP.search(draft.name) or MARKUP.search(draft.name_en):
        return "markup in the name"
    return _fault_of_times(draft) if draft.name.strip() else "unnamed"


def _fault_of_times(draft: Draft) -> str:
    if draft.stay_min is not None and not 0 < draft.stay_min <= STAY_HIGH_MIN:
        return "stay out of range"
    if draft.valid_from is None or draft.valid_until is None:
        return "" if draft.valid_from is draft.valid_until else "half a period"
    return "ends before it begins" if draft.valid_from > draft.valid_until else ""
