"""The service itself, asked in this process as a server asks it."""

from collections.abc import Iterable
from typing import Any

from django.db import connections
from django.http import HttpResponseBase
from django.test import TestCase
from django.test.client import ClientHandler
from redis import Redis

from common.redis_client import cache_redis, redis_key
from tests.contract.writes import taking_back


def forget_limits() -> None:
    """Let everybody ask again: what is under test is not how often."""

    def forget(client: Redis) -> None:
        for key in client.scan_iter(match=redis_key("limit:*"), count=1000):
            client.delete(key)

    cache_redis().ask(forget)


class Service:
    """
    The service as a WSGI application, with its limits forgotten before each request.

    It may be asked from another thread than the test's, one at a time: all use the test's connection
    and see what it sees. Where each request stands alone, what it did is taken back.
    """

    def __init__(self, *, standing_alone: bool) -> None:
        # Django's own for tests: another would end the connection after each request.
        self.application = ClientHandler(enforce_csrf_checks=False)
        self.standing_alone = standing_alone
        self.connection = connections["default"]
        self.connection.inc_thread_sharing()

    def enter_thread(self) -> None:
        connections["default"] = self.connection

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.enter_thread()
        forget_limits()
        response = (
            taking_back(lambda: self._answer(environ))
            if self.standing_alone
            else self._answer(environ)
        )
        start_response(
            f"{response.status_code} {response.reason_phrase}", list(response.headers.items())
        )
        return list(response)

    def _answer(self, environ: dict[str, Any]) -> HttpResponseBase:
        """Return the answer, with all done that waits for a commit."""
        with TestCase.captureOnCommitCallbacks(execute=True):
            return self.application(environ)
