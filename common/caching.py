"""Answers kept for a moment. A cache that is away is an empty one."""

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


def store_cached(*, key: str, value: bytes, keep_s: int) -> bool:
    """Keep `value` for `keep_s` seconds; tell whether it was kept."""
    try:
        return bool(
            cache_redis().ask(lambda client: client.set(redis_key("cache", key), value, ex=keep_s))
        )
    except RedisAway:
        return False
