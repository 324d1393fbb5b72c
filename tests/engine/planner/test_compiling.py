"""The machine code of the kernels is kept where the user says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.compiled

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = "from engine.planner.options import latest_begin; print(latest_begin(6.0, 2.0))"


def test_keeps_machine_code_in_the_folder_of_the_environment(tmp_path: Path) -> None:
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)}

    answer = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert answer.stdout == "4.0\n"
    assert list(tmp_path.glob("kernels-*/*/options.latest_begin*.nbc"))


WARMED = """
import sys
from numba.core.dispatcher import Dispatcher
from engine.planner.solving import warm
from tests.builders.engine import make_neighbourhood
from tests.engine.recommended import recommend

def compiled():
    return {
        f"{module}.{name}": len(value.signatures)
        for module in list(sys.modules)
        if module.startswith("engine.planner")
        for name, value in vars(sys.modules[module]).items()
        if isinstance(value, Dispatcher)
    }

warm()
before = compiled()
recommend(make_neighbourhood())
recommend(make_neighbourhood() * 15, time_budget_min=480.0, budget=50_000)
print(len(before) > 20, sorted(name for name, count in compiled().items() if before[name] != count))
"""


def test_a_warmed_process_compiles_nothing_for_its_first_request() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", WARMED], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert answer.stdout == "True []\n"
