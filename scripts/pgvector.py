"""pgvector where the machine's release offers none, or one older than 0.8: built from source."""

import os
import re
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from scripts.console import Trouble, run_logged, say

OLDEST = (0, 8)
# The release after this one, whose source package is built.
NEXT_RELEASE = {"bookworm": "trixie", "noble": "resolute"}
KEYRINGS = (
    Path("/usr/share/keyrings/debian-archive-keyring.gpg"),
    Path("/usr/share/keyrings/ubuntu-archive-keyring.gpg"),
)


def is_enough(version: str) -> bool:
    """Say whether a package's version, or a control file's, is 0.8 or later."""
    numbers = re.match(r"(?:\d+:)?(\d+)\.(\d+)", version)
    return numbers is not None and (int(numbers[1]), int(numbers[2])) >= OLDEST


def is_recent(extensions: Path) -> bool:
    control = extensions / "vector.control"
    if not control.exists():
        return False
    version = re.search(r"default_version\s*=\s*'([^']+)'", control.read_text())
    return version is not None and is_enough(version[1])


def build_packages(version: str) -> list[str]:
    return [f"postgresql-server-dev-{version}", "make", "gcc", "libc6-dev"]


def build(*, bin_folder: Path, root: Sequence[str]) -> None:
    """
    Build the next release's source package against an installed server and install it.

    The system's own apt configuration is read and left as it is: lists and source go to a folder
    that is removed at the end.

    Raises:
        Trouble: the source cannot be had or does not build.
    """
    mirror, component, following = _next_release()
    say(f"Building pgvector from the source package of {following}: this release has none >= 0.8.")
    with tempfile.TemporaryDirectory(prefix="dongne-pgvector-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # apt downloads as its own user
        apt = _private_apt(folder, f"{mirror} {following} {component}")
        trouble = "pgvector's source cannot be had: check the network and run `make setup` again"
        run_logged([*apt, "update"], log="pgvector", trouble=trouble, cwd=folder)
        # The tar alone: what a package adds for itself is not needed to build the library.
        fetch = [*apt, "source", "--tar-only", "pgvector"]
        run_logged(fetch, log="pgvector", trouble=trouble, cwd=folder)
        source = _unpack(folder)
        # OPTFLAGS= leaves out -march=native: the library must survive a move of the machine.
        make = ["make", f"PG_CONFIG={bin_folder / 'pg_config'}", "with_llvm=no", "OPTFLAGS="]
        trouble = "pgvector does not build: read .local/log/pgvector.log"
        run_logged([*make, f"-j{os.cpu_count() or 1}"], log="pgvector", trouble=trouble, cwd=source)
        run_logged([*root, *make, "install"], log="pgvector", trouble=trouble, cwd=source)


def _unpack(folder: Path) -> Path:
    archive = next(folder.glob("pgvector_*.orig.tar.*"))
    source = folder / "pgvector"
    source.mkdir()
    run_logged(
        ["tar", "-xf", str(archive), "-C", str(source), "--strip-components=1", "--no-same-owner"],
        log="pgvector",
        trouble="pgvector's source cannot be unpacked",
    )
    return source


def _next_release() -> tuple[str, str, str]:
    """Return the mirror this machine uses for its release, a component and the next release."""
    release = re.search(r"^VERSION_CODENAME=(\S+)", Path("/etc/os-release").read_text(), re.M)
    codename = release[1] if release else ""
    following = NEXT_RELEASE.get(codename)
    targets = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(CODENAME) $(ORIGIN) $(COMPONENT)"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    for component in ("universe", "main"):  # where Ubuntu keeps it, where Debian does
        pattern = rf"^(\S+) {re.escape(codename)} (?:Debian|Ubuntu) {component}$"
        mirror = re.search(pattern, targets, re.M)
        if mirror is not None and following is not None:
            return mirror[1], component, following
    raise Trouble(
        "no package source of this machine offers pgvector 0.8+: "
        "install it for the PostgreSQL that is there, then run `make setup` again."
    )


def _private_apt(folder: Path, source: str) -> list[str]:
    keyring = next((path for path in KEYRINGS if path.exists()), None)
    signed = f"[signed-by={keyring}] " if keyring else ""
    (folder / "sources.list").write_text(f"deb-src {signed}{source}\n")
    (folder / "lists").mkdir()
    return [
        "apt-get",
        "-q",
        f"-o=Dir::Etc::SourceList={folder / 'sources.list'}",
        "-o=Dir::Etc::SourceParts=/dev/null",
        f"-o=Dir::State::Lists={folder / 'lists'}",
        f"-o=Dir::Cache={folder}",
        "-o=Acquire::Retries=2",
        "-o=Acquire::http::Timeout=30",
    ]
