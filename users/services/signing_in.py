"""Proving who one is: a password for tokens, a refresh token for the next access token."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.utils.crypto import constant_time_compare

from common.errors import DomainError, Kind
from common.languages import Bilingual
from users import selectors
from users.adapters import tokens
from users.types import TokenPair


class CredentialsRefused(DomainError):
    """No active account has this address and password; which of them is wrong is not told."""

    kind = Kind.UNAUTHENTICATED
    code = "users/credentials-refused"
    detail = Bilingual(
        ko="이메일이나 비밀번호가 맞지 않아요.", en="The email or the password is not right."
    )


@dataclass(frozen=True)
class SignIn:
    """Exchanges credentials for tokens."""

    def sign_in(self, *, email: str, password: str) -> TokenPair:
        """
        Issue a pair of tokens.

        Raises:
            CredentialsRefused: no active account has this address and password.
        """
        user = selectors.find_user_by_email(email=email)
        if user is None:
            # Hashing once, as checking does, keeps an unknown address from answering sooner.
            make_password(password)
            raise CredentialsRefused
        if not user.check_password(password) or not user.is_active:
            raise CredentialsRefused
        return tokens.issue_pair(user=user, roles=selectors.list_roles(user=user))

    def refresh(self, *, refresh: str) -> TokenPair:
        """
        Issue the next access token; the refresh token stays the same, and so does its end.

        Raises:
            TokenRefused: the token does not hold, or its account was closed or changed password.
        """
        claims = tokens.read_refresh(refresh)
        user = selectors.find_active_user(public_id=claims.public_id)
        if user is None or not constant_time_compare(
            claims.fingerprint, tokens.fingerprint_password(user)
        ):
            raise tokens.TokenRefused("The account of this token has changed.")
        return tokens.renew_pair(user=user, roles=selectors.list_roles(user=user), refresh=refresh)
