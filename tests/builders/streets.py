"""Routers of this machine as services use them."""

from __future__ import annotations

from typing import Any

from common.breaker import CircuitBreaker
from common.http import OutboundHttp
from engine.types import Mode
from tests.builders.routers import RouterServer
from trips.adapters.valhalla import PAIRS_HIGH, Valhalla
from trips.services.streets import Streets

ALL_MODES = frozenset({Mode.WALK, Mode.BIKE, Mode.CAR})


def make_streets(
    router: RouterServer,
    *,
    modes: frozenset[Mode] = ALL_MODES,
    pairs_high: int = PAIRS_HIGH,
    timeout_s: float = 5.0,
    breaker: CircuitBreaker | None = None,
) -> Streets:
    """Return a patient Valhalla of every mode; a test says what matters."""
    http = OutboundHttp(allows_private=True)
    options: dict[str, Any] = {} if breaker is None else {"breaker": breaker}
    return Streets(
        router=Valhalla(url=router.url, http=http, pairs_high=pairs_high),
        modes=modes,
        timeout_s=timeout_s,
        **options,
    )
