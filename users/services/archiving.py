"""Writes the zip of everything that is kept of one person: one JSON file for each kind of rows."""

from __future__ import annotations

import shutil
import zipfile
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import IO, Any, Final

import numpy as np
import orjson
from django.contrib.gis.geos import GEOSGeometry
from django.core.files.storage import default_storage
from django.db import transaction

from common.personal_data import Person, PersonalRows, list_personal_rows

ROWS_AT_ONCE: Final = 500
README: Final = "README.txt"


def write_archive(file: IO[bytes], /, *, person: Person, now: datetime) -> None:
    """Write the zip into `file`, row by row: its size is no matter of memory."""
    entries = [entry for entry in list_personal_rows() if entry.file]
    entries.sort(key=lambda entry: entry.file)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(README, _describe(entries, now=now))
        for entry in entries:
            _write_rows(archive, entry, person)
            if entry.media:
                _write_media(archive, entry, person)


@transaction.atomic
def _write_rows(archive: zipfile.ZipFile, entry: PersonalRows, person: Person) -> None:
    rows = entry.of(person).order_by("pk").values(*entry.exported)
    head = orjson.dumps(
        {
            "what": {"ko": entry.purpose.ko, "en": entry.purpose.en},
            "kept_for": {"ko": entry.kept_for.ko, "en": entry.kept_for.en},
        }
    )
    with archive.open(f"{entry.file}.json", "w") as file:
        file.write(head[:-1] + b',"rows":[')
        for number, row in enumerate(rows.iterator(chunk_size=ROWS_AT_ONCE)):
            file.write(b",\n" if number else b"\n")
            file.write(dump_row(row))
        file.write(b"\n]}\n")


def _write_media(archive: zipfile.ZipFile, entry: PersonalRows, person: Person) -> None:
    if entry.storage != "default":
        return
    for key in entry.of(person).order_by("pk").values_list(entry.media, flat=True):
        if key and default_storage.exists(key):
            name = f"{entry.file}/{PurePosixPath(key).name}"
            with default_storage.open(key) as source, archive.open(name, "w") as target:
                shutil.copyfileobj(source, target)


def dump_row(row: Mapping[str, Any], /) -> bytes:
    """Return a row as JSON; a path into another model reads as one name."""
    return orjson.dumps(
        {name.replace("__", "_"): value for name, value in row.items()},
        default=_plain,
        option=orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, GEOSGeometry):
        return orjson.Fragment(value.geojson)
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, bytes | memoryview):
        return b64encode(bytes(value)).decode()
    if isinstance(value, timedelta):
        return value.total_seconds()
    return str(value)


def _describe(entries: list[PersonalRows], *, now: datetime) -> str:
    korean = [
        f"- {entry.file}.json: {entry.purpose.ko} (보관: {entry.kept_for.ko})" for entry in entries
    ]
    english = [
        f"- {entry.file}.json: {entry.purpose.en} (kept: {entry.kept_for.en})" for entry in entries
    ]
    return "\n".join(
        [
            "동네가 보관하는 내 데이터",
            f"{now:%Y-%m-%d %H:%M} UTC 기준이에요. 파일마다 한 종류의 데이터가 JSON으로 들어 있고,",
            "시각은 UTC, 금액은 통화의 가장 작은 단위예요. 비밀번호처럼 로그인에 쓸 수 있는 값은 없어요.",
            "",
            *korean,
            "",
            "What Dongne keeps about you",
            f"As of {now:%Y-%m-%d %H:%M} UTC. Each file holds one kind of data as JSON; times are in UTC,",
            "money in the minor unit of its currency. What could be used to sign in is left out.",
            "",
            *english,
            "",
        ]
    )
