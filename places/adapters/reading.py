"""
Reads rows out of files that may be in any encoding, cut off or half wrong.

Every good record comes out as a `Row`; every bad one as a `Refusal` that names it.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import orjson
from charset_normalizer import from_bytes

from places.types import Refusal, Row

UNDECODABLE: Final = "\N{REPLACEMENT CHARACTER}"
SAMPLE_BYTES: Final = 65_536
LEGACY_ENCODINGS: Final = ["cp949", "johab", "utf_16", "utf_16_le", "utf_16_be"]
RECORD_LINES_HIGH: Final = 500  # a quote open for longer was never meant to be open
LINE_HIGH: Final = 1 << 20  # letters; longer is no record of anything
RECORD_HIGH: Final = 16 << 20  # letters of one JSON record, an outline of a region among them
SHOWN: Final = 80
LITERAL_LENGTH: Final = 8  # of what a window's end may cut in two: true, \\ud83d
RESYNC_BEHIND: Final = 1_000  # letters that a mark or a break between objects may take
TOO_LONG: Final = "\0"  # stands before what is left of a line beyond LINE_HIGH
RESYNC: Final = re.compile(r"\}\s*,\s*\{")
RESYNC_CUT: Final = re.compile(r"\n\s*\{")


class UnreadableFile(ValueError):
    """No encoding makes the expected columns of the file appear."""


class Text(Protocol):
    """A text that is read in pieces, from its start each time."""

    @property
    def is_whole(self) -> bool:
        """Tell whether no byte of it was lost in decoding, so far as one knows."""
        ...

    def chunks(self) -> Iterator[str]: ...


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text, the encoding it was found to be in, and whether all of it was in that."""

    text: str
    encoding: str
    is_whole: bool

    def chunks(self) -> Iterator[str]:
        """Yield the text."""
        yield self.text


def decode(data: bytes, *, marks: Sequence[str]) -> Decoded:
    """
    Decode `data` in the encoding in which all `marks` (column names, keys) appear.

    A guess alone is not trusted: the marks prove it. Where single bytes are damaged, they become
    U+FFFD and `is_whole` is False.

    Raises:
        UnreadableFile: the marks appear in no encoding tried.
    """
    encodings = encodings_of(data)
    for errors in ("strict", "replace"):
        for encoding in encodings:
            try:
                text = data.decode(encoding, errors)
            except UnicodeDecodeError:
                continue
            if all(mark in text for mark in marks):
                return Decoded(text, encoding, errors == "strict")
    raise UnreadableFile(f"{', '.join(marks)} not found in {', '.join(encodings)}")


def encodings_of(data: bytes) -> list[str]:
    """Return the encodings that `data` may be in, the likeliest first."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ["utf_16"]
    # UTF-8 proves itself; among the rest the detector's order is tried, then what is left.
    found = [
        match.encoding for match in from_bytes(data[:SAMPLE_BYTES], cp_isolation=LEGACY_ENCODINGS)
    ]
    return ["utf_8_sig", *dict.fromkeys([*found, *LEGACY_ENCODINGS])]


def read_table(source: Text, *, delimiter: str = ",") -> Iterator[Row | Refusal]:
    """Yield the records of a delimited file, each under its header's columns, by line."""
    lines = _Lines(source)
    header, taken = _record(lines, delimiter)
    lines.drop(taken)
    columns = _apart([column.strip() for column in header])
    while (line := lines.peek(0)) is not None:
        where = f"line {lines.number}"
        if not line.strip():
            lines.drop(1)
            continue
        cells, taken = _record(lines, delimiter, width=len(columns))
        problem = _problem(cells, columns, line, is_whole=source.is_whole)
        if problem:
            # A quote left open swallows the lines after it: only the first of them is refused.
            yield Refusal(where, problem, line.strip()[:SHOWN])
            lines.drop(1)
            continue
        yield Row(where, dict(zip(columns, cells, strict=True)))
        lines.drop(taken)


@dataclass
class _Lines:
    """The lines of a text, of which a few are held to look ahead."""

    source: Text
    number: int = 1  # of the line that comes next
    _held: deque[str] = field(default_factory=deque)
    _coming: Iterator[str] = field(init=False)

    def __post_init__(self) -> None:
        self._coming = _lines(self.source)

    def peek(self, at: int) -> str | None:
        """Return the line `at` lines ahead with its end; None behind the last."""
        while len(self._held) <= at:
            line = next(self._coming, None)
            if line is None:
                return None
            self._held.append(line)
        return self._held[at]

    def drop(self, count: int) -> None:
        for _ in range(min(count, len(self._held))):
            self._held.popleft()
        self.number += count


def _lines(source: Text) -> Iterator[str]:
    """Yield the lines; of one beyond LINE_HIGH no more than a start that no reader takes."""
    # Not splitlines(): it also breaks at separators that stand inside cells.
    rest, is_long = "", False
    for chunk in _with_plain_ends(source):
        *whole, rest = (rest + chunk).split("\n")
        for line in whole:
            yield TOO_LONG + line[:SHOWN] if is_long or len(line) > LINE_HIGH else line + "\n"
            is_long = False
        if len(rest) > LINE_HIGH:
            is_long, rest = True, rest[:SHOWN]
    if rest or is_long:
        yield TOO_LONG + rest[:SHOWN] if is_long else rest + "\n"


def _with_plain_ends(source: Text) -> Iterator[str]:
    held = ""
    for chunk in source.chunks():
        piece = held + chunk
        held = "\r" if piece.endswith("\r") else ""
        piece = piece[: len(piece) - len(held)]
        yield piece.replace("\r\n", "\n").replace("\r", "\n")
    if held:
        yield "\n"


def read_lines(source: Text) -> Iterator[Row | Refusal]:
    """Yield the objects of a file with one JSON object in each line."""
    for number, line in enumerate(_lines(source), start=1):
        where = f"line {number}"
        if not line.strip():
            continue
        try:
            record = None if line.startswith(TOO_LONG) else orjson.loads(line)
        except orjson.JSONDecodeError:
            yield Refusal(where, "malformed JSON", line.strip()[:SHOWN])
            continue
        if line.startswith(TOO_LONG):
            yield Refusal(where, "line too long", line[1 : 1 + SHOWN])
        elif not isinstance(record, dict):
            yield Refusal(where, "not an object", line.strip()[:SHOWN])
        else:
            yield Row(where, record)


def _apart(columns: Sequence[str]) -> list[str]:
    """Return the columns, a second one of a name as "name (2)": neither hides the other."""
    seen: Counter[str] = Counter()
    named = []
    for column in columns:
        seen[column] += 1
        named.append(f"{column} ({seen[column]})" if column and seen[column] > 1 else column)
    return named


def _record(lines: _Lines, delimiter: str, *, width: int = 0) -> tuple[list[str], int]:
    """
    Return the cells of the record that starts at the next line, and how many lines it takes.

    Empty cells beyond `width` are none.
    """
    first = lines.peek(0) or ""
    if '"' not in first:
        return _cells([first], delimiter, width), 1
    quotes, taken = first.count('"'), 1
    if quotes % 2 and width and _opens_no_cell(first, delimiter):
        return _cells([first], delimiter, width), 1
    while quotes % 2 and taken < RECORD_LINES_HIGH and (line := lines.peek(taken)) is not None:
        quotes += line.count('"')
        taken += 1
    if quotes % 2:
        return [], 1
    held = [lines.peek(at) or "" for at in range(taken)]
    return _cells(held, delimiter, width), taken


def _opens_no_cell(line: str, delimiter: str) -> bool:
    """Tell whether each quote stands within a cell: a pizza of 12" opens none."""
    return not any(cell.lstrip().startswith('"') for cell in line.split(delimiter))


def _cells(lines: Sequence[str], delimiter: str, width: int) -> list[str]:
    try:
        rows = list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:  # a cell beyond the module's limit, or a NUL
        return []
    cells = rows[0] if len(rows) == 1 else []
    while width and len(cells) > width and not cells[-1].strip():
        cells.pop()
    return cells


def _problem(cells: Sequence[str], columns: Sequence[str], line: str, *, is_whole: bool) -> str:
    if line.startswith(TOO_LONG):
        return "line too long"
    if not cells:
        return "quote not closed"
    if len(cells) != len(columns):
        return "wrong number of columns"
    if not is_whole and any(UNDECODABLE in cell for cell in cells):
        return "undecodable bytes"
    return ""


def read_records(source: Text, *, key: str = "") -> Iterator[Row | Refusal]:
    """
    Yield the objects of a JSON array, one by one: the outermost, or the one under `key`.

    What follows a damage is read from the next object on.
    """
    text = _Window(source.chunks())
    if not text.skip_to(re.compile(rf'"{re.escape(key)}"\s*:\s*\[' if key else r"\[")):
        yield Refusal("record 1", "not a list of records")
        return
    number = 0
    while (opening := text.next_item()) is not None:
        if opening == "]":
            return
        number += 1
        where = f"record {number}"
        record = text.take()
        if record is _DAMAGED:
            said = text.text[:SHOWN]
            goes_on = text.resync()
            yield Refusal(where, "malformed JSON", said, ends_early=not goes_on)
            if not goes_on:
                return
        elif isinstance(record, dict):
            yield Row(where, record)
        else:
            yield Refusal(where, "not an object", str(record)[:SHOWN])
    yield Refusal(f"record {number + 1}", "file ends inside the list", ends_early=True)


_DAMAGED: Final = object()


@dataclass
class _Window:
    """The part of a JSON text that is being read."""

    chunks: Iterator[str]
    text: str = ""
    _decoder: json.JSONDecoder = field(default_factory=json.JSONDecoder)

    def skip_to(self, mark: re.Pattern[str]) -> bool:
        """Go behind the first `mark`."""
        while (found := mark.search(self.text)) is None:
            self.text = self.text[-RESYNC_BEHIND:]
            if not self._grow():
                return False
        self.text = self.text[found.end() :]
        return True

    def next_item(self) -> str | None:
        """Go to the next item of the list, and return its first letter; None at the text's end."""
        while not (rest := self.text.lstrip(" \t\r\n,")):
            self.text = ""  # else what separates would be looked through again with each piece
            if not self._grow():
                return None
        self.text = rest
        return rest[0]

    def take(self) -> Any:
        """Return the value that starts here and go behind it; `_DAMAGED` where it is none."""
        while True:
            try:
                value, end = self._decoder.raw_decode(self.text)
            except RecursionError:
                return _DAMAGED
            except json.JSONDecodeError as error:
                if len(self.text) > RECORD_HIGH or not self._is_cut(error) or not self._grow():
                    return _DAMAGED
                continue
            except ValueError:  # a whole number of more digits than Python reads
                return _DAMAGED
            # A number at the window's end may go on behind it.
            if end == len(self.text) and self._grow():
                continue
            self.text = self.text[end:]
            return value

    def _is_cut(self, error: json.JSONDecodeError) -> bool:
        """Tell whether the window's end may be what is wrong: a text or a literal is cut there."""
        is_text = error.msg.startswith("Unterminated string")
        return is_text or error.pos >= len(self.text) - LITERAL_LENGTH

    def resync(self) -> bool:
        """Go to the next object."""
        while True:
            found = RESYNC.search(self.text) or RESYNC_CUT.search(self.text, 1)
            if found is not None:
                self.text = self.text[found.end() - 1 :]
                return True
            self.text = self.text[-RESYNC_BEHIND:]
            if not self._grow():
                return False

    def _grow(self) -> bool:
        chunk = next(self.chunks, None)
        if chunk is None:
            return False
        self.text += chunk
        return True
