import subprocess
import sys
import time
from pathlib import Path

from scripts import processes

SLEEP = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]


def test_finds_a_marked_process_and_its_orphan_and_no_other() -> None:
    parent = (
        "import os, sys; os.fork() or os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    )
    marked = subprocess.Popen(
        [sys.executable, "-c", parent, *SLEEP[1:]],
        env={processes.MARK: "/srv/one-of-a-test"},
        stdout=subprocess.PIPE,
    )
    other = subprocess.Popen(
        SLEEP, env={processes.MARK: "/srv/one-of-a-test-too"}, stdout=subprocess.PIPE
    )
    marked.wait()
    assert marked.stdout is not None
    assert marked.stdout.readline() == b"up\n"

    before = processes.members(Path("/srv/one-of-a-test"))
    processes.end_all(Path("/srv/one-of-a-test"))

    assert len(before) == 1
    assert processes.members(Path("/srv/one-of-a-test")) == []
    assert other.poll() is None
    other.kill()
    other.communicate()
    marked.communicate()


def test_ends_at_once_where_nothing_runs() -> None:
    began = time.monotonic()

    processes.end_all(Path("/srv/nothing-of-a-test"))

    assert time.monotonic() - began < 1
