"""
The admin's login, guarded as the API's: django-axes asks here before a password is looked at.

Its own handlers check first and count after a failure, so that as many guesses pass as arrive at
once, and they keep addresses of mail; this one counts by `SignInGuard`, with the API's tries.
"""

from http import HTTPStatus
from typing import Any

from axes.handlers.base import AbstractAxesHandler, AxesBaseHandler
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from common.addresses import client_address
from common.errors import DomainError
from common.limits import LimitsAway
from users.models import User
from users.services.guarding import SignInGuard, SignInLocked

RETRY_AFTER_S = 5
_REFUSAL = "dongne.login_refusal"  # where a request keeps why


class GuardedLogins(AbstractAxesHandler, AxesBaseHandler):  # type: ignore[misc] # untyped library
    """The handler of AXES_HANDLER."""

    guard = SignInGuard()

    def is_allowed(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        email = (credentials or {}).get("username")
        if not email:
            return True
        try:
            self.guard.admit(email=email, address=client_address(request))
        except (SignInLocked, LimitsAway) as refusal:
            request.META[_REFUSAL] = refusal
            request.axes_locked_out = True  # type: ignore[attr-defined] # its middleware reads it
            return False
        return True

    def user_logged_in(self, sender: object, request: HttpRequest, user: User, **_: object) -> None:
        self.guard.clear(email=user.email, address=client_address(request))

    def user_login_failed(self, *_: object, **__: object) -> None:
        """Do nothing: a try was counted before it failed."""

    def user_logged_out(self, *_: object, **__: object) -> None:
        """Do nothing."""

    def get_failures(self, request: HttpRequest, credentials: object = None) -> int:
        return 0  # nobody is refused by failures, but by tries


def answer_locked_login(request: HttpRequest, *_: object) -> HttpResponse:
    """Answer a login that was refused uncounted: a page, and when to come back."""
    refusal = request.META.get(_REFUSAL)
    is_locked = isinstance(refusal, SignInLocked)
    context = {
        **admin.site.each_context(request),
        "title": "로그인",
        "reason": _say(refusal),
        "login_path": request.path,
    }
    status = HTTPStatus.TOO_MANY_REQUESTS if is_locked else HTTPStatus.SERVICE_UNAVAILABLE
    response = render(request, "users/login_locked.html", context, status=status)
    wait_s = refusal.retry_after_s if isinstance(refusal, SignInLocked) else None
    response["Retry-After"] = str(wait_s or RETRY_AFTER_S)
    return response


def _say(refusal: object) -> str:
    error = refusal if isinstance(refusal, DomainError) else LimitsAway()
    return error.detail.format(**error.values)
