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
