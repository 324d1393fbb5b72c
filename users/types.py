"""What the layers of accounts pass to one another."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    USER = "user"
    OPERATOR = "operator"
    ANALYST = "analyst"


@dataclass(frozen=True)
class TokenPair:
    """What a client keeps: `access` is short-lived, `refresh` buys the next one."""

    access: str
    refresh: str
    expires_in_s: int


@dataclass(frozen=True)
class RefreshClaims:
    """What a genuine, unexpired refresh token says."""

    public_id: UUID
    fingerprint: str
