from pathlib import Path

import pytest

from scripts import pgvector


@pytest.mark.parametrize("version", ["0.8.0-1", "0.8.0", "0.10.1-1.pgdg12+1", "1.0", "1:0.8.2-1"])
def test_takes_a_version_that_is_recent_enough(version: str) -> None:
    assert pgvector.is_enough(version)


@pytest.mark.parametrize("version", ["0.6.0-1", "0.7.4", "0", "", "(none)"])
def test_refuses_an_older_or_missing_version(version: str) -> None:
    assert not pgvector.is_enough(version)


def test_reads_the_installed_version_from_the_control_file(tmp_path: Path) -> None:
    (tmp_path / "vector.control").write_text("comment = 'x'\ndefault_version = '0.7.4'\n")

    assert not pgvector.is_recent(tmp_path)


def test_an_absent_extension_is_not_recent(tmp_path: Path) -> None:
    assert not pgvector.is_recent(tmp_path)
