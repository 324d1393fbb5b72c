"""Names a place in both languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from places.adapters.cleaning import HANGUL, LATIN
from places.services import chains
from places.services.merging import ASIDE
from places.services.screening import names_nothing
from places.services.spelling import BRANCH_WORD, branch_name, english_name
from places.types import Draft

COMPANY: Final = re.compile(r"㈜|\(주\)|\(재\)|주식회사|재단법인|^서울특별시교육청\s*(?=\S)")
# "갤러리자유(Gallery Jayu)": the house gives its own spelling.
LATIN_ASIDE: Final = re.compile(r"[(（]([^()（）가-힣]*[A-Za-z]{3}[^()（）가-힣]*)[)）]\s*$")
NAME_LENGTH: Final = 160


def name_in_both(cluster: Sequence[Draft], *, category: str, chain: str) -> tuple[str, str, bool]:
    """
    Return the Korean and the English name, and whether the English one was spelled by us.

    The drafts stand in order of trust in their names. A name without Hangul is both, but for a
    branch of a chain whose Korean name we know.
    """
    korean = next((draft.name for draft in cluster if HANGUL.search(draft.name)), cluster[0].name)
    korean = COMPANY.sub("", korean).strip() or korean
    said = _said(cluster)
    is_chain_only = chains.is_bare(said or korean, chain=chain)
    if is_chain_only and not HANGUL.search(korean) and HANGUL.search(chain):
        korean = chain
    if is_chain_only and (latin := chains.latin_name(chain)):
        return korean[:NAME_LENGTH], latin, not said
    if said:
        return korean[:NAME_LENGTH], said[:NAME_LENGTH], False
    aside = LATIN_ASIDE.search(korean)
    if aside:
        return korean[:NAME_LENGTH], aside[1].strip()[:NAME_LENGTH], False
    spelled = _chain_name(korean, chain) or english_name(korean, category=category)
    return korean[:NAME_LENGTH], spelled[:NAME_LENGTH], True


def _said(cluster: Sequence[Draft]) -> str:
    """Return the English name that a source gives; one that only says "Korean restaurant" is none."""
    names = [draft.name_en for draft in cluster if LATIN.search(draft.name_en)]
    names += [draft.name for draft in cluster]
    good = (name for name in names if not HANGUL.search(name) and not names_nothing(name))
    return next(good, "")


def _chain_name(korean: str, chain: str) -> str:
    """Return a branch with the chain's own Latin spelling: "Starbucks Samcheong"."""
    latin = chains.latin_name(chain)
    if not latin:
        return ""
    *_, last = ASIDE.sub("", korean).split() or [""]
    branch = branch_name(last) if BRANCH_WORD.fullmatch(last) else ""
    return f"{latin} {branch}".strip() if not chains.is_bare(last, chain=chain) else latin
