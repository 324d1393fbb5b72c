"""
Opens the files of sources piece by piece, whatever their encoding and packing, within bounds.

Nothing here holds a whole file: a table of ten million rows takes no more memory than one of ten.
"""

from __future__ import annotations

import bz2
import codecs
import gzip
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, cast

from places.adapters.reading import SAMPLE_BYTES, UnreadableFile, encodings_of

CHUNK_BYTES: Final = 1 << 20
# A packed file of more than this unpacks to at most RATIO_HIGH times its size: beyond is a bomb.
UNPACKED_FREE_BYTES: Final = 64 << 20
RATIO_HIGH: Final = 100
UNPACKED_HIGH_BYTES: Final = 64 << 30
PACKINGS: Final[Mapping[bytes, Callable[[IO[bytes]], IO[bytes]]]] = {
    b"\x1f\x8b": lambda raw: cast("IO[bytes]", gzip.GzipFile(fileobj=raw)),
    b"BZh": lambda raw: cast("IO[bytes]", bz2.BZ2File(raw)),
    b"\xfd7zXZ\x00": lambda raw: cast("IO[bytes]", lzma.LZMAFile(raw)),  # noqa: SIM115 - opened in a with statement
}
ZIP: Final = b"PK\x03\x04"
ZIP_END: Final = b"PK\x05\x06"
ZIP_END_BYTES: Final = 65_557  # with the longest remark
MEMBERS_HIGH: Final = 1_000  # more is no archive of a list
DATA: Final = (".csv", ".tsv", ".json", ".geojson", ".jsonl", ".ndjson")


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A text file whose encoding is known; each call of `chunks` reads it anew from its start."""

    path: Path
    encoding: str
    is_whole: bool = False  # what could not be decoded stands as U+FFFD, if there is any

    def chunks(self) -> Iterator[str]:
        """
        Yield the text in pieces.

        Raises:
            UnreadableFile: it ends in the middle of its packing, or unpacks beyond all bounds.
        """
        decoder = codecs.getincrementaldecoder(self.encoding)(errors="replace")
        for piece in read_bytes(self.path):
            yield decoder.decode(piece)
        if rest := decoder.decode(b"", final=True):
            yield rest


def open_text(path: Path, *, marks: Sequence[str]) -> OpenedFile:
    """
    Find the encoding in which all `marks` (column names, keys) appear at the file's start.

    Raises:
        UnreadableFile: they appear in no encoding tried, or the file cannot be unpacked.
    """
    if path.is_dir():
        raise UnreadableFile("a folder, not a file")
    sample = b""
    for piece in read_bytes(path, chunk_bytes=SAMPLE_BYTES):
        sample += piece
        if len(sample) >= SAMPLE_BYTES:
            break
    encodings = encodings_of(sample)
    for errors in ("strict", "replace"):
        for encoding in encodings:
            try:
                text = codecs.getincrementaldecoder(encoding)(errors).decode(sample)
            except UnicodeError:  # UTF-16 without its mark, too
                continue
            if all(mark in text for mark in marks):
                return OpenedFile(path, encoding)
    raise UnreadableFile(f"{', '.join(marks)} not found in {', '.join(encodings)}")


def read_bytes(path: Path, *, chunk_bytes: int = CHUNK_BYTES) -> Iterator[bytes]:
    """
    Yield the bytes of a file in pieces, unpacked from gzip, bzip2, xz or a zip of one file.

    Raises:
        UnreadableFile: it cannot be unpacked, or to more than bounds allow.
    """
    packed_size = path.stat().st_size
    high = max(UNPACKED_FREE_BYTES, min(packed_size * RATIO_HIGH, UNPACKED_HIGH_BYTES))
    size = 0
    try:
        with _unpacked(path) as (file, is_packed):
            while piece := file.read(chunk_bytes):
                if is_packed and not size and piece.startswith((ZIP, *PACKINGS)):
                    raise UnreadableFile("an archive within the archive")
                size += len(piece)
                if is_packed and size > high:
                    raise UnreadableFile(f"unpacks to more than {high:,} bytes")
                yield piece
    except (
        EOFError,
        OSError,
        lzma.LZMAError,
        zipfile.BadZipFile,
        zlib.error,
        RuntimeError,
    ) as error:
        raise UnreadableFile(f"cannot be unpacked: {error}") from None


@contextmanager
def _unpacked(path: Path) -> Iterator[tuple[IO[bytes], bool]]:
    with path.open("rb") as raw:
        head = raw.read(8)
        raw.seek(0)
        if head.startswith(ZIP):
            _check_count(raw)
            with zipfile.ZipFile(raw) as archive, archive.open(_member(archive)) as member:
                yield member, True
            return
        opener = next((one for mark, one in PACKINGS.items() if head.startswith(mark)), None)
        if opener is None:
            yield raw, False
            return
        with opener(raw) as unpacked:
            yield unpacked, True


def _check_count(raw: IO[bytes]) -> None:
    """Refuse an archive of very many files before their list is read into memory."""
    size = raw.seek(0, 2)
    raw.seek(max(0, size - ZIP_END_BYTES))
    end = raw.read()
    raw.seek(0)
    at = end.rfind(ZIP_END)
    count = int.from_bytes(end[at + 10 : at + 12], "little") if at >= 0 else 0
    if count > MEMBERS_HIGH:
        raise UnreadableFile(f"the archive holds more than {MEMBERS_HIGH} files, not one")


def _member(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """Return the file that holds the data: what systems add, or a note beside it, is none."""
    members = [
        info
        for info in archive.infolist()
        if not info.is_dir()
        and not info.filename.startswith("__MACOSX/")
        and not Path(info.filename).name.startswith(".")
    ]
    if len(members) > 1:
        named = [info for info in members if info.filename.lower().endswith(DATA)]
        members = named if len(named) == 1 else members
    if len(members) != 1:
        raise UnreadableFile(f"the archive holds {len(members)} files, not one")
    return members[0]
