"""
`make audit`: known holes of the packages that run, as locked.

An audit asks an index of advisories. Where none answers nothing was learned, which is said and is no
failure: a gate that needs the network would say nothing about the code.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from scripts.layout import ROOT

SERVICES = ("pypi", "osv")


def main() -> int:
    for service in SERVICES:
        asked = subprocess.run(
            [
                *(sys.executable, "-m", "pip_audit", "--strict", "--require-hashes"),
                *("--disable-pip", "--progress-spinner", "off", "--timeout", "15"),
                *("--vulnerability-service", service, "--format", "json"),
                *("--requirement", str(ROOT / "requirements.txt")),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        report = read_report(asked.stdout)
        if report is not None:
            holes = list(list_holes(report))
            print("\n".join(holes) or f"{len(report)} packages have no known hole.")
            return 1 if holes else 0
    print("No index of advisories answers here: the audit is passed over.")
    return 0


def read_report(output: str) -> list[dict[str, Any]] | None:
    """Return what was found of each package, or None where the index was not had."""
    try:
        dependencies: list[dict[str, Any]] = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return None
    return dependencies


def list_holes(report: list[dict[str, Any]]) -> Iterator[str]:
    for package in report:
        for hole in package.get("vulns", ()):
            mended = ", ".join(hole["fix_versions"]) or "no version yet"
            yield f"{package['name']} {package['version']}: {hole['id']}, mended in {mended}"


if __name__ == "__main__":
    sys.exit(main())
