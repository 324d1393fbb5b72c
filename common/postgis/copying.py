"""
COPY in PostgreSQL's binary format, for bulks of rows whose formatting would cost more than storing them.

A row is the bytes of `row_of`, given each field as one of the functions here wrote it: its length and its
value, big-endian.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from struct import Struct
from typing import Any, Final
from uuid import UUID

import numpy as np
import numpy.typing as npt

Field = bytes

HEAD: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TAIL: Final = b"\xff\xff"
NULL: Final[Field] = b"\xff\xff\xff\xff"
JSONB_VERSION: Final = b"\x01"
EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
EPOCH_DAY: Final = date(2000, 1, 1).toordinal()
SRID_WGS84: Final = 4326
POINT_WITH_SRID: Final = 0x2000_0001  # the type of an EWKB point that names its SRID

_fields = Struct(">h").pack
_length = Struct(">i").pack
_int4 = Struct(">ii").pack
_int8 = Struct(">iq").pack
_float8 = Struct(">id").pack
_uuid = Struct(">i16s").pack
_point = Struct(">ibIIdd").pack


def text(value: str) -> Field:
    """Return a text, which must hold no NUL: PostgreSQL's holds none."""
    data = value.encode()
    return _length(len(data)) + data


def jsonb(value: bytes) -> Field:
    """Return JSON, already written."""
    return _length(len(value) + 1) + JSONB_VERSION + value


def int4(value: int) -> Field:
    return _int4(4, value)


def int8(value: int) -> Field:
    return _int8(8, value)


def float8(value: float) -> Field:
    return _float8(8, value)


def boolean(value: bool) -> Field:  # noqa: FBT001 - a field
    return b"\0\0\0\1\1" if value else b"\0\0\0\1\0"


def day(value: date) -> Field:
    return _int4(4, value.toordinal() - EPOCH_DAY)


def iso_day(value: str) -> Field:
    return day(date.fromisoformat(value))


def instant(value: datetime) -> Field:
    return _int8(8, (value - EPOCH) // timedelta(microseconds=1))


def uuid(value: UUID) -> Field:
    return _uuid(16, value.bytes)


def point(longitude: float, latitude: float) -> Field:
    """Return a geometry, a point in WGS 84."""
    return _point(25, 0, POINT_WITH_SRID, SRID_WGS84, longitude, latitude)


def vectors(rows: npt.NDArray[np.float32]) -> list[Field]:
    """Return each row of an array as a vector of pgvector's."""
    count, dimensions = rows.shape
    said = np.zeros(
        count,
        dtype=[
            ("bytes", ">i4"),
            ("dimensions", ">i2"),
            ("unused", ">i2"),
            ("values", ">f4", (dimensions,)),
        ],
    )
    said["bytes"], said["dimensions"], said["values"] = 4 + 4 * dimensions, dimensions, rows
    data, size = said.tobytes(), said.dtype.itemsize
    return [data[at : at + size] for at in range(0, len(data), size)]


def optional(write: Callable[[Any], Field]) -> Callable[[Any], Field]:
    """Return what writes a value, and NULL for None."""
    return lambda value: NULL if value is None else write(value)


def row_of(fields: Sequence[Field]) -> bytes:
    return _fields(len(fields)) + b"".join(fields)


def copy_rows(cursor: Any, *, into: str, rows: Iterable[bytes]) -> None:
    """Write rows made by `row_of` into the table and columns `into`, by one COPY."""
    with cursor.copy(f"COPY {into} FROM STDIN WITH (FORMAT binary)") as copy:
        copy.write(b"".join((HEAD, *rows, TAIL)))
