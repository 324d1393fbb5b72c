"""The names and words that sentences are read with, built once for each version of the data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from engine.query.gazetteer import Gazetteer
from engine.query.parsing import QueryParser
from places import selectors


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A gazetteer, and the parser that knows it."""

    gazetteer: Gazetteer
    parser: QueryParser


# Two versions: the one that a load replaces may still be answering.
@lru_cache(maxsize=2)
def vocabulary_of(data_versions: tuple[str, ...], /) -> Vocabulary:
    """Return the vocabulary of the loaded cities; their data versions tell when to read it anew."""
    del data_versions
    gazetteer = Gazetteer(selectors.list_areas())
    return Vocabulary(gazetteer=gazetteer, parser=QueryParser(gazetteer=gazetteer))
