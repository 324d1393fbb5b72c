"""Names in both languages, and the chain that a name says a place belongs to."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from engine.text.romanising import romanise
from places.adapters.cleaning import HANGUL, LATIN
from places.services.merging import ASIDE, name_key
from places.types import Draft

DATA: Final = Path(__file__).resolve().parent.parent / "data"
# What may follow the name of a chain on its sign.
BRANCH: Final = re.compile(
    r"(?:[\w가-힣]{0,14}(?:점|지점|역|dt|r|drive\s*thru|branch|store)|커피|치킨|피자|본점|직영점|\d+)?$"
)
NAME_LENGTH: Final = 160


@cache
def _chains() -> Mapping[str, str]:
    """Return spelling key → chain."""
    groups = tomllib.loads((DATA / "chains.toml").read_text("utf-8"))
    return {
        name_key(spelling): chain
        for group in groups.values()
        for chain, spellings in group.items()
        for spelling in spellings
    }


@cache
def _endings() -> Sequence[tuple[str, str]]:
    rows = tomllib.loads((DATA / "english_endings.toml").read_text("utf-8"))["endings"]
    return sorted(((ko, en) for ko, en in rows), key=lambda row: -len(row[0]))


def find_chain(names: Sequence[str]) -> str:
    """Return the chain that one of the names is a sign of; "" for none."""
    return next((chain for name in names if (chain := _chain_of(name))), "")


def _chain_of(name: str) -> str:
    bare = ASIDE.sub("", name).strip()
    words = bare.split()
    # Whole words from the left: "스타벅스 종로점", "던킨 도너츠", "BBQ 홍대점".
    for count in range(len(words), 0, -1):
        chain = _chains().get(name_key(" ".join(words[:count])))
        if chain and all(BRANCH.fullmatch(word.casefold()) for word in words[count:]):
            return chain
    return _joined(name_key(bare))


def _joined(key: str) -> str:
    """Find a chain at the start of a name written without spaces: "스타벅스종로점"."""
    for spelling, chain in _chains().items():
        rest = key[len(spelling) :]
        if len(spelling) >= 3 and rest.endswith("점") and key.startswith(spelling):
            return chain
    return ""


def english_name(korean: str) -> str:
    """Return the name in Latin letters: romanised, its last word in English where we know it."""
    bare = ASIDE.sub("", korean).strip() or korean
    for ending, english in _endings():
        stem = bare.removesuffix(ending).strip()
        if stem and stem != bare:
            return f"{romanise(stem)} {english}"[:NAME_LENGTH]
    return romanise(bare)[:NAME_LENGTH]


def name_in_both(cluster: Sequence[Draft]) -> tuple[str, str, bool]:
    """
    Return the Korean and the English name, and whether the English one was spelled by us.

    The drafts stand in order of trust in their names. A name without Hangul is both.
    """
    korean = next((draft.name for draft in cluster if HANGUL.search(draft.name)), cluster[0].name)
    said = next((draft.name_en for draft in cluster if LATIN.search(draft.name_en)), "")
    if not said:
        said = next((draft.name for draft in cluster if not HANGUL.search(draft.name)), "")
    if said and not HANGUL.search(said):
        return korean[:NAME_LENGTH], said[:NAME_LENGTH], False
    return korean[:NAME_LENGTH], english_name(korean), True
