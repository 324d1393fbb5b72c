"""
Reads rows out of files that may be in any encoding, cut off or half wrong.

Every good record comes out as a `Row`; every bad one as a `Refusal` that names it.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from charset_normalizer import from_bytes

from places.types import Refusal, Row

UNDECODABLE: Final = "\N{REPLACEMENT CHARACTER}"
SAMPLE_BYTES: Final = 65_536
LEGACY_ENCODINGS: Final = ["cp949", "johab", "utf_16", "utf_16_le", "utf_16_be"]
RECORD_LINES_HIGH: Final = 500  # a quote open for longer was never meant to be open
RESYNC: Final = re.compile(r"\}\s*,\s*\{")
RESYNC_CUT: Final = re.compile(r"\n\s*\{")


class UnreadableFile(ValueError):
    """No encoding makes the expected columns of the file appear."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text, the encoding it was found to be in, and whether all of it was in that."""

    text: str
    encoding: str
    is_whole: bool


def decode(data: bytes, *, marks: Sequence[str]) -> Decoded:
    """
    Decode `data` in the encoding in which all `marks` (column names, keys) appear.

    A guess alone is not trusted: the marks prove it. Where single bytes are damaged, they become
    U+FFFD and `is_whole` is False.

    Raises:
        UnreadableFile: the marks appear in no encoding tried.
    """
    encodings = _encodings(data)
    for errors in ("strict", "replace"):
        for encoding in encodings:
            try:
                text = data.decode(encoding, errors)
            except UnicodeDecodeError:
                continue
            if all(mark in text for mark in marks):
                return Decoded(text, encoding, errors == "strict")
    raise UnreadableFile(f"{', '.join(marks)} not found in {', '.join(encodings)}")


def _encodings(data: bytes) -> list[str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ["utf_16"]
    # UTF-8 proves itself; among the rest the detector's order is tried, then what is left.
    found = [
        match.encoding for match in from_bytes(data[:SAMPLE_BYTES], cp_isolation=LEGACY_ENCODINGS)
    ]
    return ["utf_8_sig", *dict.fromkeys([*found, *LEGACY_ENCODINGS])]


def read_table(decoded: Decoded, *, delimiter: str = ",") -> Iterator[Row | Refusal]:
    """Yield the records of a delimited file, each under its header's columns, by line."""
    # Not splitlines(): it also breaks at separators that stand inside cells.
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    lines = [line + "\n" for line in text.split("\n")]
    header, at = _record(lines, 0, delimiter)
    columns = [column.strip() for column in header]
    while at < len(lines):
        where = f"line {at + 1}"
        if not lines[at].strip():
            at += 1
            continue
        cells, after = _record(lines, at, delimiter)
        problem = _problem(cells, columns, is_whole=decoded.is_whole)
        if problem:
            # A quote left open swallows the lines after it: only the first of them is refused.
            yield Refusal(where, problem, lines[at].strip()[:80])
            at += 1
            continue
        yield Row(where, dict(zip(columns, cells, strict=True)))
        at = after


def _record(lines: Sequence[str], at: int, delimiter: str) -> tuple[list[str], int]:
    """Return the cells of the record that starts at line `at`, and the line after it."""
    quotes = lines[at].count('"')
    after = at + 1
    while quotes % 2 and after < len(lines) and after - at < RECORD_LINES_HIGH:
        quotes += lines[after].count('"')
        after += 1
    if quotes % 2:
        return [], at + 1
    rows = list(csv.reader(lines[at:after], delimiter=delimiter))
    return (rows[0] if len(rows) == 1 else []), after


def _problem(cells: Sequence[str], columns: Sequence[str], *, is_whole: bool) -> str:
    if not cells:
        return "quote not closed"
    if len(cells) != len(columns):
        return "wrong number of columns"
    if not is_whole and any(UNDECODABLE in cell for cell in cells):
        return "undecodable bytes"
    return ""


def read_records(decoded: Decoded, *, key: str = "") -> Iterator[Row | Refusal]:
    """
    Yield the objects of a JSON array: the outermost, or the one under `key`.

    What follows the first damage is read object by object.
    """
    text = decoded.text
    try:
        document: Any = json.loads(text)
    except ValueError:
        yield from _salvage(text, key)
        return
    records = document.get(key) if key and isinstance(document, dict) else document
    if not isinstance(records, list):
        yield Refusal("record 1", "not a list of records")
        return
    for number, record in enumerate(records, start=1):
        yield _checked(number, record)


def _checked(number: int, record: Any) -> Row | Refusal:
    where = f"record {number}"
    if not isinstance(record, dict):
        return Refusal(where, "not an object", str(record)[:80])
    return Row(where, record)


def _salvage(text: str, key: str) -> Iterator[Row | Refusal]:
    start = re.search(rf'"{re.escape(key)}"\s*:\s*\[' if key else r"\[", text)
    at = start.end() if start else 0
    decoder = json.JSONDecoder()
    number = 0
    while (opening := text.find("{", at)) >= 0:
        number += 1
        try:
            record, at = decoder.raw_decode(text, opening)
        except ValueError:
            yield Refusal(f"record {number}", "malformed JSON", text[opening : opening + 80])
            found = RESYNC.search(text, opening) or RESYNC_CUT.search(text, opening)
            if found is None:
                return
            at = found.end() - 1
            continue
        yield _checked(number, record)
        if text[at:].lstrip()[:1] == "]":
            return
    yield Refusal(f"record {number + 1}", "file ends inside the list")
