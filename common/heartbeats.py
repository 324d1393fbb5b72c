"""
A sign of life that travels the whole way: beat queues it, the broker holds it, a worker writes it.

So its age tells whether tasks are being done, without asking workers, which may be busy.
"""

from common.redis_client import QuickRedis, RedisAway, redis_key

EVERY_S = 30
# Three missed in a row: a restart of the worker misses one or two.
STALE_AFTER_S = 3 * EVERY_S
KEPT_S = 86_400


def record_heartbeat(*, redis: QuickRedis, now_s: float) -> None:
    redis.ask(lambda client: client.set(redis_key("heartbeat"), repr(now_s), ex=KEPT_S))


def find_heartbeat_age_s(*, redis: QuickRedis, now_s: float) -> float | None:
    """Return how long ago a worker wrote, or None where none did within a day."""
    try:
        written = redis.ask(lambda client: client.get(redis_key("heartbeat")))
    except RedisAway:
        return None
    return None if not isinstance(written, bytes) else max(0.0, now_s - float(written))
