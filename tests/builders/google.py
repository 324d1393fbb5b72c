"""A server that publishes keys as Google does, and tokens signed with them."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

CLIENT_ID: Final = "dongne.apps.example"


@cache
def _generate(_key_id: str, bits: int) -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=bits)


def make_key(key_id: str, *, bits: int = 2048) -> RSAPrivateKey:
    """Return the private key of an id, made once: it takes a while."""
    return _generate(key_id, bits)


def make_jwk(key_id: str, *, bits: int = 2048, **changes: Any) -> dict[str, Any]:
    """Return the public half of a key, as a JWKS lists it."""
    public: dict[str, Any] = json.loads(
        RSAAlgorithm.to_jwk(make_key(key_id, bits=bits).public_key())
    )
    return public | {"kid": key_id, "use": "sig", "alg": "RS256"} | changes


def make_id_token(
    *, now: datetime, key_id: str = "one", signed_by: str | None = None, **changes: Any
) -> str:
    """Return a token for a@gmail.com of an hour from `now`; None takes a claim away."""
    claims = {
        "iss": "https://accounts.google.com", "aud": CLIENT_ID, "sub": "1098765", "nonce": "n-1",
        "email": "a@gmail.com", "email_verified": True, "iat": int(now.timestamp()),
        "exp": int(now.timestamp()) + 3600,
    } | changes  # fmt: skip
    kept = {name: value for name, value in claims.items() if value is not None}
    key = make_key(signed_by or key_id)
    return jwt.encode(kept, key, algorithm="RS256", headers={"kid": key_id})


@dataclass
class KeyServer:
    """Answers with `keys`; `body` or `status` are said instead while they are set."""

    url: str = ""
    keys: list[dict[str, Any]] = field(default_factory=lambda: [make_jwk("one")])
    cache_control: str = "public, max-age=3600, must-revalidate"
    status: int = 200
    body: bytes | None = None
    asked: int = 0


@contextmanager
def serve_keys() -> Iterator[KeyServer]:
    """Serve keys on this machine."""
    said = KeyServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            said.asked += 1
            body = json.dumps({"keys": said.keys}).encode() if said.body is None else said.body
            self.send_response(said.status)
            self.send_header("Cache-Control", said.cache_control)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    said.url = f"http://127.0.0.1:{server.server_port}/certs"
    try:
        yield said
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
