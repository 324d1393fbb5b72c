"""Asks a street router in parallel, within one deadline, and leaves it alone while it is away."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from functools import cache
from typing import Final, Generic, TypeVar

import structlog

from common.breaker import CircuitBreaker
from engine.types import Mode
from trips.adapters.router import QuestionRefused, Router, RouterFailed

logger = structlog.get_logger(__name__)

Answer = TypeVar("Answer")
_THREADS: Final = 8


@cache
def _threads() -> Executor:
    return ThreadPoolExecutor(max_workers=_THREADS, thread_name_prefix="router")


@dataclass(frozen=True)
class Streets:
    """A router with the modes it knows, and what keeps it from holding an answer up."""

    router: Router
    modes: frozenset[Mode]
    timeout_s: float
    breaker: CircuitBreaker = field(default_factory=CircuitBreaker)
    executor: Executor = field(default_factory=_threads)

    def ask(
        self, works: Sequence[Callable[[Callable[[], float]], Answer]], /
    ) -> list[Answer | None]:
        """
        Run every work in parallel and return its answers in order, None where there is none.

        A work is given a function that returns the seconds left of `timeout_s`, which is for all
        of them together.
        """
        if not works or not self.breaker.admit():
            return [None] * len(works)
        ends_s = time.monotonic() + self.timeout_s
        running = [self.executor.submit(work, lambda: ends_s - time.monotonic()) for work in works]
        wait(running, timeout=self.timeout_s)
        answers: list[Answer | None] = []
        faults: list[str] = []
        for future in running:
            outcome = _collect(future)
            answers.append(outcome.answer)
            faults += [outcome.fault] if outcome.fault else []
        if faults:
            logger.warning("router_away", router=self.router.name, reason=faults[0])
        self.breaker.report(succeeded=not faults)
        return answers


@dataclass(frozen=True, slots=True)
class _Outcome(Generic[Answer]):
    """An answer, or none; `fault` is what is wrong with the router, not with the question."""

    answer: Answer | None = None
    fault: str | None = None


def _collect(future: Future[Answer], /) -> _Outcome[Answer]:
    if not future.done():
        future.cancel()
        return _Outcome(fault="timeout")
    try:
        return _Outcome(answer=future.result())
    except QuestionRefused as error:
        logger.info("router_refuses", reason=error.reason)
        return _Outcome()
    except RouterFailed as error:
        return _Outcome(fault=error.reason)
