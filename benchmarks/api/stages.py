"""Where the time of a request goes: timers put around its stages, in this process only."""

from __future__ import annotations

import importlib
import io
import json
import logging
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any, Final
from urllib.parse import urlencode

import numpy as np
from django.db import connection

from benchmarks.api.questions import PATH, Account, Asked

# Stage → the functions that are it, as "module:name" or "module:Class.name". What a stage's function
# calls of another stage counts for that one only. "()" calls what makes a service.
STAGES: Final[Mapping[str, tuple[str, ...]]] = {
    "authentication": ("users.authentication:BearerAuthentication.authenticate",),
    "limit": ("common.limits:LimitedView.check_throttles",),
    "read parameters": ("trips.api.viewsets:read_query",),
    "cities": ("places.selectors:list_cities",),
    "understand": ("trips.services.understanding:Understandings.understand",),
    "parse sentence": ("engine.query.parsing:QueryParser.parse",),
    "locate": ("trips.services.understanding:locate", "trips.services.understanding:_named_place"),
    "encode wish": ("trips.services.understanding:Understandings._embedding",),
    "context hash": ("trips.services.recommending:hash_context",),
    "cache look-up": ("trips.services.caching:AnswerCache.find",),
    "candidates: choosing": ("places.selectors:list_candidates",),
    "candidates: first query": ("places.selectors:find_near",),
    "candidates: best of each kind": ("places.near_rows:NearPlaces.best",),
    "candidates: hours": ("places.selectors:list_opened",),
    "candidates: shortlist": ("places.selectors:shortlist",),
    "candidates: beyond": ("places.selectors:count_beyond",),
    "candidates: facts query": ("places.selectors:fetch_facts",),
    "candidates: rows": ("places.selectors:make_candidates",),
    "engine: rest": ("engine.recommending:Engine.recommend",),
    "engine: prepare": ("engine.recommending:prepare",),
    "engine: draft": ("engine.cards.choosing:draft",),
    "engine: solve": ("trips.api.viewsets:recommendations().engine.planner",),
    "engine: stretch": ("engine.cards.choosing:stretch",),
    "engine: cards": ("engine.recommending:to_cards",),
    "engine: check": ("engine.recommending:verify_cards",),
    "engine: why fewer": ("engine.recommending:explain_fewer",),
    "present": (
        "trips.services.presenting:Presenter.cards",
        "trips.services.presenting:Presenter.rows",
    ),
    "explain": ("trips.services.presenting:explain_card",),
    "cache keep": ("trips.services.caching:AnswerCache.keep",),
    "store": ("trips.services.storing:Suggestions.store",),
    "recommend: rest": ("trips.services.recommending:Recommendations.recommend",),
    "view": ("trips.api.viewsets:Recommend.ask",),
    "serialise": ("common.rendering:JSONRenderer.render",),
}
REST: Final = "HTTP, middleware, DRF"


class Clock:
    """Adds up the time spent in each stage, less what its inner stages took."""

    def __init__(self) -> None:
        self.wall: dict[str, list[float]] = defaultdict(list)
        self.processor: dict[str, list[float]] = defaultdict(list)
        self._stack: list[list[float]] = []
        self._current: dict[str, list[float]] = {}

    @contextmanager
    def request(self) -> Iterator[None]:
        """Count what runs inside the block as one request."""
        self._current = {}
        with self.stage(REST):
            yield
        for name in (REST, *STAGES):
            wall, processor = self._current.get(name, (0.0, 0.0))
            self.wall[name].append(wall)
            self.processor[name].append(processor)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        inner = [0.0, 0.0]
        self._stack.append(inner)
        wall, processor = time.perf_counter(), time.thread_time()
        try:
            yield
        finally:
            took = (time.perf_counter() - wall, time.thread_time() - processor)
            self._stack.pop()
            own = self._current.setdefault(name, [0.0, 0.0])
            for k in (0, 1):
                own[k] += took[k] - inner[k]
                if self._stack:
                    self._stack[-1][k] += took[k]

    def table(self) -> list[dict[str, Any]]:
        """Return mean and p95 of each stage in milliseconds, the dearest first."""
        rows = [
            {
                "stage": name,
                "mean_ms": round(float(np.mean(walls)) * 1000, 3),
                "p95_ms": round(float(np.percentile(walls, 95)) * 1000, 3),
                "mean_cpu_ms": round(float(np.mean(self.processor[name])) * 1000, 3),
            }
            for name, walls in self.wall.items()
        ]
        return sorted(rows, key=lambda row: -float(row["mean_ms"]))


def time_stages(questions: Sequence[Asked], accounts: Iterator[Account]) -> dict[str, Any]:
    """Answer every question in this process and return the table of its stages."""
    from config.wsgi import application

    _silence()
    asked = list(zip(questions, accounts, strict=False))
    warming, timed = asked[: len(asked) // 5], asked[len(asked) // 5 :]
    for question, account in warming:
        _answer(application, question, account)
    clock = Clock()
    with _timers(clock):
        wholes, with_cards = [], 0
        for question, account in timed:
            began_s = time.perf_counter()
            with clock.request():
                body = _answer(application, question, account)
            wholes.append(time.perf_counter() - began_s)
            with_cards += bool(body["cards"])
    selector, first = time_candidates([question for question, _ in timed])
    return {
        "requests": len(timed),
        "with_cards": with_cards,
        "whole_mean_ms": round(float(np.mean(wholes)) * 1000, 3),
        "whole_p50_ms": round(float(np.median(wholes)) * 1000, 3),
        "whole_p95_ms": round(float(np.percentile(wholes, 95)) * 1000, 3),
        "cpu_mean_ms": round(sum(float(np.mean(v)) for v in clock.processor.values()) * 1000, 3),
        "bare_first_query_mean_ms": round(float(np.mean(first)) * 1000, 3),
        "bare_candidates_mean_ms": round(float(np.mean(selector)) * 1000, 3),
        "table": clock.table(),
    }


def time_candidates(questions: Sequence[Asked]) -> tuple[list[float], list[float]]:
    """Return the seconds of the whole selector, and of its first query with nothing done to its rows."""
    from places import selectors
    from places.candidate_rows import near_query
    from places.types import CandidateQuery
    from trips.api.serializers import RecommendationQuestion, to_question
    from trips.services.understanding import Understandings
    from trips.types import Profile

    understandings, whole, first = Understandings(), [], []
    for asked in questions:
        reader = RecommendationQuestion(data=asked.parameters)
        reader.is_valid(raise_exception=True)
        understood = understandings.understand(
            question=to_question(dict(reader.validated_data)),
            profile=Profile(),
            cities=selectors.list_cities(),
            now=datetime.now(UTC),
            locale="ko",
        )
        query = CandidateQuery(city=understood.city, constraints=understood.constraints)
        began_s = time.perf_counter()
        selectors.list_candidates(query=query)
        whole.append(time.perf_counter() - began_s)
        sql, parameters = near_query(constraints=query.constraints)
        began_s = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            cursor.fetchall()
        first.append(time.perf_counter() - began_s)
    return whole, first


def _silence() -> None:
    """Have the access lines written, as in production, to where nobody reads them."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(Path(os.devnull).open("w"))  # noqa: SIM115 - as long as the process


@contextmanager
def _timers(clock: Clock) -> Iterator[None]:
    """Put timers around the functions of `STAGES` inside the block."""
    put: list[tuple[Any, str, Any]] = []
    try:
        for stage, paths in STAGES.items():
            for path in paths:
                owner, name, function = find_stage(path)
                put.append((owner, name, function))
                _set(owner, name, _timed(clock, stage, function))
        yield
    finally:
        for owner, name, function in reversed(put):
            _set(owner, name, function)


def _set(owner: Any, name: str, value: Any) -> None:
    if isinstance(owner, type | ModuleType):
        setattr(owner, name, value)
    else:
        object.__setattr__(owner, name, value)  # a frozen service


def find_stage(path: str) -> tuple[Any, str, Callable[..., Any]]:
    """Return where a function of `STAGES` stands, its name there, and the function."""
    module, _, dotted = path.partition(":")
    owner: Any = importlib.import_module(module)
    *outer, name = dotted.split(".")
    for part in outer:
        owner = getattr(owner, part.removesuffix("()"))
        owner = owner() if part.endswith("()") else owner
    return owner, name, getattr(owner, name)


def _timed(clock: Clock, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def timed(*args: Any, **kwargs: Any) -> Any:
        with clock.stage(stage):
            return function(*args, **kwargs)

    return timed


def _answer(application: Any, question: Asked, account: Account) -> dict[str, Any]:
    """Ask through the WSGI application, as the server does."""
    query = urlencode(question.parameters)
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": PATH,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_AUTHORIZATION": f"Bearer {account.token}",
        "HTTP_ACCEPT_LANGUAGE": question.language,
        "HTTP_ACCEPT": "application/json",
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_FORWARDED_FOR": "203.0.113.7",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.url_scheme": "http",
    }
    statuses: list[str] = []

    def start_response(status: str, *_: Any) -> Callable[[bytes], None]:
        statuses.append(status)
        return lambda _: None

    response = application(environ, start_response)
    text = b"".join(response)
    response.close()
    if not statuses[0].startswith("200"):
        raise RuntimeError(f"{statuses[0]}: {text[:300].decode()}")
    body: dict[str, Any] = json.loads(text)
    return body
