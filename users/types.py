"""What the layers of accounts pass to one another."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    USER = "user"
    OPERATOR = "operator"
    ANALYST = "analyst"


@dataclass(frozen=True)
class Device:
    """What a client says of the device it signs in from: a name to know it by, and its software."""

    name: str = ""
    user_agent: str = ""


@dataclass(frozen=True)
class TokenPair:
    """What a client keeps: `access` is short-lived, `refresh` buys the next pair, once."""

    access: str
    refresh: str
    expires_in_s: int


@dataclass(frozen=True)
class AccessClaims:
    """What a genuine, unexpired access token says; whether its session still lives, rows say."""

    public_id: UUID
    session_id: UUID
    roles: frozenset[Role]
    expires_at: datetime


@dataclass(frozen=True)
class RefreshClaims:
    """What a genuine, unexpired refresh token says: the how many-th of its session it is."""

    public_id: UUID
    session_id: UUID
    generation: int


@dataclass(frozen=True)
class Standing:
    """How settled an account is."""

    created_at: datetime
    has_confirmed_email: bool
    is_active: bool
