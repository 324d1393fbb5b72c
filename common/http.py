"""
The one way out: HTTP to other people's servers, within bounds of address, time and size.

An address is checked after its name is resolved, and the very address that was checked is called:
private, loopback, link-local, IPv4-mapped, NAT64 and their like are refused, and all of IPv6 outside
of 2000::/3, so that no URL that somebody else wrote reaches into our own network. Only a service that the operator names, such as a
router, may live there. No redirect is followed, no proxy of the environment is asked, no cookie is
kept, and the whole answer has one deadline, however slowly it drips.
"""

import http.client
import io
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from ipaddress import IPv6Network, ip_address
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests_hardened.ip_filter import InvalidIPAddress
from requests_hardened.ip_filter_adapter import IPFilterAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

TIMEOUT_S: Final = 10.0
BYTES_HIGH: Final = 1_048_576
USER_AGENT: Final = "dongne/1.0"
_CHUNK_BYTES: Final = 65_536
_CONNECTIONS: Final = 16
_IPV6: Final = 6
# All that is handed out (RFC 4291, 2.4): what translates to IPv4 or stays within a site lies outside.
_WORLD: Final = IPv6Network("2000::/3")


class HttpFailed(Exception):
    """There is no answer; `reason` is a code for logs, without the address or what was sent."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class AddressRefused(HttpFailed):
    """The address is none that may be called."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A whole answer, of whatever status; the names of its headers are in lower case."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class _Deadline(threading.local):
    at_s: float = float("inf")  # on the monotonic clock


_deadline = _Deadline()


class _PunctualReader(io.RawIOBase):
    """Reads a socket until the deadline of the thread; a socket's own timeout begins anew."""

    def __init__(self, raw: Any, sock: socket.socket) -> None:
        self._raw, self._sock = raw, sock

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int | None:
        left_s = _deadline.at_s - time.monotonic()
        if left_s <= 0:
            raise TimeoutError("the answer took too long")
        self._sock.settimeout(left_s)
        size: int | None = self._raw.readinto(buffer)
        return size

    def close(self) -> None:
        self._raw.close()
        super().close()


class _PunctualResponse(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_PunctualReader(self.fp.detach(), sock))


class _Connection(HTTPConnection):
    response_class = _PunctualResponse


class _SecureConnection(HTTPSConnection):
    response_class = _PunctualResponse


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Punctual(HTTPAdapter):
    """Mixed into an adapter, makes its answers keep the deadline."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


class _GuardedAdapter(_Punctual, IPFilterAdapter):  # type: ignore[misc] # untyped library
    """Calls no address inside our own network, and of IPv6 only what is handed out to the world."""

    def build_connection_pool_key_attributes(self, *args: Any, **kwargs: Any) -> Any:
        host, pool = super().build_connection_pool_key_attributes(*args, **kwargs)
        address = ip_address(host["host"].strip("[]"))  # the one that is called
        if address.version == _IPV6 and address not in _WORLD:
            raise InvalidIPAddress(address)
        return host, pool


class _OpenAdapter(_Punctual):
    """Calls any address: for services that the operator names."""


def _check_form(url: str) -> None:
    try:
        scheme = urlsplit(url).scheme
    except ValueError:
        raise AddressRefused("malformed") from None
    if scheme not in {"http", "https"}:
        raise AddressRefused("scheme")


def _make_session(*, allows_private: bool) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.headers["User-Agent"] = USER_AGENT
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    for scheme in ("http", "https"):
        adapter = (
            _OpenAdapter(pool_connections=_CONNECTIONS, pool_maxsize=_CONNECTIONS)
            if allows_private
            else _GuardedAdapter(is_https_proto=scheme == "https")  # type: ignore[call-arg] # as above
        )
        session.mount(f"{scheme}://", adapter)
    return session


@dataclass(frozen=True)
class OutboundHttp:
    """
    Asks other servers. Threads share one.

    `allows_private` is for addresses out of the operator's own settings, and for nothing else.
    """

    allows_private: bool = False
    timeout_s: float = TIMEOUT_S
    bytes_high: int = BYTES_HIGH
    _session: requests.Session = field(init=False, repr=False)

    def __post_init__(self) -> None:
        session = _make_session(allows_private=self.allows_private)
        object.__setattr__(self, "_session", session)

    def get(
        self,
        *,
        url: str,
        headers: Mapping[str, str] | None = None,
        timeout_s: float | None = None,
    ) -> HttpAnswer:
        """
        Return the answer to a GET.

        `timeout_s` covers all of it but resolving the name, which is up to the system.

        Raises:
            AddressRefused: the address may not be called.
            HttpFailed: nobody answered in full, in time and within `bytes_high`.
        """
        return self._ask("GET", url, None, headers or {}, timeout_s)

    def post_json(self, *, url: str, body: bytes, timeout_s: float | None = None) -> HttpAnswer:
        """
        Return the answer to a POST of JSON; see `get`.

        Raises:
            AddressRefused, HttpFailed: as `get` does.
        """
        headers = {"Content-Type": "application/json"}
        return self._ask("POST", url, body, headers, timeout_s)

    def _ask(
        self,
        method: str,
        url: str,
        body: bytes | None,
        headers: Mapping[str, str],
        timeout_s: float | None,
    ) -> HttpAnswer:
        _check_form(url)
        limit_s = self.timeout_s if timeout_s is None else timeout_s
        if not limit_s > 0:
            raise HttpFailed("timeout")
        _deadline.at_s = time.monotonic() + limit_s
        try:
            with self._session.request(
                method,
                url,
                data=body,
                headers=headers,
                timeout=limit_s,
                allow_redirects=False,
                stream=True,
            ) as response:
                return HttpAnswer(
                    status=response.status_code,
                    body=self._read(response),
                    headers={name.lower(): value for name, value in response.headers.items()},
                )
        except InvalidIPAddress:
            raise AddressRefused("address") from None
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            is_late = isinstance(error, requests.Timeout) or time.monotonic() >= _deadline.at_s
            raise HttpFailed("timeout" if is_late else type(error).__name__) from None

    def _read(self, response: requests.Response) -> bytes:
        parts, size = [], 0
        for part in response.iter_content(_CHUNK_BYTES):
            size += len(part)
            if size > self.bytes_high:
                raise HttpFailed("too_large")
            parts.append(part)
        return b"".join(parts)
