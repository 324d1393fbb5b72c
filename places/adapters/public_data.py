"""What Korean public data sets have in common."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace

from places.types import Refusal, Row, SourceTerms


def korean_public_data(slug: str, name: str, *, publisher: str = "공공데이터포털") -> SourceTerms:
    """Return the terms of a set that may be passed on with its publisher named."""
    return SourceTerms(
        slug=slug,
        name=name,
        kind="public_data",
        licence="Korean public data, free use with attribution",
        attribution=f"{publisher}, {name}",
        terms="https://www.data.go.kr/ugs/selectPortalPolicyView.do",
        may_ship=True,
    )


def stable_ref(*parts: str) -> str:
    """Return a reference for a row that has no identifier: the same for the same name and address."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:20]


def with_refs(rows: Iterable[Row | Refusal], *, column: str) -> Iterator[Row | Refusal]:
    """Yield the rows, each under what its source calls it in `column`."""
    for row in rows:
        if isinstance(row, Row):
            yield replace(row, ref=str(row.values.get(column) or "").strip())
        else:
            yield row
