import base64
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from common.http import OutboundHttp
from tests.builders.google import (
    CLIENT_ID,
    KeyServer,
    make_id_token,
    make_jwk,
    make_key,
    serve_keys,
)
from users.adapters.google import (
    GoogleAccount,
    GoogleAway,
    GoogleKeys,
    GoogleNotOffered,
    GoogleTokenRefused,
    GoogleTokens,
)

NOW = datetime(2026, 3, 7, 12, 0, tzinfo=UTC)


class Clock:
    at_s = 1000.0

    def __call__(self) -> float:
        return self.at_s


@pytest.fixture
def server() -> Iterator[KeyServer]:
    with serve_keys() as server:
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def google(server: KeyServer, clock: Clock) -> GoogleTokens:
    http = OutboundHttp(allows_private=True)
    keys = GoogleKeys(url=server.url, http=http, monotonic_s=clock)
    return GoogleTokens(client_ids=frozenset({CLIENT_ID, "another.apps.example"}), keys=keys)


def verify(google: GoogleTokens, token: str, *, nonce: str | None = None) -> GoogleAccount:
    return google.verify(token, nonce=nonce, now=NOW)


@pytest.mark.parametrize(
    ("changes", "email", "is_authoritative"),
    [
        ({}, "a@gmail.com", True),
        ({"iss": "accounts.google.com"}, "a@gmail.com", True),
        ({"aud": "another.apps.example"}, "a@gmail.com", True),
        ({"email": "B@Gmail.com"}, "b@gmail.com", True),
        ({"email": "a@work.example", "hd": "work.example"}, "a@work.example", True),
        ({"email": "a@work.example"}, "a@work.example", False),
        ({"email": "a@work.example", "hd": ""}, "a@work.example", False),
        ({"email": "a@gmail.com.example"}, "a@gmail.com.example", False),
    ],
)
def test_reads_a_token_of_ours(
    google: GoogleTokens, changes: dict[str, Any], email: str, *, is_authoritative: bool
) -> None:
    account = verify(google, make_id_token(now=NOW, **changes))

    assert account == GoogleAccount(
        subject="1098765", email=email, is_authoritative=is_authoritative
    )


def confused_token() -> str:
    """Return a token "signed" by HMAC with what everybody can read: the public key."""
    claims = jwt.decode(make_id_token(now=NOW), options={"verify_signature": False})
    public = make_jwk("one")["n"].encode()
    return jwt.encode(claims, public, algorithm="HS256", headers={"kid": "one"})


def bare_token() -> str:
    claims = jwt.decode(make_id_token(now=NOW), options={"verify_signature": False})
    return jwt.encode(claims, "", algorithm="none", headers={"kid": "one"})


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a.b.c",
        "🍜",
        "\x00",
        "x" * 4096,
        confused_token(),
        bare_token(),
        make_id_token(now=NOW, signed_by="two"),
        make_id_token(now=NOW, key_id="unknown"),
        make_id_token(now=NOW)[:-4] + "AAAA",
        make_id_token(now=NOW, iss="https://accounts.example.com"),
        make_id_token(now=NOW, iss=None),
        make_id_token(now=NOW, aud="stranger.apps.example"),
        make_id_token(now=NOW, aud=[CLIENT_ID]),
        make_id_token(now=NOW, aud=None),
        make_id_token(now=NOW, exp=int(NOW.timestamp())),
        make_id_token(now=NOW, exp=None),
        make_id_token(now=NOW, exp="soon"),
        make_id_token(now=NOW, exp=2**70),
        make_id_token(now=NOW, iat=int((NOW + timedelta(minutes=2)).timestamp())),
        make_id_token(now=NOW, iat=None),
        make_id_token(now=NOW, sub=None),
        make_id_token(now=NOW, sub=""),
        make_id_token(now=NOW, sub="x" * 256),
        make_id_token(now=NOW, email=None),
        make_id_token(now=NOW, email="nobody"),
        make_id_token(now=NOW, email=["a@gmail.com"]),
        make_id_token(now=NOW, email="a@\u0130.example"),
        make_id_token(now=NOW, email="a" * 250 + "@gmail.com"),
        make_id_token(now=NOW, email_verified=False),
        make_id_token(now=NOW, email_verified="true"),
        make_id_token(now=NOW, email_verified=None),
    ],
)
def test_refuses_any_other(google: GoogleTokens, token: str) -> None:
    with pytest.raises(GoogleTokenRefused):
        verify(google, token)


@pytest.mark.parametrize(("nonce", "said"), [("n-2", "n-1"), ("n-1", None), ("None", None)])
def test_a_nonce_that_was_asked_for_must_be_there(
    google: GoogleTokens, nonce: str, said: str | None
) -> None:
    with pytest.raises(GoogleTokenRefused):
        verify(google, make_id_token(now=NOW, nonce=said), nonce=nonce)


def test_the_nonce_that_was_asked_for_holds(google: GoogleTokens) -> None:
    assert verify(google, make_id_token(now=NOW), nonce="n-1").subject == "1098765"


def test_without_a_client_id_nobody_is_asked(google: GoogleTokens, server: KeyServer) -> None:
    with pytest.raises(GoogleNotOffered):
        verify(GoogleTokens(client_ids=frozenset(), keys=google.keys), make_id_token(now=NOW))

    assert server.asked == 0


def test_keys_are_kept_as_long_as_they_say(
    google: GoogleTokens, server: KeyServer, clock: Clock
) -> None:
    for _ in range(3):
        verify(google, make_id_token(now=NOW))
    assert server.asked == 1

    clock.at_s += 3600
    verify(google, make_id_token(now=NOW))
    assert server.asked == 2


def test_a_new_key_is_fetched_at_once_and_made_up_ones_are_not(
    google: GoogleTokens, server: KeyServer, clock: Clock
) -> None:
    verify(google, make_id_token(now=NOW))
    server.keys = [make_jwk("one"), make_jwk("two")]
    clock.at_s += 61

    assert verify(google, make_id_token(now=NOW, key_id="two")).subject == "1098765"
    for number in range(20):
        with pytest.raises(GoogleTokenRefused):
            verify(google, make_id_token(now=NOW, key_id=f"made-up-{number}", signed_by="one"))

    assert server.asked == 2


def test_eight_at_once_ask_for_the_keys_once(google: GoogleTokens, server: KeyServer) -> None:
    token = make_id_token(now=NOW)

    with ThreadPoolExecutor(max_workers=8) as threads:
        accounts = list(threads.map(lambda _: verify(google, token), range(8)))

    assert len(set(accounts)) == 1
    assert server.asked == 1


def test_known_keys_serve_while_google_is_away(
    google: GoogleTokens, server: KeyServer, clock: Clock
) -> None:
    verify(google, make_id_token(now=NOW))
    server.status = 503

    clock.at_s += 3600 + 86_400 - 1
    assert verify(google, make_id_token(now=NOW)).subject == "1098765"

    clock.at_s += 1
    with pytest.raises(GoogleAway):
        verify(google, make_id_token(now=NOW))


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b"{}", b'{"keys": 3}', b'{"keys": [3]}', b'{"keys": [{"kid": "one"}]}',
     b'{"keys": [{"kty": "RSA", "kid": "one", "n": "!", "e": "AQAB"}]}', b"\xff", b"x" * 2_000_000],
)  # fmt: skip
def test_what_is_no_list_of_keys_is_none(
    google: GoogleTokens, server: KeyServer, clock: Clock, body: bytes
) -> None:
    server.body = body

    with pytest.raises(GoogleAway):
        verify(google, make_id_token(now=NOW))
    server.body = None
    with pytest.raises(GoogleAway):  # it is not asked again within a minute
        verify(google, make_id_token(now=NOW))
    clock.at_s += 60
    assert verify(google, make_id_token(now=NOW)).subject == "1098765"
    assert server.asked == 2


@pytest.mark.parametrize(
    "changes", [{"use": "enc"}, {"alg": "RS512"}, {"kty": "EC"}, {"kid": None}, {"n": "AQAB"}]
)
def test_a_key_for_something_else_opens_nothing(
    google: GoogleTokens, server: KeyServer, changes: dict[str, Any]
) -> None:
    server.keys = [make_jwk("one") | changes, make_jwk("two")]

    with pytest.raises(GoogleTokenRefused):
        verify(google, make_id_token(now=NOW))


def test_a_key_that_is_too_short_opens_nothing(google: GoogleTokens, server: KeyServer) -> None:
    server.keys = [make_jwk("short", bits=1024), make_jwk("two")]
    claims = jwt.decode(make_id_token(now=NOW), options={"verify_signature": False})
    short = make_key("short", bits=1024)
    with pytest.warns(jwt.InsecureKeyLengthWarning):
        token = jwt.encode(claims, short, algorithm="RS256", headers={"kid": "short"})

    with pytest.raises(GoogleTokenRefused):
        verify(google, token)


def test_a_header_that_asks_for_more_is_refused(google: GoogleTokens) -> None:
    claims = jwt.decode(make_id_token(now=NOW), options={"verify_signature": False})
    headers = {"kid": "one", "crit": ["x"], "x": 1}

    with pytest.raises(GoogleTokenRefused):
        verify(google, jwt.encode(claims, make_key("one"), algorithm="RS256", headers=headers))


def test_an_address_inside_our_network_is_asked_only_if_we_say_so(server: KeyServer) -> None:
    keys = GoogleKeys(url=server.url, http=OutboundHttp())
    google = GoogleTokens(client_ids=frozenset({CLIENT_ID}), keys=keys)

    with pytest.raises(GoogleAway):
        verify(google, make_id_token(now=NOW))

    assert server.asked == 0


def test_a_header_that_is_no_json_is_refused(google: GoogleTokens) -> None:
    head = base64.urlsafe_b64encode(b'{"alg": NaN, "kid": []}').decode()

    with pytest.raises(GoogleTokenRefused):
        verify(google, f"{head}.e30.AAAA")
