"""The router of this process, as the settings name it."""

from __future__ import annotations

from functools import cache
from typing import Final

from django.conf import settings

from common.http import OutboundHttp
from engine.travel import CrowFly, TravelTimes
from engine.types import Mode
from trips.adapters.osrm import Osrm
from trips.adapters.router import Router
from trips.adapters.valhalla import Valhalla
from trips.services.drawing import Lines, NoLines, RoutedLines
from trips.services.streets import Streets
from trips.services.travelling import RoutedTravelTimes

# A table of 100 by 100 pairs with all that an old Valhalla says of each.
_BYTES_HIGH: Final = 4 * 1_048_576


@cache
def streets() -> Streets | None:
    """Return the router that the operator named, None without one. The process shares it."""
    if not settings.ROUTER_KIND:
        return None
    # The operator's own server lives in a private network more often than not.
    http = OutboundHttp(allows_private=True, bytes_high=_BYTES_HIGH)
    url = settings.ROUTER_URL.rstrip("/")
    router: Router = (
        Valhalla(url=url, http=http)
        if settings.ROUTER_KIND == "valhalla"
        else Osrm(url=url, http=http)
    )
    return Streets(
        router=router,
        modes=frozenset(Mode(mode) for mode in settings.ROUTER_MODES),
        timeout_s=settings.ROUTER_TIMEOUT_MS / 1000,
    )


def travel_times() -> TravelTimes:
    """Return the travel times that plans are made with."""
    known = streets()
    return CrowFly() if known is None else RoutedTravelTimes(streets=known)


def lines() -> Lines:
    """Return what draws the ways of a card."""
    known = streets()
    return NoLines() if known is None else RoutedLines(streets=known)
