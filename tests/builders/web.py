"""A server on this machine that says what a test wants, and remembers what it was asked."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Page:
    """An answer; `promised_bytes` more than the body breaks off in the middle."""

    body: bytes = b""
    status: int = 200
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    after_s: float = 0.0
    promised_bytes: int | None = None


@dataclass(frozen=True)
class Asked:
    """A question: its path, its query with one value each, its headers in lower case."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]


Answer = Page | Callable[[Asked], Page]


@dataclass
class Web:
    """What lies where. Of several answers of one path each is said once, the last again and again."""

    url: str = ""
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def say(self, path: str, *answers: Answer) -> None:
        self.answers[path] = list(answers)

    def paths(self) -> list[str]:
        return [one.path for one in self.asked]

    def answer(self, asked: Asked) -> Page:
        self.asked.append(asked)
        waiting = self.answers.get(asked.path)
        if not waiting:
            return Page(b"not found", 404, "text/plain")
        one = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return one if isinstance(one, Page) else one(asked)


def as_json(value: Any, **fields: Any) -> Page:
    return Page(json.dumps(value, ensure_ascii=False).encode(), **fields)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, web: Web) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.web = web

    def handle_error(self, *_: object) -> None:
        """Keep quiet about clients that did not wait."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        headers = {name.lower(): value for name, value in self.headers.items()}
        page = self.server.web.answer(Asked(parts.path, query, headers))
        time.sleep(page.after_s)
        self.send_response(page.status)
        self.send_header("Content-Type", page.content_type)
        self.send_header("Content-Length", str(page.promised_bytes or len(page.body)))
        for name, value in page.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(page.body)
        self.close_connection = page.promised_bytes is not None

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@contextmanager
def serve_web() -> Iterator[Web]:
    """Run a server on a free port of this machine."""
    web = Web()
    server = _Server(web)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    web.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
