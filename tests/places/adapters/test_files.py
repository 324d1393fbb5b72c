import bz2
import gzip
import lzma
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from places.adapters.files import UNPACKED_FREE_BYTES, open_text, read_bytes
from places.adapters.reading import UnreadableFile, read_lines, read_table
from places.types import Refusal, Row

TABLE = "이름,주소\n달빛다락,홍대\n별빛다락,종로\n"
MIB = 1 << 20


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_a_table_is_read_whatever_its_packing_and_encoding(
    tmp_path: Path, pack: Callable[[bytes], bytes], encoding: str
) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(pack(TABLE.encode(encoding)))

    rows = list(read_table(open_text(path, marks=("이름",))))

    assert [row.values["이름"] for row in rows if isinstance(row, Row)] == ["달빛다락", "별빛다락"]


def test_letters_that_a_piece_cuts_in_two_are_whole(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(("이름\n" + "가나다라마바사\n" * 170_000).encode("cp949"))

    rows = list(read_table(open_text(path, marks=("이름",))))

    assert {row.values["이름"] for row in rows if isinstance(row, Row)} == {"가나다라마바사"}
    assert len(rows) == 170_000


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
def test_a_bomb_is_not_unpacked_to_its_end(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "bomb"
    path.write_bytes(pack(bytes(UNPACKED_FREE_BYTES + MIB)))

    with pytest.raises(UnreadableFile, match="unpacks to more than 67,108,864 bytes"):
        sum(len(piece) for piece in read_bytes(path))


def test_a_zip_that_lies_about_the_size_of_its_file_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "table.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("table.csv", bytes(2 * MIB))
    packed = path.read_bytes()
    path.write_bytes(packed.replace((2 * MIB).to_bytes(4, "little"), (10).to_bytes(4, "little")))

    with pytest.raises(UnreadableFile, match="cannot be unpacked"):
        list(read_bytes(path))


def test_a_zip_of_two_files_is_not_guessed_at(tmp_path: Path) -> None:
    path = tmp_path / "table.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", TABLE)
        archive.writestr("b.csv", TABLE)

    with pytest.raises(UnreadableFile, match="holds 2 files"):
        open_text(path, marks=("이름",))


def test_what_systems_put_beside_a_table_is_none(tmp_path: Path) -> None:
    path = tmp_path / "table.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("table.csv", TABLE)
        for name in ("__MACOSX/._table.csv", "README.txt", ".DS_Store"):
            archive.writestr(name, "x")

    rows = list(read_table(open_text(path, marks=("이름",))))

    assert len(rows) == 2


def test_an_archive_within_an_archive_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "table.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("table.csv", gzip.compress(TABLE.encode()))

    with pytest.raises(UnreadableFile, match="an archive within the archive"):
        open_text(path, marks=("이름",))


def test_an_archive_of_very_many_files_is_refused_by_their_number(tmp_path: Path) -> None:
    path = tmp_path / "table.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for at in range(1001):
            archive.writestr(f"{at}", "")

    with pytest.raises(UnreadableFile, match="more than 1000 files"):
        open_text(path, marks=("이름",))


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_packed_file_that_is_cut_off_is_told(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "table"
    path.write_bytes(pack(TABLE.encode() * 50_000)[:-40])

    with pytest.raises(UnreadableFile, match="cannot be unpacked"):
        list(read_bytes(path))


@dataclass
class OneLongLine:
    """A text whose second line never ends, or so it seems."""

    mib: int
    is_whole: bool = True

    def chunks(self) -> Iterator[str]:
        yield "이름,주소\n"
        for _ in range(self.mib):
            yield "가" * MIB
        yield "\n달빛다락,홍대\n"


def test_a_line_without_end_is_refused_in_little_memory_and_the_next_is_read() -> None:
    tracemalloc.start()
    rows = list(read_table(OneLongLine(mib=256)))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert [row.reason for row in rows if isinstance(row, Refusal)] == ["line too long"]
    assert [row.values["이름"] for row in rows if isinstance(row, Row)] == ["달빛다락"]
    assert most < 24 * MIB


def test_of_objects_by_line_a_long_one_is_refused_too() -> None:
    rows = list(read_lines(OneLongLine(mib=3)))

    assert [row.reason for row in rows if isinstance(row, Refusal)] == [
        "malformed JSON", "line too long", "malformed JSON",
    ]  # fmt: skip
