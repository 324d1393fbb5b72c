"""Answers kept for half a minute: in Redis, and in the database for when Redis is away."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import numpy as np
import orjson

from common.redis_client import RedisAway, cache_redis, redis_key
from engine.types import Point
from trips import selectors
from trips.types import Locale, Profile, Understanding

KEPT_FOR: Final = timedelta(seconds=30)
START_STEP_S: Final = 300
POSITION_STEP_DEG: Final = 50 / 111_195  # 50 m of latitude; of longitude a little less

# Counts up when the shape of the body or the meaning of a field changes.
BODY_VERSION: Final = 1


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

    The position counts to 50 m and the start to 5 minutes. The sentence itself does not count:
    two sentences that mean the same share an answer, and each keeps its own `interpretation`.
    """
    said = asdict(understanding.constraints)
    said["origin"] = _cell(understanding.constraints.origin)
    said["destination"] = _cell(understanding.constraints.destination)
    said["starts_at"] = int(understanding.constraints.starts_at.timestamp()) // START_STEP_S
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
        "constraints": said,
    }
    text = orjson.dumps(context, default=_plain, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).hexdigest()


def _cell(point: Point | None) -> tuple[int, int] | None:
    if point is None:
        return None
    return round(point.latitude / POSITION_STEP_DEG), round(point.longitude / POSITION_STEP_DEG)


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

    def keep(self, *, context_hash: str, payload: bytes) -> None:
        """Keep an answer for half a minute. Without Redis the one in the database must do."""
        with suppress(RedisAway):
            cache_redis().ask(lambda redis: redis.set(_key(context_hash), payload, ex=KEPT_FOR))


def _key(context_hash: str) -> str:
    return redis_key("trips", "answer", context_hash)
