"""A database of the benchmark's own: made, known again by its mark, and dropped."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

MARK: Final = "made by benchmarks.api"
NAME: Final = re.compile(r"[a-z0-9_]+_benchmark")
EXTENSIONS: Final = ("postgis", "vector", "pg_trgm")


class NotOurDatabase(RuntimeError):
    """The database bears another name than a benchmark's, or was made by somebody else."""


def url_of(*, name: str, beside: str) -> str:
    """
    Return the address of the database `name` on the server of the address `beside`.

    Raises:
        NotOurDatabase: the name does not end in `_benchmark`.
    """
    if not NAME.fullmatch(name):
        raise NotOurDatabase(f"{name} is no name of a benchmark's database: it ends in _benchmark.")
    return urlunsplit(urlsplit(beside)._replace(path=f"/{name}"))


def make(*, url: str) -> bool:
    """
    Make the database unless it stands; tell whether it was made.

    Raises:
        NotOurDatabase: one of this name stands and does not bear the mark.
    """
    name = _name_of(url)
    with _maintenance(url) as connection:
        if _stands(connection, name):
            return False
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        connection.execute(
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(MARK))
        )
    with psycopg.connect(plain(url), autocommit=True) as connection:
        for extension in EXTENSIONS:
            connection.execute(
                sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension))
            )
    return True


def drop(*, url: str) -> None:
    """
    Drop the database with all that is in it, if it stands.

    Raises:
        NotOurDatabase: it does not bear the mark.
    """
    name = _name_of(url)
    with _maintenance(url) as connection:
        if _stands(connection, name):
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            )


def plain(url: str) -> str:
    """Return the address as libpq reads it."""
    return urlunsplit(urlsplit(url)._replace(scheme="postgresql"))


def _name_of(url: str) -> str:
    name = urlsplit(url).path.removeprefix("/")
    if not NAME.fullmatch(name):
        raise NotOurDatabase(f"{name} is no name of a benchmark's database: it ends in _benchmark.")
    return name


def _maintenance(url: str) -> psycopg.Connection:
    return psycopg.connect(
        plain(urlunsplit(urlsplit(url)._replace(path="/postgres"))), autocommit=True
    )


def _stands(connection: psycopg.Connection, name: str) -> bool:
    row = connection.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
    ).fetchone()
    if row is not None and row[0] != MARK:
        raise NotOurDatabase(f"{name} stands, and was not made by this command: it is left alone.")
    return row is not None
