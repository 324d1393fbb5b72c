"""Endpoints for the tests of manners: they make accounts, which can be counted."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from uuid_utils.compat import uuid7

from common.acting import acting_as_system
from common.errors import DomainError, Kind
from common.idempotency import idempotent
from common.languages import Bilingual
from common.limits import LimitedView
from common.models import StoredAnswer
from users.models import User

MADE = "@made.example.com"


class Refused(DomainError):
    kind = Kind.INVALID
    code = "tests/refused"
    detail = Bilingual(ko="안 돼요.", en="No.")


class Person:
    """Somebody signed in, without a row of their own."""

    is_authenticated = True

    def __init__(self, public_id: str) -> None:
        self.public_id = public_id


class ByHeader(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[Person, None]:
        return Person(request.headers.get("X-Person", "mina")), None


@acting_as_system()
@transaction.atomic(durable=True)
def make_account(*, before_the_end: Callable[[], None] = lambda: None) -> str:
    """Do what any service does: write in a transaction of its own."""
    user = User.objects.create_user(f"{uuid7()}{MADE}", "tall-otters-swim-9")
    before_the_end()
    return str(user.public_id)


def count_accounts() -> int:
    return User.objects.filter(email__endswith=MADE).count()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Makes(LimitedView):
    """A POST that behaves as its header says, and makes an account unless it fails before."""

    authentication_classes = (ByHeader,)
    permission_classes = (AllowAny,)

    @idempotent
    def post(self, request: Request) -> Response:
        return BEHAVIOURS[request.headers["X-Behaviour"]](request)

    @idempotent
    def put(self, request: Request) -> Response:
        return BEHAVIOURS[request.headers["X-Behaviour"]](request)


def _make(_request: Request) -> Response:
    return Response({"id": make_account()}, status=201, headers={"Location": "/api/v1/x/1"})


def _make_slowly(_request: Request) -> Response:
    made = make_account(before_the_end=lambda: time.sleep(0.3))
    return Response({"id": made}, status=201)


def _refuse(_request: Request) -> Response:
    raise Refused


def _make_then_refuse(_request: Request) -> Response:
    make_account()
    raise Refused


def _make_then_break(_request: Request) -> Response:
    make_account()
    raise KeyError("a bug")


def _make_then_raise(error: BaseException) -> Callable[[Request], Response]:
    def behave(_request: Request) -> Response:
        make_account()
        raise error

    return behave


def _answer_an_error(_request: Request) -> Response:
    return Response({"id": make_account()}, status=409)


def _make_nothing(_request: Request) -> Response:
    make_account()
    return Response(status=204)


ANNOUNCED: list[int] = []


def _make_and_announce(_request: Request) -> Response:
    with acting_as_system(), transaction.atomic(durable=True):
        make = User.objects.create_user(f"{uuid7()}{MADE}", "tall-otters-swim-9")
        transaction.on_commit(lambda: ANNOUNCED.append(StoredAnswer.objects.count()))
    return Response({"id": str(make.public_id)}, status=201)


def _die_before(_request: Request) -> Response:
    die()
    return Response()


def _die_within(_request: Request) -> Response:
    return Response({"id": make_account(before_the_end=die)})


def _die_after_the_effect(_request: Request) -> Response:
    make_account()
    die()
    return Response()


def _die_after_the_commit(_request: Request) -> Response:
    with acting_as_system(), transaction.atomic(durable=True):
        made = User.objects.create_user(f"{uuid7()}{MADE}", "tall-otters-swim-9")
        transaction.on_commit(die)
    return Response({"id": str(made.public_id)}, status=201)


BEHAVIOURS: dict[str, Callable[[Request], Response]] = {
    "": _make,
    "slow": _make_slowly,
    "refuse": _refuse,
    "make-then-refuse": _make_then_refuse,
    "make-then-break": _make_then_break,
    "make-then-not-found": _make_then_raise(NotFound()),
    "make-then-404": _make_then_raise(Http404()),
    "make-then-deny": _make_then_raise(PermissionDenied()),
    "make-then-interrupt": _make_then_raise(KeyboardInterrupt()),
    "error": _answer_an_error,
    "nothing": _make_nothing,
    "announce": _make_and_announce,
    "die-before": _die_before,
    "die-within": _die_within,
    "die-after-effect": _die_after_the_effect,
    "die-after-commit": _die_after_the_commit,
}


@dataclass(frozen=True)
class Sending:
    """
    A request to `Makes`. Its behaviour is no part of what it asks, so that the one who sends it
    again may leave out what killed the first.
    """

    key: str | None = "k1"
    person: str = "mina"
    behaviour: str = ""
    body: dict[str, Any] = field(default_factory=dict)
    query: str = ""
    method: str = "post"

    def send(self) -> HttpResponse:
        headers = {"x-person": self.person, "x-behaviour": self.behaviour}
        if self.key is not None:
            headers["idempotency-key"] = self.key
        ask = getattr(APIRequestFactory(), self.method)
        request = ask(f"/api/v1/x{self.query}", self.body, format="json", headers=headers)
        response: HttpResponse = Makes.as_view()(request)
        if isinstance(response, Response):
            response.render()
        return response
