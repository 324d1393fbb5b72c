"""Records as the JSON that is stored of them, and the hash by which one is known to be unchanged."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from json.encoder import encode_basestring as quoted
from typing import Any, Final

from places.services.ingestion.coding import without_nul
from places.types import PlaceRecord

# What was read from JSON holds no cycle that one must look for.
as_json: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, check_circular=False).encode


@dataclass(frozen=True, slots=True)
class Said:
    """A record, its columns and the payloads of its source rows as JSON, and the hash of it all."""

    record: PlaceRecord
    fields: str
    payloads: Sequence[str]
    hash: str


def say(record: PlaceRecord) -> Said:
    """Return a record as it is stored: without the NUL characters that no column holds."""
    fields = as_json(record.fields)
    if "\\u0000" in fields:
        fields = without_nul(fields.encode()).decode()
        record = replace(record, fields=json.loads(fields))
    payloads = [_payload(row["payload"]) for row in record.sources]
    rows = ", ".join(map(_source_row, record.sources, payloads))
    content = f"[{record.latitude!r}, {record.longitude!r}, {fields}, [{rows}]]"
    return Said(record, fields, payloads, hashlib.sha256(content.encode()).hexdigest())


def _payload(payload: Mapping[str, Any]) -> str:
    said = as_json(payload)
    return said if "\\u0000" not in said else without_nul(said.encode()).decode()


def _source_row(row: Mapping[str, Any], payload: str) -> str:
    """Return a source row as JSON, its keys in order."""
    as_of = "null" if row["as_of"] is None else quoted(row["as_of"])
    return (
        f'{{"as_of": {as_of}, "external_ref": {quoted(row["external_ref"])}, "payload": {payload},'
        f' "source": {quoted(row["source"])}, "source_class": {quoted(row["source_class"])}}}'
    )
