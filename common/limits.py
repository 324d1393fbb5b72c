"""
Rate limits: at most so many requests in any window, exactly, however many arrive at once.

The count is one Redis script over sorted sets of the moments let through (sliding windows), by the
clock of Redis. A route may have several limits, of the caller and of the account that the body
names: the script judges all of them at once, and a request that one of them refuses counts in none.
Answers carry `RateLimit-Policy`, which names every limit, and `RateLimit` of the tightest
(draft-ietf-httpapi-ratelimit-headers); a refusal is a 429 problem with `Retry-After`.

When Redis is away a limit fails open or closed as its view declares: reads that cost only time go
on, writes are refused with 503.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import structlog
from django.utils.crypto import salted_hmac
from redis import Redis
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from .addresses import client_address
from .errors import DomainError, Kind
from .languages import Bilingual
from .redis_client import QuickRedis, RedisAway, cache_redis, redis_key

logger = structlog.get_logger(__name__)

# KEYS: the sets; ARGV: limit and window in µs of each. Returns whether all admit, then of each how
# many are left and the µs until one more is. Two in the same µs differ by the count, which only
# grows within it.
SLIDING_WINDOWS = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local admitted, counts = 1, {}
for i, key in ipairs(KEYS) do
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now - tonumber(ARGV[2 * i]))
  counts[i] = redis.call('ZCARD', key)
  if counts[i] >= tonumber(ARGV[2 * i - 1]) then admitted = 0 end
end
local answer = {admitted}
for i, key in ipairs(KEYS) do
  local limit, window = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  if admitted == 1 then
    redis.call('ZADD', key, now, string.format('%.0f-%d', now, counts[i]))
    redis.call('PEXPIRE', key, math.ceil(window / 1000))
    counts[i] = counts[i] + 1
  end
  local oldest = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')
  answer[2 * i] = math.max(0, limit - counts[i])
  answer[2 * i + 1] = (oldest[2] or now) + window - now
end
return answer
"""


@dataclass(frozen=True)
class Rate:
    """`limit` requests in any `window_s` seconds."""

    limit: int
    window_s: int = 60


@dataclass(frozen=True)
class AccountRate:
    """
    A rate for each account that bodies name in `field`, whoever sends them and from wherever.

    It is counted by a keyed hash of what the body says, in lower case: Redis learns no address of
    mail, and an account that does not exist is counted like one that does.
    """

    field: str
    rate: Rate


@dataclass(frozen=True)
class ViewLimit:
    """
    What a view allows: so much a signed-in user, so much an address without one, and beside it so
    much an account that the body names.

    Views of one `scope` share their count.
    """

    scope: str
    user: Rate
    address: Rate
    account: AccountRate | None = None
    fails_open: bool = False


@dataclass(frozen=True)
class Count:
    """One thing to count by: requests of `caller` under `name`."""

    name: str
    caller: str
    rate: Rate


@dataclass(frozen=True)
class Verdict:
    """How one request stands to one limit. `is_admitted`: all limits together let it through."""

    name: str
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


def count_request(*, redis: QuickRedis, counts: Sequence[Count]) -> list[Verdict]:
    """
    Count one request in all of `counts`, if all of them let it through, else in none.

    Raises:
        RedisAway: the counts cannot be read.
    """

    def count(client: Redis) -> list[int]:
        answer: list[int] = client.register_script(SLIDING_WINDOWS)(
            keys=[redis_key("limit", count.name, count.caller) for count in counts],
            args=[
                number
                for count in counts
                for number in (count.rate.limit, count.rate.window_s * 1_000_000)
            ],
        )
        return answer

    admitted, *standings = redis.ask(count)
    return [
        Verdict(
            name=count.name,
            rate=count.rate,
            is_admitted=bool(admitted),
            remaining=remaining,
            reset_s=max(1, -(-reset_us // 1_000_000)),
        )
        for count, remaining, reset_us in zip(counts, standings[::2], standings[1::2], strict=True)
    ]


def find_tightest(verdicts: Sequence[Verdict], /) -> Verdict:
    """Return the limit that is felt first: the fewest left, of those the longest to wait."""
    return min(verdicts, key=lambda verdict: (verdict.remaining, -verdict.reset_s))


def caller_of(request: Request, /) -> str:
    """Name who is asking: a signed-in user, else the address the request comes from."""
    public_id = getattr(request.user, "public_id", None)
    return f"user:{public_id}" if public_id else f"address:{client_address(request)}"


class LimitedView(APIView):
    """
    A view, or by inheritance a viewset, with limits: mix it in on the left.

    `limits` maps a viewset's action, or a view's method in lower case, to what it allows.
    """

    limits: ClassVar[Mapping[str, ViewLimit]] = {}
    _verdicts: Sequence[Verdict] = ()

    def check_throttles(self, request: Request) -> None:
        name = getattr(self, "action", None) or (request.method or "").lower()
        # HEAD costs what GET costs.
        limit = self.limits.get("get" if name == "head" else name)
        if limit is None:
            return
        try:
            self._verdicts = count_request(
                redis=cache_redis(), counts=list(_list_counts(request, limit))
            )
        except RedisAway:
            if limit.fails_open:
                return
            raise LimitsAway from None
        tightest = find_tightest(self._verdicts)
        if not tightest.is_admitted:
            raise RateExceeded(retry_after_s=tightest.reset_s)

    def finalize_response(
        self, request: Request, response: Response, *args: object, **kwargs: object
    ) -> Response:
        final: Response = super().finalize_response(request, response, *args, **kwargs)
        if self._verdicts:
            final["RateLimit-Policy"] = ", ".join(
                f'"{verdict.name}";q={verdict.rate.limit};w={verdict.rate.window_s}'
                for verdict in self._verdicts
            )
            tightest = find_tightest(self._verdicts)
            final["RateLimit"] = f'"{tightest.name}";r={tightest.remaining};t={tightest.reset_s}'
        return final


def _list_counts(request: Request, limit: ViewLimit) -> Iterator[Count]:
    caller = caller_of(request)
    is_user = caller.startswith("user:")
    yield Count(name=limit.scope, caller=caller, rate=limit.user if is_user else limit.address)
    if limit.account is None:
        return
    # A body that names no account is refused by its reader, and counted by its sender.
    body = request.data
    named = body.get(limit.account.field) if isinstance(body, Mapping) else None
    if isinstance(named, str):
        account = salted_hmac("common.limits", named.strip().lower(), algorithm="sha256")
        yield Count(
            name=f"{limit.scope}-account",
            caller=f"account:{account.hexdigest()[:32]}",
            rate=limit.account.rate,
        )
