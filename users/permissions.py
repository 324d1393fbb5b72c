"""
Which role a route asks for.

The role must stand in the access token and be held by the user as the database has them now: one
that was taken away is refused from the next request on, one that was given counts from the next
refresh of the token, within 15 minutes.
"""

from typing import TYPE_CHECKING, ClassVar

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from users import selectors
from users.authentication import find_signed_in_user
from users.types import AccessClaims, Role

if TYPE_CHECKING:  # DRF reads its permission classes while it makes its views
    from rest_framework.views import APIView


class HasRole(BasePermission):
    """A route for a role; its subclasses say which."""

    role: ClassVar[Role]

    def has_permission(self, request: Request, view: "APIView") -> bool:
        user = find_signed_in_user(request)
        claims = request.auth
        return (
            user is not None
            and isinstance(claims, AccessClaims)
            and self.role in claims.roles
            and selectors.has_role(user=user, role=self.role)
        )


class IsSignedIn(HasRole):
    """A route for anybody who has an account."""

    role = Role.USER


class IsOperator(HasRole):
    """A route for those who run the service."""

    role = Role.OPERATOR


class IsAnalyst(HasRole):
    """A route for those who read how the product is used."""

    role = Role.ANALYST
