"""The folder in which the two servers live, its owner, their ports and passwords."""

import json
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Self

from scripts.console import Trouble
from scripts.layout import ENVIRONMENT, LOCAL, ROOT

STATE = LOCAL / "servers.json"
INSIDE = LOCAL / "servers"
# Below the ports that the kernel gives to outgoing connections (32768 and up).
PORTS = range(20_000, 30_000)
# Of the roles that deploy/database/roles.sql makes, by the names that it reads.
DATABASE_PASSWORDS = (
    "OWNER_PASSWORD",
    "APP_PASSWORD",
    "MAINTENANCE_PASSWORD",
    "READER_PASSWORD",
)
SECRETS = ("ADMIN_PASSWORD", *DATABASE_PASSWORDS, "REDIS_PASSWORD", "SECRET_KEY")


@dataclass(frozen=True)
class Home:
    """Where the servers keep their files, and how they are reached."""

    folder: Path
    checkout: Path
    postgres_port: int
    redis_port: int
    passwords: Mapping[str, str]

    @classmethod
    def find(cls) -> Self | None:
        """Return the home that this checkout recorded; one copied from elsewhere is none."""
        try:
            state = json.loads(STATE.read_text())
        except FileNotFoundError:
            return None
        folder, checkout = Path(state.pop("folder")), Path(state.pop("checkout"))
        if checkout != ROOT or not folder.is_dir():
            return None
        home = cls(folder=folder, checkout=checkout, **state)
        # An earlier release, which had fewer roles, recorded fewer passwords.
        passwords = {name: home.passwords.get(name) or _new_secret() for name in SECRETS}
        if passwords != home.passwords:
            home = replace(home, passwords=passwords)
            home.record()
        return home

    @classmethod
    def make(cls) -> Self:
        ports = _free_ports()
        home = cls(
            folder=_make_folder(),
            checkout=ROOT,
            postgres_port=next(ports),
            redis_port=next(ports),
            passwords={name: _new_secret() for name in SECRETS},
        )
        home.record()
        return home

    def with_free_ports(self, *, keep_postgres: bool, keep_redis: bool) -> Self:
        """Return this home with another port for a server whose own was taken meanwhile."""
        ports = _free_ports()
        changed = self
        if not keep_postgres and not port_is_free(self.postgres_port):
            changed = replace(changed, postgres_port=next(ports))
        if not keep_redis and not port_is_free(self.redis_port):
            changed = replace(
                changed, redis_port=next(p for p in ports if p != changed.postgres_port)
            )
        if changed != self or not ENVIRONMENT.exists():
            changed.record()
        return changed

    def secret(self, name: str) -> str:
        return self.passwords[name]

    def postgres_version(self) -> str | None:
        """Return the version that made the cluster, or None before there is one."""
        try:
            return (self.folder / "data" / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            return None

    def redis_urls(self, *, first: int) -> dict[str, str]:
        server = f"redis://:{self.secret('REDIS_PASSWORD')}@127.0.0.1:{self.redis_port}"
        roles = ("CACHE", "BROKER", "CHANNELS")
        return {f"REDIS_{role}_URL": f"{server}/{first + i}" for i, role in enumerate(roles)}

    def run(
        self,
        command: Sequence[object],
        *,
        text: str = "",
        env: Mapping[str, str] | None = None,
    ) -> bool:
        """Run a command as the owner of the folder; its output goes to a log in it."""
        with (self.folder / "commands.log").open("a") as log:
            done = subprocess.run(
                [str(word) for word in command],
                cwd=self.folder,
                env={**os.environ, **(env or {}), "HOME": str(self.folder)},
                input=text,
                text=True,
                stdout=log,
                stderr=subprocess.STDOUT,
                check=False,
                **_identity(),
            )
        return done.returncode == 0

    def write_file(self, name: str, text: str) -> None:
        """Write a file that only the owner of the folder may read."""
        path = self.folder / name
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_text(text)
        _give_to_owner(path)

    def remove(self) -> None:
        shutil.rmtree(self.folder)

    def record(self) -> None:
        """Keep this, and the addresses that manage.py reads, under `.local/`."""
        state = {**asdict(self), "folder": str(self.folder), "checkout": str(self.checkout)}
        _write_private(STATE, json.dumps(state, indent=2))
        variables = {
            "SECRET_KEY": self.secret("SECRET_KEY"),
            "DATABASE_URL": self._database_url("app"),
            "DATABASE_OWNER_URL": self._database_url("owner"),
            "DATABASE_MAINTENANCE_URL": self._database_url("maintenance"),
            **self.redis_urls(first=0),
        }
        lines = "".join(f"{name}={value}\n" for name, value in variables.items())
        _write_private(ENVIRONMENT, lines)

    def _database_url(self, role: str) -> str:
        password = self.secret(f"{role.upper()}_PASSWORD")
        return f"postgis://dongne_{role}:{password}@127.0.0.1:{self.postgres_port}/dongne"


def _new_secret() -> str:
    return secrets.token_hex(32)


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_ports() -> Iterator[int]:
    """Yield free ports; each checkout starts elsewhere, so that two seldom meet."""
    start = zlib.crc32(str(ROOT).encode()) % len(PORTS)
    for i in range(len(PORTS)):
        port = PORTS[(start + i) % len(PORTS)]
        if port_is_free(port):
            yield port
    raise Trouble(f"no port is free between {PORTS.start} and {PORTS.stop}.")


def _identity() -> dict[str, Any]:
    """Return whom the servers run as: PostgreSQL refuses root."""
    account = _account()
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _account() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Trouble("there is no user `postgres` to run the database as: install postgresql-common.")


def _give_to_owner(path: Path) -> None:
    account = _account()
    if account is not None:
        os.chown(path, account.pw_uid, account.pw_gid)


def _make_folder() -> Path:
    """Make the folder under `.local/`, or outside where its owner cannot reach that."""
    LOCAL.mkdir(exist_ok=True)
    shutil.rmtree(INSIDE, ignore_errors=True)
    INSIDE.mkdir(mode=0o700)
    if _is_usable(INSIDE):
        return INSIDE
    INSIDE.rmdir()
    base = Path("/var/lib" if os.geteuid() == 0 else tempfile.gettempdir())
    outside = Path(tempfile.mkdtemp(prefix="dongne-", dir=base))
    if not _is_usable(outside):
        raise Trouble(f"PostgreSQL can use neither .local nor {base}: free one of them for it.")
    return outside


def _is_usable(folder: Path) -> bool:
    """Say whether the owner can be given the folder and reach it, and modes are kept there."""
    try:
        _give_to_owner(folder)
    except OSError:
        return False
    tried = subprocess.run(
        ["test", "-w", str(folder), "-a", "-x", str(folder)], check=False, cwd="/", **_identity()
    )
    return tried.returncode == 0 and folder.stat().st_mode & 0o077 == 0


def _write_private(path: Path, text: str) -> None:
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    new.write_text(text)
    new.replace(path)
