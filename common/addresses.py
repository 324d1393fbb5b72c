"""Where a request comes from."""

from contextvars import ContextVar
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

# One household or phone is given a whole /64 of IPv6; counting single addresses counts nothing.
IPV6_PREFIX = 64

_current: ContextVar[str] = ContextVar("address", default="")


def current_address() -> str:
    """Return where the request being answered comes from, or an empty string outside of one."""
    return _current.get()


def set_current_address(address: str, /) -> None:
    _current.set(address)


def client_address(request: HttpRequest, /) -> str:
    """
    Return the caller's address, an IPv6 one by its network.

    X-Forwarded-For is believed only as far as TRUSTED_PROXY_COUNT proxies of our own wrote it,
    counted from the right; whatever stands further left, anybody may have written.
    """
    address: str = request.META.get("REMOTE_ADDR", "")
    trusted: int = settings.TRUSTED_PROXY_COUNT
    if trusted:
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        if len(hops) >= trusted:
            address = hops[-trusted]
    return _network(address)


def _network(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 6:
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ip_network((parsed, IPV6_PREFIX), strict=False))
    return str(parsed)
