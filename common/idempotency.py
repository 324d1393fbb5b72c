"""
Requests that may be sent again: `Idempotency-Key` on every POST that changes something.

The effect and the answer to it are one transaction: either both are there or neither. So a process
that dies between two steps leaves nothing to take over, and no lease is needed to tell the slow
from the dead: what reserves a key is an advisory lock of that transaction, which ends with it. The
first request holds it and runs; another one meanwhile is told to come back; a later one gets the
stored answer, byte for byte. Services keep their own `atomic(durable=True)`: with autocommit off
their blocks are savepoints of this transaction, and what waits for the commit waits for this one.

An answer of 400 and above is not stored: the key stays free, and what a service chose to keep of the
refused request stays kept. An answer may hold a secret (a share link), so it is stored encrypted
under a key made of ours and of the caller's, which is itself stored only as a hash.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec, TypeVar

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.http import Http404, HttpResponse
from django.utils.crypto import salted_hmac
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from .errors import DomainError, Kind
from .languages import Bilingual
from .limits import caller_of
from .models import StoredAnswer

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
WELL_FORMED = re.compile(r"[\x21-\x7e]{1,255}")
KEPT = timedelta(hours=24)
SWEPT_AT_ONCE = 10_000
RETRY_AFTER_S = 1

# What else of an answer means something later; the rest is of its moment (limits, ids of requests).
HEADERS_KEPT = ("Content-Type", "Content-Language", "ETag", "Location")
# Refusals that were foreseen; anything else is a bug or a database that went away.
FORESEEN = (DomainError, APIException, Http404, PermissionDenied)

# Tells locks of this purpose from others in the database.
LOCK_SPACE = b"idempotency"

View = TypeVar("View", bound=APIView)
Arguments = ParamSpec("Arguments")


class KeyMalformed(DomainError):
    """A key that is empty, too long, or not of visible ASCII."""

    kind = Kind.MALFORMED
    code = "idempotency_key_malformed"
    detail = Bilingual(
        ko="Idempotency-Key는 공백 없는 ASCII 1~255자여야 해요. UUID를 권해요.",
        en="An Idempotency-Key is 1 to 255 visible ASCII characters; a UUID is best.",
    )


class KeyUsedOtherwise(DomainError):
    """The key came with another request before."""

    kind = Kind.INVALID
    code = "idempotency_key_reused"
    detail = Bilingual(
        ko="이 Idempotency-Key는 다른 요청에 이미 쓰였어요. 새 키를 써 주세요.",
        en="This Idempotency-Key came with another request: use a new one.",
    )


class KeyInFlight(DomainError):
    """The first request with this key is still being carried out."""

    kind = Kind.CONFLICT
    code = "idempotency_in_flight"
    detail = Bilingual(
        ko="같은 요청을 처리하고 있어요. {retry_after_s}초 뒤에 다시 시도해 주세요.",
        en="The same request is being carried out: try again in {retry_after_s} seconds.",
    )


class AnswerUnreadable(DomainError):
    """The request was carried out; the secret that its answer is stored under is gone."""

    kind = Kind.CONFLICT
    code = "idempotency_answer_lost"
    detail = Bilingual(
        ko="요청은 이미 처리됐지만 답을 다시 드릴 수 없어요. 결과를 조회해 주세요.",
        en="The request was carried out; its answer cannot be given again: read the result.",
    )


@dataclass(frozen=True)
class Ticket:
    """A request with its key: whose, which key, and a digest of what was asked."""

    caller: str
    key: str
    asked: bytes

    @property
    def key_hash(self) -> str:
        return hashlib.sha256(f"{self.caller}\n{self.key}".encode()).hexdigest()

    @property
    def lock_id(self) -> int:
        digest = hashlib.blake2b(self.key_hash.encode(), digest_size=8, person=LOCK_SPACE)
        return int.from_bytes(digest.digest(), "big", signed=True)

    @property
    def secrets(self) -> list[bytes]:
        """Return the secrets of this key, ours of now first: those of before still open."""
        return [
            salted_hmac(
                "common.idempotency", f"{self.caller}\n{self.key}", secret=ours, algorithm="sha256"
            ).digest()
            for ours in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        ]

    @property
    def cipher(self) -> MultiFernet:
        return MultiFernet([Fernet(base64.urlsafe_b64encode(one)) for one in self.secrets])

    @property
    def request_hashes(self) -> list[str]:
        """Return the digest under each secret: by itself it would let passwords be guessed."""
        return [hmac.digest(one, self.asked, "sha256").hex() for one in self.secrets]


def idempotent(
    handler: Callable[Concatenate[View, Request, Arguments], Any], /
) -> Callable[Concatenate[View, Request, Arguments], Any]:
    """
    Let a view's POST be sent again under one `Idempotency-Key`: decorate its method.

    The whole handler runs in one transaction, so it does no slow work beside the database's.
    """

    @wraps(handler)
    def answer_once(
        view: View, request: Request, /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Any:
        ticket = _find_ticket(request)
        if ticket is None:
            return handler(view, request, *args, **kwargs)

        def run() -> HttpResponse:
            return _render(handler(view, request, *args, **kwargs), request)

        return _answer_once(ticket, run)

    answer_once.is_idempotent = True  # type: ignore[attr-defined] # read by the schema and its test
    return answer_once


def sweep_answers(*, now: datetime) -> int:
    """Delete the answers whose time is over; return how many."""
    deleted = 0
    while True:
        old = StoredAnswer.objects.filter(created_at__lt=now - KEPT)[:SWEPT_AT_ONCE]
        count, _ = StoredAnswer.objects.filter(pk__in=old.values("pk")).delete()
        deleted += count
        if count < SWEPT_AT_ONCE:
            return deleted


def _find_ticket(request: Request) -> Ticket | None:
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not WELL_FORMED.fullmatch(key):
        raise KeyMalformed(field=HEADER)
    asked = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    asked.update(request.body)
    return Ticket(caller=caller_of(request), key=key, asked=asked.digest())


def _answer_once(ticket: Ticket, run: Callable[[], HttpResponse]) -> HttpResponse:
    refused: Exception | None = None
    with _one_transaction():
        stored = _reserve(ticket)
        if stored is not None:
            return _replay(stored, ticket)
        try:
            answer = run()
        except FORESEEN as error:
            refused = error
        else:
            if answer.status_code < HTTPStatus.BAD_REQUEST:
                _store(answer, ticket)
    if refused is not None:
        raise refused
    return answer


@contextmanager
def _one_transaction() -> Iterator[None]:
    """Hold one transaction open, of which the blocks of services become savepoints."""
    if connection.in_atomic_block:  # of the caller, who commits
        yield
        return
    transaction.set_autocommit(False)
    try:
        yield
        transaction.commit()
    except BaseException:
        _roll_back()
        raise
    transaction.set_autocommit(True)  # and what waited for the commit is done


def _roll_back() -> None:
    try:
        transaction.rollback()
        transaction.set_autocommit(True)
    except DatabaseError:
        # The server is gone, and the transaction with it: the next connection is a new one.
        connection.close()


def _reserve(ticket: Ticket) -> StoredAnswer | None:
    """
    Reserve the key for this transaction, or return the answer that is stored under it.

    Two questions, for the second must see what was committed before the lock was had.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ticket.lock_id])
        (is_ours,) = cursor.fetchone()
    if not is_ours:
        raise KeyInFlight(retry_after_s=RETRY_AFTER_S)
    return StoredAnswer.objects.filter(caller=ticket.caller, key_hash=ticket.key_hash).first()


def _store(answer: HttpResponse, ticket: Ticket) -> None:
    StoredAnswer.objects.create(
        caller=ticket.caller,
        key_hash=ticket.key_hash,
        request_hash=ticket.request_hashes[0],
        status=answer.status_code,
        headers={name: answer[name] for name in HEADERS_KEPT if name in answer},
        body=ticket.cipher.encrypt(answer.content),
    )


def _replay(stored: StoredAnswer, ticket: Ticket) -> HttpResponse:
    try:
        body = ticket.cipher.decrypt(bytes(stored.body))
    except InvalidToken:
        raise AnswerUnreadable from None
    if stored.request_hash not in ticket.request_hashes:
        raise KeyUsedOtherwise(field=HEADER)
    return HttpResponse(body, status=stored.status, headers={**stored.headers, REPLAYED: "true"})


def _render(response: HttpResponse, request: Request) -> HttpResponse:
    """Write an answer now, while it can still be stored with its effect."""
    if not isinstance(response, Response):
        return response
    renderer = request.accepted_renderer
    body = renderer.render(response.data, request.accepted_media_type, {"response": response})
    written = HttpResponse(body, status=response.status_code, content_type=renderer.media_type)
    for name, value in response.items():
        written.headers.setdefault(name, value)
    return written
