"""
Redis for what is quick and can be lost: cached answers, counters of limits, heartbeats.

Redis being away must cost an answer milliseconds, not seconds: timeouts are short, nothing is
retried, and after a failure nobody asks again for PAUSE_S.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import TypeVar

import structlog
from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry

logger = structlog.get_logger(__name__)

Answer = TypeVar("Answer")

CONNECT_TIMEOUT_S = 0.1
PAUSE_S = 1.0


class RedisAway(Exception):
    """Redis did not answer, or did not a moment ago."""


@dataclass
class QuickRedis:
    """One Redis that may be away. Threads share it."""

    url: str
    answer_timeout_s: float = field(default_factory=lambda: settings.REDIS_ANSWER_TIMEOUT_S)
    monotonic_s: Callable[[], float] = time.monotonic
    _client: Redis = field(init=False, repr=False)
    _asks_again_at_s: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self._client = Redis.from_url(
            self.url,
            socket_connect_timeout=CONNECT_TIMEOUT_S,
            socket_timeout=self.answer_timeout_s,
            retry=Retry(NoBackoff(), 0),
        )

    def ask(self, work: Callable[[Redis], Answer], /) -> Answer:
        """
        Run `work` on the client.

        Raises:
            RedisAway: it did not answer in time, or failed less than PAUSE_S ago.
        """
        if self.monotonic_s() < self._asks_again_at_s:
            raise RedisAway
        try:
            return work(self._client)
        except (RedisConnectionError, RedisTimeoutError) as error:
            self._asks_again_at_s = self.monotonic_s() + PAUSE_S
            logger.warning("redis_away", error=type(error).__name__)
            raise RedisAway from error
        except RedisError as error:
            # Loading, read-only, out of memory: it is there, and no use.
            logger.warning("redis_refuses", error=type(error).__name__)
            raise RedisAway from error


@cache
def cache_redis() -> QuickRedis:
    """Return the Redis of REDIS_CACHE_URL, shared by the process."""
    return QuickRedis(url=settings.REDIS_CACHE_URL)


def redis_key(*parts: str) -> str:
    """Return a key under this tier's prefix, so that tests and a running server never meet."""
    return ":".join((settings.REDIS_KEY_PREFIX, *parts))
