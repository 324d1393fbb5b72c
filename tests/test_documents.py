"""Documents that name tests name tests that there are."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def named_tests(document: str) -> list[tuple[str, str]]:
    return NAMED.findall((ROOT / "docs" / document).read_text(encoding="utf-8"))


def functions_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("document", ["promises.md", "security.md"])
def test_every_test_that_a_document_names_is_there(document: str) -> None:
    named = named_tests(document)

    missing = [
        f"{file}::{test}"
        for file, test in named
        if not (ROOT / file).is_file() or (test and test not in functions_of(ROOT / file))
    ]

    assert named
    assert missing == []
