"""Answers kept for a moment. A cache that is away is an empty one."""

from collections.abc import Mapping, Sequence

from redis import Redis

from .redis_client import RedisAway, cache_redis, redis_key


def find_cached(*, key: str) -> bytes | None:
    """Return what `store_cached` kept under `key`, or None when it is not there."""

    def read(client: Redis) -> object:
        return client.get(redis_key("cache", key))

    try:
        found = cache_redis().ask(read)
    except RedisAway:
        return None
    return found if isinstance(found, bytes) else None


def find_all_cached(*, keys: Sequence[str]) -> list[bytes | None]:
    """Return what is kept under each key, in one question."""
    if not keys:
        return []

    def read(client: Redis) -> object:
        return client.mget([redis_key("cache", key) for key in keys])

    try:
        found = cache_redis().ask(read)
    except RedisAway:
        found = None
    values = found if isinstance(found, list) else [None] * len(keys)
    return [value if isinstance(value, bytes) else None for value in values]


def store_cached(*, key: str, value: bytes, keep_s: int) -> bool:
    """Keep `value` for `keep_s` seconds; tell whether it was kept."""
    try:
        return bool(
            cache_redis().ask(lambda client: client.set(redis_key("cache", key), value, ex=keep_s))
        )
    except RedisAway:
        return False


def store_all_cached(*, values: Mapping[str, bytes], keep_s: int) -> bool:
    """Keep each value under its key for `keep_s` seconds, in one question; tell whether all were."""

    def write(client: Redis) -> list[object]:
        with client.pipeline(transaction=False) as pipeline:
            for key, value in values.items():
                pipeline.set(redis_key("cache", key), value, ex=keep_s)
            return list(pipeline.execute())

    try:
        return not values or all(cache_redis().ask(write))
    except RedisAway:
        return False
