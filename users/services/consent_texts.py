"""What people agree to, in every version there was, as the data file has it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from common.languages import Bilingual
from users.statements import ConsentKind

VERSION_LENGTH: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentText:
    """One version of what is agreed to."""

    kind: ConsentKind
    version: str
    text: Bilingual


def read_texts(data: Mapping[str, Any], /) -> Mapping[ConsentKind, Sequence[ConsentText]]:
    """
    Return the versions of each kind, the one in force last.

    Raises:
        ValueError: a kind, a version or a language is missing, or a version stands there twice.
    """
    if set(data) != set(ConsentKind.values):
        raise ValueError(f"texts for {sorted(data)}, not for {sorted(ConsentKind.values)}")
    return {kind: _read_versions(kind, data[kind.value]) for kind in ConsentKind}


def _read_versions(kind: ConsentKind, rows: Sequence[Mapping[str, Any]]) -> list[ConsentText]:
    texts = [
        ConsentText(
            kind=kind,
            version=row.get("version", ""),
            text=Bilingual(ko=row.get("ko", "").strip(), en=row.get("en", "").strip()),
        )
        for row in rows
    ]
    versions = [text.version for text in texts]
    if not texts or len(set(versions)) != len(versions):
        raise ValueError(f"{kind}: versions {versions}")
    for text in texts:
        if not (text.text.ko and text.text.en and 0 < len(text.version) <= VERSION_LENGTH):
            raise ValueError(f"{kind} {text.version!r} lacks a language or a version")
    return texts


@lru_cache(maxsize=1)
def all_texts() -> Mapping[ConsentKind, Sequence[ConsentText]]:
    """Return the shipped texts, those in force last."""
    text = resources.files("users").joinpath("data", "consents.toml").read_text("utf-8")
    return read_texts(tomllib.loads(text))


def list_current_texts() -> Sequence[ConsentText]:
    """Return what is agreed to today, one text of each kind."""
    return [versions[-1] for versions in all_texts().values()]
