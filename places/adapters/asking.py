"""
Asks other people's services as a good guest: no faster than they allow, later when they say so.

What goes wrong and passes (a timeout, a 500, half a body, 429) is asked again with growing pauses; what stays
wrong longer than that is left to the job, which tries again in minutes. What will not pass is told at once.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urlsplit

import orjson
from protego import Protego

from common.http import AddressRefused, HttpAnswer, HttpFailed, OutboundHttp
from places.adapters.source import SourceAbsent

ATTEMPTS: Final = 4
PAUSE_S: Final = 1.0  # before the second attempt; doubled before each that follows
PATIENCE_S: Final = 15.0  # a service that asks for more has the job come back later
DELAY_HIGH_S: Final = 30.0  # between two questions to a site; who wants longer is left alone
AGENT: Final = "dongne"
OK, NOT_MODIFIED, TOO_MANY, UNAVAILABLE = 200, 304, 429, 503
KEY_REFUSED: Final = (401, 403)
SERVER_FAULT: Final = 500
GONE: Final = (404, 410)


def _site(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


class NotAllowed(Exception):
    """The site's robots.txt keeps this address from machines."""


@dataclass
class Asker:
    """Asks one service. Not shared among threads: it remembers when it asked last."""

    http: OutboundHttp
    name: str  # as people call the service
    rate_per_s: float | None = None
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    _last_at: float = field(default=-math.inf, init=False)
    _asked_at: dict[str, float] = field(default_factory=dict, init=False)  # by site
    _delays_s: dict[str, float] = field(default_factory=dict, init=False)  # that sites ask for
    _robots: dict[str, Protego] = field(default_factory=dict, init=False)

    def get(self, url: str, *, headers: Mapping[str, str] | None = None) -> HttpAnswer:
        """
        Return an answer of status 200, 304, 404 or 410.

        Raises:
            HttpFailed: there is none for now.
            SourceAbsent: the service does not take the key.
        """
        for attempt in range(1, ATTEMPTS + 1):
            self._keep_rate(url)
            try:
                answer = self.http.get(url=url, headers=headers)
            except AddressRefused:
                raise
            except HttpFailed:
                if attempt == ATTEMPTS:
                    raise
                self.sleep(PAUSE_S * 2 ** (attempt - 1))
                continue
            if answer.status in (OK, NOT_MODIFIED, *GONE):
                return answer
            if answer.status in KEY_REFUSED:
                raise SourceAbsent(f"{self.name} does not take the key (status {answer.status}).")
            passes = answer.status == TOO_MANY or answer.status >= SERVER_FAULT
            pause_s = self._pause(answer, attempt)
            if not passes or attempt == ATTEMPTS or pause_s > PATIENCE_S:
                raise HttpFailed(f"status_{answer.status}")
            self.sleep(pause_s)
        raise AssertionError("each attempt returns or raises")

    def get_json(
        self, url: str, *, headers: Mapping[str, str] | None = None
    ) -> tuple[Any, HttpAnswer]:
        """
        Return what an answer says as JSON, and the answer; see `get`.

        Raises:
            HttpFailed, SourceAbsent: as `get` does; `not_json` for a page of a proxy or half a body.
        """
        answer = self.get(url, headers=headers)
        try:
            return orjson.loads(answer.body), answer
        except orjson.JSONDecodeError:
            raise HttpFailed("not_json") from None

    def check_allowed(self, url: str) -> None:
        """
        Ask the site's robots.txt, once a run, whether machines may read an address.

        None there means yes; one that does not answer means not now (RFC 9309).

        A site that asks for longer pauses gets them, and no other site with it.

        Raises:
            NotAllowed: they may not, or so seldom that a run would wait too long.
            HttpFailed: robots.txt does not answer.
        """
        site = _site(url)
        if site not in self._robots:
            self._keep_rate(url)
            answer = self.http.get(url=f"{site}/robots.txt")
            if answer.status == TOO_MANY or answer.status >= SERVER_FAULT:
                raise HttpFailed(f"robots_status_{answer.status}")
            text = answer.body.decode("utf-8", "replace") if answer.status == OK else ""
            self._robots[site] = Protego.parse(text)
        rules = self._robots[site]
        if not rules.can_fetch(url, AGENT):
            raise NotAllowed(url)
        delay_s = float(rules.crawl_delay(AGENT) or 0)
        if delay_s > DELAY_HIGH_S:
            raise NotAllowed(url)
        if delay_s > 0:
            self._delays_s[site] = delay_s

    def _keep_rate(self, url: str) -> None:
        """Wait until it is time to ask: by the source's rate, and by what the site asks for."""
        site, due = _site(url), [-math.inf]
        if self.rate_per_s:
            due.append(self._last_at + 1 / self.rate_per_s)
        if site in self._delays_s:
            due.append(self._asked_at[site] + self._delays_s[site])
        wait_s = max(due) - self.monotonic()
        if wait_s > 0:
            self.sleep(wait_s)
        self._last_at = self._asked_at[site] = self.monotonic()

    def _pause(self, answer: HttpAnswer, attempt: int) -> float:
        """Return how long to wait: what the service says, else longer each time."""
        said = answer.headers.get("retry-after", "").strip()
        if said.isdigit():
            return float(said)
        try:
            until = parsedate_to_datetime(said)
        except (TypeError, ValueError):
            return PAUSE_S * float(2 ** (attempt - 1))
        aware = until if until.tzinfo else until.replace(tzinfo=UTC)
        return max(0.0, (aware - self.now()).total_seconds())
