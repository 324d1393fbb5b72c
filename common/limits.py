"""
Rate limits: at most so many requests in any window, exactly, however many arrive at once.

The count is one Redis script over a sorted set of the moments let through (a sliding window), by
the clock of Redis. A request that is refused does not count. Answers carry `RateLimit-Policy` and
`RateLimit` (draft-ietf-httpapi-ratelimit-headers); a refusal is a 429 problem with `Retry-After`.

When Redis is away a limit fails open or closed as its view declares: reads that cost only time go
on, writes are refused with 503.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import structlog
from redis import Redis
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from .addresses import client_address
from .errors import DomainError, Kind
from .languages import Bilingual
from .redis_client import QuickRedis, RedisAway, cache_redis, redis_key

logger = structlog.get_logger(__name__)

# KEYS[1] the set; ARGV: limit, window in µs. Returns admitted, how many are left, µs until one
# more is. Two in the same µs differ by the count, which only grows within it.
SLIDING_WINDOW = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local limit, window = tonumber(ARGV[1]), tonumber(ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
local count = redis.call('ZCARD', KEYS[1])
local admitted = 0
if count < limit then
  redis.call('ZADD', KEYS[1], now, string.format('%.0f-%d', now, count))
  redis.call('PEXPIRE', KEYS[1], math.ceil(window / 1000))
  admitted, count = 1, count + 1
end
local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
return {admitted, limit - count, oldest[2] + window - now}
"""


@dataclass(frozen=True)
class Rate:
    """`limit` requests in any `window_s` seconds."""

    limit: int
    window_s: int = 60


@dataclass(frozen=True)
class ViewLimit:
    """
    What a view allows: so much a signed-in user, so much an address without one.

    Views of one `scope` share their count.
    """

    scope: str
    user: Rate
    address: Rate
    fails_open: bool = False


@dataclass(frozen=True)
class Verdict:
    """How one request stands to its limit."""

    scope: str
    rate: Rate
    is_admitted: bool
    remaining: int
    reset_s: int


class RateExceeded(DomainError):
    """More requests than the limit allows."""

    kind = Kind.LIMITED
    code = "rate_limited"
    detail = Bilingual(
        ko="요청이 너무 많아요. {retry_after_s}초 뒤에 다시 시도해 주세요.",
        en="Too many requests: try again in {retry_after_s} seconds.",
    )


class LimitsAway(DomainError):
    """The counts cannot be read, and this view does not go on without them."""

    kind = Kind.UNAVAILABLE
    code = "limits_unavailable"
    detail = Bilingual(
        ko="잠시 이용할 수 없어요. 곧 다시 시도해 주세요.",
        en="Not available right now: try again shortly.",
    )


def count_request(*, redis: QuickRedis, scope: str, caller: str, rate: Rate) -> Verdict:
    """
    Count one request of `caller`, if it is let through.

    Raises:
        RedisAway: the count cannot be read.
    """
    key = redis_key("limit", scope, caller)

    def count(client: Redis) -> list[int]:
        answer: list[int] = client.register_script(SLIDING_WINDOW)(
            keys=[key], args=[rate.limit, rate.window_s * 1_000_000]
        )
        return answer

    admitted, remaining, reset_us = redis.ask(count)
    return Verdict(
        scope=scope,
        rate=rate,
        is_admitted=bool(admitted),
        remaining=remaining,
        reset_s=max(1, -(-reset_us // 1_000_000)),
    )


class LimitedView(APIView):
    """
    A view, or by inheritance a viewset, with limits: mix it in on the left.

    `limits` maps a viewset's action, or a view's method in lower case, to what it allows.
    """

    limits: ClassVar[Mapping[str, ViewLimit]] = {}
    _verdict: Verdict | None = None

    def check_throttles(self, request: Request) -> None:
        name = getattr(self, "action", None) or (request.method or "").lower()
        limit = self.limits.get(name)
        if limit is not None:
            self._verdict = self._judge(request, limit)
            if self._verdict is not None and not self._verdict.is_admitted:
                wait_s = self._verdict.reset_s
                raise RateExceeded(retry_after_s=wait_s)

    def _judge(self, request: Request, limit: ViewLimit) -> Verdict | None:
        public_id = getattr(request.user, "public_id", None)
        caller = f"user:{public_id}" if public_id else f"address:{client_address(request)}"
        rate = limit.user if public_id else limit.address
        try:
            return count_request(redis=cache_redis(), scope=limit.scope, caller=caller, rate=rate)
        except RedisAway:
            if limit.fails_open:
                return None
            raise LimitsAway from None

    def finalize_response(
        self, request: Request, response: Response, *args: object, **kwargs: object
    ) -> Response:
        final: Response = super().finalize_response(request, response, *args, **kwargs)
        verdict = self._verdict
        if verdict is not None:
            final["RateLimit-Policy"] = (
                f'"{verdict.scope}";q={verdict.rate.limit};w={verdict.rate.window_s}'
            )
            final["RateLimit"] = f'"{verdict.scope}";r={verdict.remaining};t={verdict.reset_s}'
        return final
