"""Who is asking: the access token of a request, and the user behind it."""

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from common.acting import begin_acting_as
from users import selectors
from users.adapters import tokens
from users.models import User
from users.types import AccessClaims

SCHEME = "Bearer"


class BearerAuthentication(BaseAuthentication):
    """
    Sign a request in by `Authorization: Bearer <access token>`.

    One query tells whether the session and the account still hold, so that signing out, a changed
    password and a ban count from the next request on. A token that does not hold is refused even
    where one may ask anonymously: a person who thinks they are signed in must not silently get a
    stranger's answer. From here to its end the request acts for that user: the database shows their
    rows, and nobody else's.
    """

    def authenticate(self, request: Request) -> tuple[User, AccessClaims] | None:
        header = get_authorization_header(request).split()
        if not header:
            return None
        if len(header) != 2 or header[0].lower() != SCHEME.lower().encode():
            raise tokens.TokenRefused("The Authorization header holds no bearer token.")
        claims = tokens.read_access(header[1].decode("latin-1"), now=timezone.now())
        user = selectors.find_user_of_session(
            public_id=claims.public_id, session_id=claims.session_id
        )
        if user is None:
            raise tokens.TokenRefused(
                "The session of this token is over, or its account is closed."
            )
        begin_acting_as(user.pk)
        return user, claims

    def authenticate_header(self, request: Request) -> str:
        return SCHEME


def find_signed_in_user(request: Request, /) -> User | None:
    """Return who is asking, or None where nobody is signed in."""
    user: User | AnonymousUser = request.user
    return user if isinstance(user, User) else None


def signed_in_user(request: Request, /) -> User:
    """
    Return who is asking, for views that require it.

    Raises:
        NotAuthenticated: nobody is signed in.
    """
    user = find_signed_in_user(request)
    if user is None:
        raise NotAuthenticated
    return user


def access_claims(request: Request, /) -> AccessClaims:
    """
    Return what the access token of a request says, the id of its session among it.

    Raises:
        NotAuthenticated: nobody is signed in.
    """
    claims = request.auth
    if not isinstance(claims, AccessClaims):
        raise NotAuthenticated
    return claims
