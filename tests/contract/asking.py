"""The service itself, asked in this process as a server asks it."""

from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.db import connections
from redis import Redis

from common.redis_client import cache_redis, redis_key


def forget_limits() -> None:
    """Let everybody ask again: what is under test is not how often."""

    def forget(client: Redis) -> None:
        for key in client.scan_iter(match=redis_key("limit:*"), count=1000):
            client.delete(key)

    cache_redis().ask(forget)


class Service:
    """
    The WSGI application, with its limits forgotten before each request.

    It may be asked from another thread than the test's, one at a time: all use the test's connection,
    so that none is left open behind.
    """

    def __init__(self) -> None:
        self.application = get_wsgi_application()
        self.connection = connections["default"]
        self.connection.inc_thread_sharing()

    def enter_thread(self) -> None:
        connections["default"] = self.connection

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.enter_thread()
        forget_limits()
        return self.application(environ, start_response)
