"""What the server before the service does with bytes that are no request: a bare refusal, or an end."""

import json
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from scripts import processes
from scripts.layout import ROOT

HOST = b"Host: 127.0.0.1\r\nConnection: close\r\n\r\n"
OF_HTTP_2 = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(40)
PATIENCE_S = 60.0


def web_command(port: int) -> list[str]:
    return processes.commands(port=port, ws_port=port)["web"]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Serve a page of two letters as `make run` serves the service."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        found: int = free.getsockname()[1]
    command = [*web_command(found)[:-1], "tests.scripts.two_letters:application"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as server:
        until_s = time.monotonic() + PATIENCE_S
        while not send(found, b"GET / HTTP/1.1\r\n" + HOST):
            assert time.monotonic() < until_s, "the server does not answer"
            time.sleep(0.05)
        yield found
        server.terminate()


def send(port: int, sent: bytes) -> bytes:
    """Return all that is answered until the server ends the connection; nothing if there is none."""
    answer = b""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=10) as asked:
        asked.sendall(sent)
        while more := asked.recv(65_536):
            answer += more
    return answer


def test_a_request_is_answered(port: int) -> None:
    assert send(port, b"GET / HTTP/1.1\r\n" + HOST).endswith(b"ok")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\xab" * 100, b"400"),
        (bytes(range(256)) * 8, b"400"),
        (b"GET / HTTP/9.9\r\n" + HOST, b"400"),
        (b"GET /\x00 HTTP/1.1\r\n" + HOST, b"400"),
        (b"GET / HTTP/1.1\r\nno header\r\n" + HOST, b"400"),
        (b"GET / HTTP/1.1\r\nX-A: a\x00b\r\n" + HOST, b"400"),
        (b"GET / HTTP/1.1\r\nX-A: 1\r\n 2\r\n" + HOST, b"400"),
        (b"POST / HTTP/1.1\r\nContent-Length : 1\r\n" + HOST, b"400"),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n" + HOST, b"400"),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n" + HOST, b"400"),
        (b"POST / HTTP/1.1\r\nContent-Length: 0x1\r\n" + HOST, b"400"),
        (b"GET /" + b"a" * 102_400 + b" HTTP/1.1\r\n" + HOST, b"414"),
        (b"GET / HTTP/1.1\r\n" + b"X-A: 1\r\n" * 1_000 + HOST, b"431"),
    ],
    ids=[
        "TLS", "bytes", "a version", "NUL in a path", "no colon", "NUL in a header", "a fold",
        "a space", "two lengths", "a length below 0", "a length of letters", "a long path",
        "many headers",
    ],
)  # fmt: skip
def test_what_is_no_request_is_refused_barely(port: int, sent: bytes, status: bytes) -> None:
    answer = send(port, sent)

    assert answer.startswith(b"HTTP/1.1 " + status)
    assert b"server:" not in answer.lower()
    assert answer.endswith(b"\r\n\r\n")


def test_two_lengths_of_a_body_smuggle_no_request(port: int) -> None:
    inner = b"GET /admin/ HTTP/1.1\r\n" + HOST
    both = b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\nHost: 127.0.0.1\r\n\r\n"

    answer = send(port, b"POST / HTTP/1.1\r\n" + both + b"0\r\n\r\n" + inner)

    assert answer.count(b"HTTP/1.1 ") == 1


def test_http_2_which_has_no_limit_of_time_is_not_spoken(port: int) -> None:
    assert send(port, OF_HTTP_2) == b""


def test_the_image_serves_with_the_same_options() -> None:
    said = re.search(
        r'^CMD (\[.*"config\.wsgi:application"\])$', (ROOT / "Dockerfile").read_text(), re.M
    )
    assert said is not None

    here = web_command(8000)[2:]

    assert options_of(json.loads(said[1])) - {("--host", "0.0.0.0")} == options_of(here) - {
        ("--host", "127.0.0.1"),
        ("--no-access-log",),
    }


def options_of(command: list[str]) -> set[tuple[str, ...]]:
    """Return the options of a command, each with its value."""
    parts = " ".join(command[1:-1]).split(" --")
    return {tuple(f"--{part.removeprefix('--')}".split()) for part in parts}
