"""
Reads open places out of GeoParquet files: one file, or a folder of parts, in a stream.

DuckDB reads them with what it has built in and fetches no extension: the city's box is compared with
the bbox columns, whose statistics let it pass over most of a file, and points are read from WKB here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from places.adapters.reading import UnreadableFile
from places.types import Refusal, Row

if TYPE_CHECKING:
    import duckdb

MEMORY: Final = "512MB"
BATCH: Final = 2_000
POINT: Final = 1  # the kind of shape, as WKB numbers it
WITH_SRID: Final = 0x20000000  # of PostGIS' extended WKB
KIND: Final = 0xFF
MARK: Final = b"PAR1"
Box = tuple[float, float, float, float]


def is_parquet(path: Path) -> bool:
    """Tell whether it is a Parquet file, or a folder of some."""
    if path.is_dir():
        return any(path.rglob("*.parquet"))
    with path.open("rb") as file:
        return file.read(len(MARK)) == MARK


def read_parquet(
    path: Path, *, ref: str, columns: Sequence[str], bounds: Box | None
) -> Iterator[Row | Refusal]:
    """
    Yield the rows whose box touches `bounds`, each named by its column `ref`.

    Of `columns` those that the file has are read; `ref` must be there, and `bbox` or `latitude` and
    `longitude`. A shape in `geometry`, or in `geom` where these are empty, comes as the latter.

    Raises:
        UnreadableFile: it is no whole Parquet file, or lacks what it must have.
    """
    import duckdb

    path = path.resolve()
    try:
        with _connection(path) as connection:
            source = "read_parquet(?)"
            files = [str(path)] if path.is_file() else [str(path / "**" / "*.parquet")]
            described = connection.execute(f"DESCRIBE FROM {source}", files).fetchall()
            known = {name for name, *_ in described}
            has_box = "bbox" in known or not {"latitude", "longitude"} <= known
            if missing := ({ref, "bbox"} if has_box else {ref}) - known:
                raise UnreadableFile(f"no column {', '.join(sorted(missing))}")
            wanted = [name for name in dict.fromkeys((ref, *columns)) if name in known]
            where, box = _within(bounds, has_box=has_box)
            names = ", ".join(f'"{name}"' for name in wanted)
            connection.execute(f"SELECT {names} FROM {source}{where}", [*files, *box])  # noqa: S608 - names of ours
            yield from _rows(connection, wanted, ref)
    except duckdb.Error as error:
        raise UnreadableFile(f"no whole Parquet file: {str(error)[:160]}") from None


def _connection(path: Path) -> duckdb.DuckDBPyConnection:
    """Return a database that reads these files alone, and reaches nothing else."""
    import duckdb

    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "memory_limit": MEMORY,
            "threads": 1,  # rows come in the file's order, which a run that goes on counts on
        }
    )
    connection.execute("SET enable_geoparquet_conversion = false")  # shapes stay WKB
    folder = path if path.is_dir() else path.parent
    connection.execute("SET allowed_directories = ?", [[f"{folder}/"]])
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def _within(bounds: Box | None, *, has_box: bool) -> tuple[str, tuple[float, ...]]:
    if bounds is None:
        return "", ()
    west, south, east, north = bounds
    if not has_box:  # a row without a point comes, and is refused by name
        sql = " WHERE (longitude <= ? AND longitude >= ? AND latitude <= ? AND latitude >= ?) IS NOT FALSE"
        return sql, (east, west, north, south)
    sql = " WHERE bbox.xmin <= ? AND bbox.xmax >= ? AND bbox.ymin <= ? AND bbox.ymax >= ?"
    return sql, (east, west, north, south)


def _rows(
    connection: duckdb.DuckDBPyConnection, names: Sequence[str], ref: str
) -> Iterator[Row | Refusal]:
    number = 0
    while batch := connection.fetchmany(BATCH):
        for cells in batch:
            number += 1
            values = dict(zip(names, cells, strict=True))
            where = f"row {number}"
            spare = values.pop("geom", None)
            shape = values.pop("geometry", spare if values.get("latitude") is None else None)
            point = _point(shape, values)
            if not values[ref]:
                yield Refusal(where, "no identifier")
            elif point is None:
                yield Refusal(where, "malformed geometry", str(values[ref]))
            else:
                yield Row(where, _plain({**values, **point}), ref=str(values[ref]))


def _point(shape: Any, values: Mapping[str, Any]) -> dict[str, float] | None:
    """Return where a row lies, by its shape in WKB; nothing new where it has columns for that."""
    if shape is None and "latitude" in values:
        return {}
    try:
        order = {0: ">", 1: "<"}[shape[0]]
        (kind,) = struct.unpack_from(f"{order}I", shape, 1)
        at = 9 if kind & WITH_SRID else 5
        longitude, latitude = struct.unpack_from(f"{order}dd", shape, at)
    except (KeyError, IndexError, TypeError, struct.error):
        return None
    if kind & KIND != POINT:
        return None
    return {"longitude": longitude, "latitude": latitude}


def _plain(value: Any) -> Any:
    """Return what JSON can say of a value."""
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items() if one is not None}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value
