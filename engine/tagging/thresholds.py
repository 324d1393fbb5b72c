"""What becomes of a guess: taken, shown to an operator, or dropped. The data file says why there."""

from __future__ import annotations

from typing import Final

from engine.catalogue import read_data
from engine.tagging.calibrating import DATA

ACCEPT_AT: Final[float] = read_data(DATA)["accept_at"]
REJECT_BELOW: Final[float] = read_data(DATA)["reject_below"]
