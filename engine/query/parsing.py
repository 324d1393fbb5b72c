"""Sentence in, interpretation out."""

from __future__ import annotations

from engine.query.types import Interpretation


class QueryParser:
    """Understands one Korean or English sentence at a time; built once for each process."""

    def parse(self, *, sentence: str) -> Interpretation:  # noqa: ARG002 - the interface first
        """Return what `sentence` asks for. Never raises."""
        return Interpretation()
