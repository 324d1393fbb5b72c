import time

import pytest
from redis import Redis

from common.redis_client import PAUSE_S, QuickRedis, RedisAway, cache_redis


def test_asks_again_only_after_a_pause() -> None:
    now_s = 100.0
    redis = QuickRedis(url="redis://127.0.0.1:1/0", monotonic_s=lambda: now_s)
    asked: list[float] = []

    def ping(client: Redis) -> object:
        asked.append(now_s)
        return client.ping()

    def ask() -> None:
        with pytest.raises(RedisAway):
            redis.ask(ping)

    ask()
    now_s += PAUSE_S / 2
    ask()
    now_s += PAUSE_S
    ask()

    assert asked == [100.0, 100.0 + 1.5 * PAUSE_S]


def test_a_redis_that_is_not_there_costs_little() -> None:
    redis = QuickRedis(url="redis://127.0.0.1:1/0")

    started_s = time.perf_counter()
    with pytest.raises(RedisAway):
        redis.ask(lambda client: client.ping())

    assert time.perf_counter() - started_s < 1.0


def test_a_redis_that_refuses_counts_as_away() -> None:
    with pytest.raises(RedisAway):
        cache_redis().ask(lambda client: client.eval("return redis.error_reply('no')", 0))
