"""
The coverage gate: lines and branches of services and engine, each on its own.

Coverage's own percentage mixes the two, so many covered lines would hide untried branches.
"""

import argparse
import json
import subprocess
import sys

from scripts.layout import LOCAL

GUARDED = "*/services/*,engine/*"
REPORT = LOCAL / "coverage.json"


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts.coverage_gate")
    parser.add_argument("--at-least", type=float, required=True, help="per cent; 0 only reports")
    wanted = parser.parse_args(words).at_least

    coverage = [sys.executable, "-m", "coverage"]
    only = f"--include={GUARDED}"
    subprocess.run([*coverage, "report", only, "--skip-covered", "--show-missing"], check=False)
    subprocess.run([*coverage, "json", "-q", only, "-o", str(REPORT)], check=True)
    totals = json.loads(REPORT.read_text())["totals"]
    shares = {
        "lines": _percent(totals["covered_lines"], totals["num_statements"]),
        "branches": _percent(totals["covered_branches"], totals["num_branches"]),
    }
    for name, share in shares.items():
        print(f"coverage of services and engine, {name}: {share:.1f} %")
    low = [name for name, share in shares.items() if share < wanted]
    if low:
        print(
            f"dongne: {' and '.join(low)} are below {wanted:g} %: test what is listed above.",
            file=sys.stderr,
        )
    return 1 if low else 0


def _percent(covered: int, of: int) -> float:
    return 100 * covered / of if of else 100.0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
