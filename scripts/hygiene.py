"""
What no tracked file may hold: a package registry's host, or a path of one person's machine.

Packages come from whatever sources a machine is set up with, and a checkout works in any folder.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts.layout import ROOT

REGISTRIES = re.compile(
    r"\b(?:pypi|pythonhosted|npmjs|crates|rubygems|anaconda)\.(?:org|com|io)\b"
    r"|\b(?:deb|security|archive|ports)\.(?:debian|ubuntu)\.(?:org|com)\b"
)
MACHINE_PATHS = re.compile(r"(?<![\w.:/~-])/(?:(?:home|Users)/\w+|root)/|[A-Z]:\\Users\\")
# Lock files that spell out where packages came from.
FORBIDDEN_NAMES = {"uv.lock", "poetry.lock", "Pipfile.lock", "pip.conf"}
NOT_OURS = {".git", ".venv", ".local", "__pycache__", ".mypy_cache", ".ruff_cache", ".hypothesis"}
LARGEST_TEXT = 1_000_000


def main() -> int:
    found = [line for path in _tracked() for line in faults(path, name=path.relative_to(ROOT))]
    for line in found:
        print(line)
    if found:
        print(
            "dongne: take these out of the files: they hold on one machine only.", file=sys.stderr
        )
    return 1 if found else 0


def _tracked() -> Iterator[Path]:
    """Yield what git tracks; where git is missing, what lies outside the folders it ignores."""
    try:
        # The checkout may belong to another user than the one who checks it: sudo, containers.
        git = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"]
        listed = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        names = [name for name in listed.split("\0") if name]
    except (FileNotFoundError, subprocess.CalledProcessError):
        names = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*")]
    for name in names:
        path = ROOT / name
        if path.is_file() and not NOT_OURS.intersection(Path(name).parts):
            yield path


def faults(path: Path, *, name: Path | str) -> Iterator[str]:
    """Yield what is wrong in a file, one line each."""
    if path.name in FORBIDDEN_NAMES:
        yield f"{name}: names package hosts"
    if path.stat().st_size > LARGEST_TEXT:
        return
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return
    for number, line in enumerate(text.splitlines(), start=1):
        if REGISTRIES.search(line):
            yield f"{name}:{number}: names a package registry's host"
        if MACHINE_PATHS.search(line) or f"{ROOT}/" in line:
            yield f"{name}:{number}: names a path of one machine"


if __name__ == "__main__":
    sys.exit(main())
