"""
How fast PostgreSQL alone takes the rows that an ingestion writes: what no program above it can beat.

`python -m benchmarks.ingest --rows 20000 --keep`, then `python -m benchmarks.ingest_floor`: copies the
rows of each table that ingesting fills into an empty twin of it, once as it is, once without any index
but its key; with `--each` also once with each of its indexes beside the key. Seconds are those that the
backend of the database computed. The index of vectors, which a bulk is stored without, and triggers and
foreign keys are left away.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Container
from typing import IO, Any, Final

import psycopg
from psycopg import sql

from benchmarks.api import database
from benchmarks.ingest import NAME, computed_s

TABLES: Final = (
    "raw_ingestion.records",
    "raw_ingestion.clean_places",
    "public.places_place",
    "public.places_placesource",
    "public.places_placebrief",
    "public.places_placelisting",
)
TWIN: Final = "ingest_floor_twin"
CHUNK: Final = 1 << 20
MICROSECONDS: Final = 1_000_000
_COLUMNS: Final = """
SELECT attname FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
ORDER BY attnum
"""
_INDEXES: Final = """
SELECT c.relname, pg_get_indexdef(i.indexrelid), i.indisprimary
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam
WHERE i.indrelid = %s::regclass AND a.amname <> 'hnsw' ORDER BY c.relname
"""


def measure(
    connection: psycopg.Connection[Any], table: str, *, indexes: Container[str] = ()
) -> float:
    """
    Copy the rows of `table` into an empty twin, and return the microseconds for each.

    The twin has its key, and those of the indexes that are named.
    """
    name = sql.Identifier(*table.split("."))
    twin = sql.Identifier(TWIN)
    columns = [sql.Identifier(column) for (column,) in connection.execute(_COLUMNS, [table])]
    listed = sql.SQL(", ").join(columns)
    connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(twin))
    connection.execute(
        sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL EXCLUDING INDEXES)").format(twin, name)
    )
    for index, definition, is_primary in connection.execute(_INDEXES, [table]).fetchall():
        if is_primary or index in indexes:
            connection.execute(_on_twin(definition, table))
    with tempfile.TemporaryFile() as file:
        rows = _copy_out(
            connection, sql.SQL("COPY {} ({}) TO STDOUT (FORMAT binary)"), name, listed, file
        )
        before_s = computed_s(connection.info.backend_pid)
        into = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(twin, listed)
        with connection.cursor() as cursor, cursor.copy(into) as copy:
            while chunk := file.read(CHUNK):
                copy.write(chunk)
    spent_s = computed_s(connection.info.backend_pid) - before_s
    connection.execute(sql.SQL("DROP TABLE {}").format(twin))
    return spent_s / max(1, rows) * MICROSECONDS


def _copy_out(
    connection: psycopg.Connection[Any],
    statement: sql.SQL,
    name: sql.Identifier,
    listed: sql.Composed,
    file: IO[bytes],
) -> int:
    """Write the rows into a file, and return how many there are."""
    with connection.cursor() as cursor:
        with cursor.copy(statement.format(name, listed)) as copy:
            for chunk in copy:
                file.write(chunk)
        file.seek(0)
        return cursor.rowcount


def _on_twin(definition: str, table: str) -> bytes:
    """Return what makes the same index of the twin, under a name of its own."""
    head, _, rest = definition.partition(f" ON {table} ")
    unique = "UNIQUE " if head.startswith("CREATE UNIQUE") else ""
    return f"CREATE {unique}INDEX ON {TWIN} {rest}".encode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default=NAME, help="as the ingestion kept it")
    parser.add_argument("--each", action="store_true", help="and with each index alone")
    options = parser.parse_args()
    url = database.url_of(name=options.database, beside=os.environ["DATABASE_URL"])
    totals = {"all indexes": 0.0, "its key alone": 0.0}
    with psycopg.connect(database.plain(url), autocommit=True) as connection:
        connection.execute("SET search_path = public")
        for table in TABLES:
            names = _indexes_of(connection, table)
            for told, indexes in (("all indexes", names), ("its key alone", ())):
                each_us = measure(connection, table, indexes=indexes)
                totals[told] += each_us
                print(f"{table:<28} {told:<34} {each_us:>7.1f} µs a row", flush=True)
            for name in names if options.each else ():
                more_us = measure(connection, table, indexes=(name,)) - each_us
                print(f"{'':<28} {name:<34} {more_us:>+7.1f} µs a row", flush=True)
    for told, each_us in totals.items():
        print(f"{'all of them':<28} {told:<34} {MICROSECONDS / each_us:>7,.0f} rows/s")


def _indexes_of(connection: psycopg.Connection[Any], table: str) -> list[str]:
    """Return the names of the indexes of a table beside its key."""
    found = connection.execute(_INDEXES, [table]).fetchall()
    return [name for name, _, is_primary in found if not is_primary]


if __name__ == "__main__":
    main()
