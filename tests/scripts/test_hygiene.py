from pathlib import Path

import pytest

from scripts import hygiene


@pytest.mark.parametrize(
    "line",
    [
        "index = " + "https://" + "py" + "pi.org/simple",
        "see " + "files.python" + "hosted.org",
        "deb http://" + "deb.de" + "bian.org/debian bookworm main",
        "open(" + "'/ho" + "me/kim/dongne/x')",
        "cd /ro" + "ot/dongne",
        "C:" + "\\Users" + "\\kim",
    ],
)
def test_finds_what_holds_on_one_machine_only(line: str, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(f"first\n{line}\n")

    assert [fault.partition(":")[0] for fault in hygiene.faults(file, name="a.txt")] == ["a.txt"]


@pytest.mark.parametrize(
    "line",
    ["http://127.0.0.1:8000/", "https://example.test/home/", "/srv/dongne", "~/root/x", "/readyz"],
)
def test_lets_addresses_and_paths_of_the_product_pass(line: str, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(line)

    assert list(hygiene.faults(file, name="a.txt")) == []


def test_finds_a_lock_that_spells_out_addresses(tmp_path: Path) -> None:
    file = tmp_path / "uv.lock"
    file.write_text("version = 1\n")

    assert list(hygiene.faults(file, name="uv.lock")) == ["uv.lock: names package hosts"]
