"""Sentences read by one parser with the shipped gazetteer."""

from functools import cache
from typing import Any

from benchmarks.query import label_of, load_gazetteer
from engine.query.parsing import QueryParser
from engine.query.types import Interpretation, Span, Understood


@cache
def parser() -> QueryParser:
    return QueryParser(gazetteer=load_gazetteer())


def read(sentence: str) -> Interpretation:
    return parser().parse(sentence=sentence)


def said(sentence: str) -> dict[str, Any]:
    """Return the labelled fields that `sentence` says anything of."""
    return {k: v for k, v in label_of(read(sentence)).items() if v not in (None, [])}


def spans_of(interpretation: Interpretation) -> list[Span]:
    fields = [getattr(interpretation, name) for name in interpretation.__slots__]
    understood = [
        one
        for value in fields
        for one in (value if isinstance(value, tuple) else (value,))
        if isinstance(one, Understood)
    ]
    return [span for one in understood for span in one.spans] + list(interpretation.ignored)
