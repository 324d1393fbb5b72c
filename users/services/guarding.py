"""
Against guessing passwords: how often an account may be tried, and from where.

Tries of one account from one address are few, so that a guesser gets nowhere. Tries of one account
from everywhere are bounded too, against guessers with many addresses; but an address from which its
owner signed in lately is not held to that bound, so that no stranger can lock them out. Whoever is
locked out all the same (a stranger behind the same address) can wait, sign in with Google or reset
the password; sessions go on.

An account that does not exist is counted like one that does. Redis holds keyed hashes, no address.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.utils.crypto import salted_hmac
from redis import Redis

from common.errors import DomainError, Kind
from common.languages import Bilingual
from common.limits import Count, LimitsAway, Rate, count_request, find_tightest
from common.redis_client import QuickRedis, RedisAway, cache_redis, redis_key

BY_ADDRESS: Final = Rate(5, window_s=900)
IN_ALL: Final = Rate(50, window_s=3600)
KNOWN_FOR_S: Final = 30 * 86_400

_ONE, _ALL, _KNOWN = "sign-in-here", "sign-in-anywhere", "sign-in-known"


class SignInLocked(DomainError):
    """Too many tries of this account; whether it exists, or one was right, is not told."""

    kind = Kind.LIMITED
    code = "users/sign-in-locked"
    detail = Bilingual(
        ko="로그인을 너무 여러 번 시도했어요. {retry_after_s}초 뒤에 다시 시도하거나 비밀번호를 재설정해 주세요.",
        en="Too many tries to sign in: wait {retry_after_s} seconds, or reset the password.",
    )


@dataclass(frozen=True)
class SignInGuard:
    """Counts tries to sign in before the password is looked at, exactly, however many at once."""

    redis: Callable[[], QuickRedis] = cache_redis

    def admit(self, *, email: str, address: str) -> None:
        """
        Count one try, if it is let through.

        Raises:
            SignInLocked: there were too many.
            LimitsAway: Redis is away, and nobody guesses uncounted.
        """
        here, anywhere = _caller(email, address), _caller(email)
        counts = [Count(name=_ONE, caller=here, rate=BY_ADDRESS)]

        def is_known(client: Redis) -> bool:
            return bool(client.exists(redis_key("limit", _KNOWN, here)))

        try:
            if not self.redis().ask(is_known):
                counts.append(Count(name=_ALL, caller=anywhere, rate=IN_ALL))
            tightest = find_tightest(count_request(redis=self.redis(), counts=counts))
        except RedisAway:
            raise LimitsAway from None
        if not tightest.is_admitted:
            raise SignInLocked(retry_after_s=tightest.reset_s)

    def clear(self, *, email: str, address: str) -> None:
        """Forget the tries of an account whose owner showed who they are, and know them here."""
        here, anywhere = _caller(email, address), _caller(email)

        def forget(client: Redis) -> None:
            with client.pipeline() as pipeline:
                pipeline.delete(redis_key("limit", _ONE, here), redis_key("limit", _ALL, anywhere))
                pipeline.set(redis_key("limit", _KNOWN, here), 1, ex=KNOWN_FOR_S)
                pipeline.execute()

        try:
            self.redis().ask(forget)
        except RedisAway:
            return  # the counts run out by themselves


def _caller(*parts: str) -> str:
    named = "\n".join(parts).lower()
    return salted_hmac("users.guarding", named, algorithm="sha256").hexdigest()[:32]
