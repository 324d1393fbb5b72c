import socket
import threading
from collections.abc import Iterator

import pytest

from benchmarks.api.asking import CACHED, FRESH, ask_all, percentiles, report

ANSWERS = {
    b"/fresh": (b"200 OK", b'{"cached":false,"cards":[{"id":1}]}'),
    b"/kept": (b"200 OK", b'{"cached":true,"cards":[{"id":1}]}'),
    b"/empty": (b"200 OK", b'{"cached":false,"cards":[]}'),
    b"/many": (b"429 Too Many Requests", b"{}"),
}


def serve(listener: socket.socket) -> None:
    """Answer each connection's requests in turn, in two pieces, until it is closed."""
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            while request := connection.recv(65536):
                status, body = ANSWERS[request.split()[1]]
                connection.sendall(b"HTTP/1.1 " + status + b"\r\nContent-")
                connection.sendall(b"Length: %d\r\n\r\n%b" % (len(body), body))


@pytest.fixture
def port() -> Iterator[int]:
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=serve, args=(listener,))
    thread.start()
    yield listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


def request(path: bytes) -> bytes:
    return b"GET " + path + b" HTTP/1.1\r\n\r\n"


def test_every_answer_is_judged(port: int) -> None:
    paths = [b"/fresh", b"/kept", b"/empty", b"/many"]

    tally, _ = ask_all(requests=[request(path) for path in paths], port=port, clients=1)

    assert tally.statuses == {"200": 3, "429": 1}
    assert (tally.fresh, tally.cached, tally.with_cards) == (2, 1, 2)
    assert len(tally.seconds) == 4


def test_what_was_not_as_expected_is_counted(port: int) -> None:
    requests = [request(b"/fresh")] * 3 + [request(b"/kept"), request(b"/many")]
    tally, took_s = ask_all(requests=requests, port=port, clients=1)

    fresh = report(tally, took_s, expected=FRESH)
    cached = report(tally, took_s, expected=CACHED)

    assert (fresh["requests"], fresh["not_as_expected"]) == (5, 2)
    assert cached["not_as_expected"] == 4
    assert fresh["share_with_cards"] == 0.8


def test_percentiles_are_in_milliseconds() -> None:
    seconds = [i / 1000 for i in range(101)]

    assert percentiles(seconds) == {"p50_ms": 50.0, "p95_ms": 95.0, "p99_ms": 99.0}
    assert percentiles([]) == {}
