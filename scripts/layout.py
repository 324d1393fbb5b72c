"""Where this checkout keeps what it makes."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCAL = ROOT / ".local"
# Machine code of the planner, a folder for each state of its sources.
KERNELS = ROOT / "engine" / "planner" / "__pycache__"
LOGS = LOCAL / "log"
RUN = LOCAL / "run"

# Read by config/settings/environment.py, so that manage.py needs no variable.
ENVIRONMENT = LOCAL / "env"
