"""What the machine must have: PostgreSQL with PostGIS and pgvector, Redis, libraries, venv."""

import contextlib
import ctypes.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts import pgvector
from scripts.console import Trouble, attempt, run_logged, say

POSTGRES_HOMES = Path("/usr/lib/postgresql")
POSTGRES_SHARES = Path("/usr/share/postgresql")
OLDEST_POSTGRES = 15
# Bytes that packages, the virtual environment and a city's database take, rounded up.
ROOM_NEEDED = 3_000_000_000

# A source that hangs must not hold the others up; another apt at work is waited for.
APT = (
    "apt-get",
    "-q",
    "-o=Acquire::Retries=1",
    "-o=Acquire::http::Timeout=20",
    "-o=Acquire::https::Timeout=20",
    "-o=DPkg::Lock::Timeout=300",
)
PASSED_ON = ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
NO_SERVICES = Path("/usr/sbin/policy-rc.d")
NO_SERVICES_TEXT = (
    "#!/bin/sh\n# Written by dongne's make setup while it installs; safe to remove.\nexit 101\n"
)


@dataclass(frozen=True)
class Need:
    """A package and what it is for."""

    package: str
    why: str


def find_postgres(*, version: str | None = None) -> Path | None:
    """Return the programs of the newest PostgreSQL that has all three extensions."""
    for number in sorted(_installed_versions(), reverse=True):
        if version is not None and str(number) != version:
            continue
        extensions = POSTGRES_SHARES / str(number) / "extension"
        has_others = all(
            (extensions / f"{e}.control").exists() for e in ("postgis", "pg_trgm", "btree_gist")
        )
        if has_others and pgvector.is_recent(extensions):
            return POSTGRES_HOMES / str(number) / "bin"
    return None


def ensure() -> None:
    """
    Install what is missing, and nothing else.

    Raises:
        Trouble: something can be had neither from here nor from the machine's package sources.
    """
    if not _is_complete():
        _install_missing()
    if not _is_complete():
        raise Trouble(
            "the packages were installed, yet something is still missing: "
            "read .local/log/packages.log, mend it and run `make setup` again."
        )


def _is_complete() -> bool:
    return find_postgres() is not None and not _needs_beside_postgres()


def _installed_versions() -> list[int]:
    if not POSTGRES_HOMES.is_dir():
        return []
    return [
        int(home.name)
        for home in POSTGRES_HOMES.iterdir()
        if home.name.isdigit()
        and int(home.name) >= OLDEST_POSTGRES
        and (home / "bin" / "postgres").exists()
    ]


def _needs_beside_postgres() -> list[Need]:
    needs = []
    if shutil.which("redis-server") is None:
        needs.append(Need("redis-server", "cache, queue and sockets"))
    if any(ctypes.util.find_library(name) is None for name in ("gdal", "geos_c", "proj")):
        needs.append(Need("gdal-bin", "brings the GDAL, GEOS and PROJ that GeoDjango loads"))
    tried = subprocess.run(
        [sys.executable, "-c", "import venv, ensurepip"], capture_output=True, check=False
    )
    if tried.returncode != 0:
        major, minor = sys.version_info[:2]
        needs.append(Need(f"python{major}.{minor}-venv", "makes .venv"))
    return needs


def _install_missing() -> None:
    if shutil.which("apt-get") is None:
        raise Trouble(
            "this machine has no apt-get: install PostgreSQL 15+ with PostGIS and pgvector 0.8+, "
            "redis-server and GDAL by hand, or use `docker compose up`."
        )
    if shutil.disk_usage("/usr").free < ROOM_NEEDED:
        raise Trouble("the disk is nearly full: free 3 GB and run `make setup` again.")
    root = _become_root()
    _refresh(root)

    needs = _needs_beside_postgres()
    version = None
    if find_postgres() is None:
        version = _choose_postgres()
        needs = [*_postgres_needs(version), *needs]
    needs = [need for need in needs if not _is_installed(need.package)]
    if needs:
        say("Installing from this machine's own package sources:")
    for need in needs:
        say(f"  {need.package:<28} {need.why}")
    with _no_services_started(root):
        _install(root, needs)
    if version is not None and find_postgres() is None:
        pgvector.build(bin_folder=POSTGRES_HOMES / version / "bin", root=root)


def _is_installed(package: str) -> bool:
    status = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Status}", package],
        capture_output=True,
        text=True,
        check=False,
    )
    return status.stdout == "install ok installed"


def _become_root() -> list[str]:
    """Return the words to put before a command that needs root."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is not None:
        quiet = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
        if quiet.returncode == 0:
            return ["sudo", "-n"]
        if sys.stdin.isatty():
            say("Packages are missing; sudo asks for your password to install them.")
            return ["sudo"]
    raise Trouble(
        "system packages are missing and this user may not install them: "
        "run `make setup` once as root or as a user with sudo."
    )


def _as_root(root: Sequence[str]) -> list[str]:
    kept = [f"{name}={os.environ[name]}" for name in PASSED_ON if name in os.environ]
    return [*root, "env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8", *kept]


def _refresh(root: Sequence[str]) -> None:
    """Read the package lists; a source that does not answer is named and passed over."""
    went_well, output = attempt([*_as_root(root), *APT, "update"], log="packages")
    silent = sorted(set(re.findall(r"^Err:\d+ (\S+)", output, re.M)))
    for source in silent:
        say(f"Passed over a package source that does not answer: {source}")
    if not went_well and not silent:
        say("Not every package list could be read; going on with what there is.")


def _offered(names: Sequence[str]) -> dict[str, str]:
    """Return the version of each package that the sources offer."""
    policy = subprocess.run(
        ["apt-cache", "policy", *names],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C"},
    ).stdout
    found = re.findall(r"^(\S+):\n  Installed: .*\n  Candidate: (\S+)", policy, re.M)
    return {name: version for name, version in found if version != "(none)"}


def _choose_postgres() -> str:
    """Return the newest version with all extensions offered, else the newest with PostGIS."""
    listed = subprocess.run(
        ["apt-cache", "--names-only", "search", r"^postgresql-[0-9]+-postgis-3$"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    versions = sorted(
        {int(v) for v in re.findall(r"^postgresql-(\d+)-postgis-3 ", listed, re.M)}, reverse=True
    )
    usable = []
    for version in (v for v in versions if v >= OLDEST_POSTGRES):
        server, gis, vector = (f"postgresql-{version}{e}" for e in ("", "-postgis-3", "-pgvector"))
        offered = _offered([server, gis, vector])
        if server in offered and gis in offered:
            usable.append(str(version))
            if pgvector.is_enough(offered.get(vector, "0")):
                return str(version)
    if not usable:
        raise Trouble(
            "no package source of this machine offers PostgreSQL 15+ with PostGIS: "
            "check the network and /etc/apt, then run `make setup` again."
        )
    return usable[0]


def _postgres_needs(version: str) -> list[Need]:
    needs = [
        Need(f"postgresql-{version}", "the database"),
        Need(f"postgresql-{version}-postgis-3", "places on a map, and GDAL, GEOS and PROJ"),
    ]
    package = f"postgresql-{version}-pgvector"
    if pgvector.is_enough(_offered([package]).get(package, "0")):
        return [*needs, Need(package, "nearest neighbours of embeddings")]
    return [*needs, *(Need(name, "builds pgvector") for name in pgvector.build_packages(version))]


def _install(root: Sequence[str], needs: Sequence[Need]) -> None:
    if needs:
        run_logged(
            [
                *_as_root(root),
                *APT,
                "install",
                "-y",
                "--no-install-recommends",
                *(need.package for need in needs),
            ],
            log="packages",
            trouble="apt-get could not install the packages: check the network, "
            "then run `make setup` again",
        )


@contextlib.contextmanager
def _no_services_started(root: Sequence[str]) -> Iterator[None]:
    """Keep Debian from starting its own PostgreSQL and Redis: this project runs its own."""
    if NO_SERVICES.exists() and NO_SERVICES.read_text(errors="replace") != NO_SERVICES_TEXT:
        yield
        return
    with tempfile.NamedTemporaryFile("w", suffix=".policy") as file:
        file.write(NO_SERVICES_TEXT)
        file.flush()
        subprocess.run([*root, "install", "-m", "755", file.name, str(NO_SERVICES)], check=True)
    try:
        yield
    finally:
        subprocess.run([*root, "rm", "-f", str(NO_SERVICES)], check=False)
