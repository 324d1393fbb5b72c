"""The virtual environment, filled by uv from the hash-locked requirements."""

import hashlib
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.console import Trouble, run_logged, say
from scripts.layout import PYTHON, ROOT, VENV

LOCKED = ROOT / "requirements-dev.txt"
STAMP = VENV / ".installed"
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")

# uv reads no pip configuration: what pip is told on this machine is told to uv.
PIP_TO_UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "client-cert": "SSL_CLIENT_CERT",
    "proxy": "ALL_PROXY",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
}
SEPARATED_BY_COMMA = {"find-links", "trusted-host"}


def ensure() -> None:
    """
    Make `.venv` and install what is locked, unless that has been done.

    Raises:
        Trouble: the packages cannot be had.
    """
    wanted = _fingerprint()
    if STAMP.exists() and STAMP.read_text() == wanted and PYTHON.exists():
        return
    say("Installing Python packages into .venv")
    if not _is_usable():
        shutil.rmtree(VENV, ignore_errors=True)
        run_logged(
            [sys.executable, "-m", "venv", VENV],
            log="python",
            trouble="the virtual environment cannot be made",
        )
    _bootstrap_uv()
    run_logged(
        [
            *(PYTHON, "-m", "uv", "pip", "sync", "--require-hashes"),
            # Once now, not in each process anew where Python is told to write no compiled code.
            *("--compile-bytecode", "--python", PYTHON, LOCKED),
        ],
        log="python",
        trouble="Python packages cannot be had: check the network and pip's configuration, "
        "then run `make setup` again",
        env=_uv_environment(),
    )
    STAMP.write_text(wanted)


def lock(*, options: Sequence[str]) -> None:
    """
    Resolve pyproject.toml for every supported Python, into the two requirements files.

    Raises:
        Trouble: the packages cannot be resolved.
    """
    for name, group in (("requirements.txt", ()), ("requirements-dev.txt", ("--group", "dev"))):
        say(f"Locking {name}")
        run_logged(
            [
                *(PYTHON, "-m", "uv", "pip", "compile", "pyproject.toml", *group, "-o", name),
                *("--universal", "--python-version", "3.11", "--generate-hashes"),
                *("--custom-compile-command", "make lock", "--quiet", *options),
            ],
            log="python",
            trouble="the Python packages cannot be resolved",
            env=_uv_environment(),
            cwd=ROOT,
        )


def _fingerprint() -> str:
    """Tell apart locks, interpreters and places: a virtual environment cannot be moved."""
    text = f"{platform.python_version()} {sys.executable} {VENV} ".encode() + LOCKED.read_bytes()
    return hashlib.sha256(text).hexdigest()


def _is_usable() -> bool:
    if not PYTHON.exists():
        return False
    prefix = subprocess.run(
        [PYTHON, "-c", "import sys, platform, pip; print(sys.prefix, platform.python_version())"],
        capture_output=True,
        text=True,
        check=False,
    )
    return prefix.stdout.strip() == f"{VENV} {platform.python_version()}"


def _bootstrap_uv() -> None:
    """Install the locked uv with pip, which checks its hash."""
    pinned = find_pinned(LOCKED.read_text(), package="uv")
    if pinned is None:
        raise Trouble("requirements-dev.txt does not lock uv: run `make lock`.")
    only_uv = VENV / "uv.txt"
    only_uv.write_text(pinned)
    run_logged(
        [PYTHON, "-m", "pip", "install", "-q", "--no-deps", "--require-hashes", "-r", only_uv],
        log="python",
        trouble="uv cannot be had: check the network and pip's configuration, "
        "then run `make setup` again",
        env={"PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    )


def find_pinned(lock: str, *, package: str) -> str | None:
    """Return a package's entry of a requirements file: its version and every hash."""
    found = re.search(rf"^{re.escape(package)}==[^\\\n]*(?:\\\n[^\\\n]*)+", lock, re.M)
    return found[0] if found else None


def _uv_environment() -> dict[str, str]:
    """Return the variables that make uv look where pip would; one that is set already wins."""
    environment = {
        # As pip does; the hashes make sure that it is the file that was locked.
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_NO_PROGRESS": "1",
    }
    if SYSTEM_CERTIFICATES.exists():
        environment["SSL_CERT_FILE"] = str(SYSTEM_CERTIFICATES)
    listed = subprocess.run(
        [PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    environment |= translate(listed)
    return {name: value for name, value in environment.items() if name not in os.environ}


def translate(listed: str) -> dict[str, str]:
    """Turn the lines of `pip config list` into uv's variables; the stronger section wins."""
    variables = {}
    for line in sorted(listed.splitlines(), key=_strength):
        key, _, quoted = line.partition("=")
        option = key.rpartition(".")[2]
        if option in PIP_TO_UV:
            words = "".join(shlex.split(quoted)).replace("\\n", " ").split()
            separator = "," if option in SEPARATED_BY_COMMA else " "
            variables[PIP_TO_UV[option]] = separator.join(words)
    return variables


def _strength(line: str) -> int:
    """Order pip's sections: a variable beats the section for installing, which beats global."""
    return line.startswith("install.") + 2 * line.startswith(":env:.")
