"""Answers kept for half a minute: in Redis, and in the database for when Redis is away."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import numpy as np
import orjson
from redis import Redis

from common.redis_client import RedisAway, cache_redis, redis_key
from trips import selectors
from trips.types import Locale, Profile, Understanding

KEPT_FOR: Final = timedelta(seconds=30)
# Counts up when the shape of the body or the meaning of a field changes.
BODY_VERSION: Final = 2


def hash_context(
    *,
    understanding: Understanding,
    profile: Profile,
    locale: Locale,
    data_version: str,
    engine_version: str,
) -> str:
    """
    Return the fingerprint of everything that changes the cards.

    The constraints are rounded by now, the position to 50 m and the start to 5 minutes. The
    sentence itself does not count: two sentences that mean the same share an answer, and each keeps
    its own `interpretation`.
    """
    context = {
        "who": str(profile.public_id or "anonymous"),
        "taste": profile.taste_version,
        "locale": locale,
        "city": understanding.city,
        "named": understanding.named_place,
        "excluded": sorted(str(place) for place in understanding.excluded_places),
        "data": data_version,
        "engine": engine_version,
        "body": BODY_VERSION,
        "constraints": asdict(understanding.constraints),
    }
    text = orjson.dumps(context, default=_plain, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return hashlib.sha256(value.tobytes()).hexdigest()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in a context")


@dataclass(frozen=True)
class AnswerCache:
    """Finds and keeps answers by their context hash."""

    def find(self, *, context_hash: str, now: datetime) -> bytes | None:
        """Return the answer kept for this context, if it is still fresh."""
        try:
            found = cache_redis().ask(lambda redis: redis.get(_key(context_hash)))
        except RedisAway:
            return selectors.find_cached_answer(context_hash=context_hash, now=now)
        return found if isinstance(found, bytes) else None

    def keep(self, *, context_hash: str, payload: bytes) -> bytes:
        """
        Keep an answer for half a minute, and return the one that is kept.

        Of answers to the same question in parallel the first is everybody's. Without Redis nothing
        is kept here, and each goes its own way.
        """

        def keep_first(redis: Redis) -> object:
            key = _key(context_hash)
            is_first = redis.set(key, payload, ex=KEPT_FOR, nx=True)
            return None if is_first else redis.get(key)

        try:
            kept = cache_redis().ask(keep_first)
        except RedisAway:
            return payload
        return kept if isinstance(kept, bytes) else payload

    def forget(self, *, context_hashes: Sequence[str]) -> None:
        """Forget answers that could not be stored, or whose asker leaves."""
        keys = [_key(context_hash) for context_hash in context_hashes]
        if keys:
            with suppress(RedisAway):
                cache_redis().ask(lambda redis: redis.delete(*keys))


def _key(context_hash: str) -> str:
    return redis_key("trips", "answer", context_hash)
