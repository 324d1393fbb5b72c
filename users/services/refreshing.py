"""The next pair of tokens for a refresh token: once, and no later than 14 days after signing in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import transaction

from common.acting import acting_as, acting_as_system
from users import selectors
from users.adapters import tokens
from users.models import EndReason, TokenFamily
from users.types import RefreshClaims, TokenPair

logger = structlog.get_logger(__name__)

# A client whose answer got lost asks again, and several tabs ask at once: they get the same token.
GRACE: Final = timedelta(seconds=10)


@dataclass(frozen=True)
class Refreshing:
    """
    Rotates refresh tokens: each is spent once, for exactly one successor.

    A spent token that comes back was copied, and nobody can tell by whom: its whole session ends.
    """

    def refresh(self, *, refresh: str, now: datetime) -> TokenPair:
        """
        Spend a refresh token for the next pair, or within GRACE return the successor once more.

        Raises:
            TokenRefused: the token does not hold, its session is over, or it was spent.
        """
        claims = tokens.read_refresh(refresh, now=now)
        with transaction.atomic(durable=True):
            pair = self._rotate(claims, now=now)
        if pair is None:
            raise tokens.TokenRefused("The session of this token is over.")
        return pair

    def _rotate(self, claims: RefreshClaims, *, now: datetime) -> TokenPair | None:
        # Of those that ask at once, one holds the row; the others wait, and see what it did.
        families = (
            TokenFamily.objects.live(now=now)
            .filter(public_id=claims.session_id, user__public_id=claims.public_id)
            .select_related("user")
            .select_for_update(of=("self",))
        )
        with acting_as_system():  # the token says whose it is, and nobody is signed in
            family = families.first()
        if family is None or not family.user.is_active:
            return None
        with acting_as(family.user_id):
            return self._spend(family, claims, now=now)

    def _spend(
        self, family: TokenFamily, claims: RefreshClaims, *, now: datetime
    ) -> TokenPair | None:
        if claims.generation == family.generation:
            family.rotate(now=now)
        elif not (claims.generation == family.generation - 1 and now - family.rotated_at <= GRACE):
            logger.warning(
                "refresh_token_reused",
                session_id=str(family.public_id),
                generation=claims.generation,
                newest=family.generation,
            )
            TokenFamily.objects.filter(pk=family.pk).end(reason=EndReason.TOKEN_REUSED, now=now)
            return None
        return tokens.make_pair(
            family=family, roles=selectors.list_roles(user=family.user), now=now
        )
