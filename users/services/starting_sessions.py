"""Starting a session, once a person has proved who they are."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from users import selectors
from users.adapters import tokens
from users.models import EndReason, SignInMethod, TokenFamily, User
from users.types import Device, TokenPair

# From signing in: a refresh never moves it.
LIFETIME: Final = timedelta(days=14)
# More than anybody has devices; beyond it the one unused for longest is signed out.
SESSIONS_HIGH: Final = 50


@dataclass(frozen=True)
class SessionStart:
    """Starts sessions for whoever proved who they are, however they did."""

    def start(
        self, *, user: User, method: SignInMethod, device: Device, now: datetime
    ) -> TokenPair:
        """Sign `user` in on one more device. The caller's transaction holds the user's row."""
        live = TokenFamily.objects.of_user(user).live(now=now)
        too_many = live.order_by("-last_used_at", "-id").values("pk")[SESSIONS_HIGH - 1 :]
        TokenFamily.objects.filter(pk__in=too_many).end(reason=EndReason.TOO_MANY, now=now)
        family = TokenFamily.objects.create(
            user=user,
            method=method,
            device_name=device.name,
            user_agent=_printable(device.user_agent)[: TokenFamily.USER_AGENT_LENGTH],
            created_at=now,
            rotated_at=now,
            last_used_at=now,
            expires_at=now + LIFETIME,
        )
        user.last_login = now
        user.save(update_fields=["last_login"])
        return tokens.make_pair(family=family, roles=selectors.list_roles(user=user), now=now)


def _printable(text: str) -> str:
    """Drop what no client means to say in a header, NUL among it, which no text column takes."""
    return "".join(character for character in text if character.isprintable())
