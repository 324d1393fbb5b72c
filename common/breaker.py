"""A circuit breaker: what fails again and again is left alone for a while, then tried once."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class CircuitBreaker:
    """
    Admits calls while they succeed; after `failures_high` failures in a row, none for `pause_s`.

    Then one call is admitted as a trial; the others wait for what comes of it, or for another pause.
    Threads share it, and it holds no lock while a call runs.
    """

    failures_high: int = 3
    pause_s: float = 10.0
    monotonic_s: Callable[[], float] = time.monotonic
    _failures: int = field(default=0, init=False)
    _asks_again_at_s: float = field(default=0.0, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def __post_init__(self) -> None:
        if self.failures_high < 1:
            raise ValueError(f"failures_high must be at least 1, not {self.failures_high}")
        if not self.pause_s > 0:
            raise ValueError(f"pause_s must be above 0, not {self.pause_s}")

    @property
    def is_open(self) -> bool:
        """Return whether calls are refused, the trial aside."""
        return self._failures >= self.failures_high

    def admit(self) -> bool:
        """Return whether to call now. Whoever is admitted reports how it went."""
        with self._lock:
            if not self.is_open:
                return True
            now = self.monotonic_s()
            if now < self._asks_again_at_s:
                return False
            self._asks_again_at_s = now + self.pause_s
            return True

    def report(self, *, succeeded: bool) -> None:
        """Take in how an admitted call went."""
        with self._lock:
            if succeeded:
                self._failures = 0
                return
            self._failures += 1
            if self.is_open:
                self._asks_again_at_s = self.monotonic_s() + self.pause_s
