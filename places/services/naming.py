"""Names in both languages, and the chain that a name says a place belongs to."""

from __future__ import annotations

import re
import string
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
BRANCH_SIGN: Final = re.compile(r"^(.{2,20}?)\s+\S{1,12}점$")
BRANCH_WORD: Final = re.compile(r"[가-힣]{2,}점")
PLACE_WORD: Final = re.compile(r"[가-힣]{2,3}")
BRANCHES_LOW: Final = 3
OWN_NAME_LENGTH: Final = 3
SHORT_LENGTH: Final = 4
COMPANY: Final = re.compile(r"㈜|\(주\)|주식회사|재단법인|^서울특별시교육청\s*(?=\S)")
START_LENGTH: Final = 2
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
def _latin_spellings() -> Mapping[str, str]:
    """Return chain → how it spells itself in Latin letters, where it does."""
    groups = tomllib.loads((DATA / "chains.toml").read_text("utf-8"))
    return {
        chain: string.capwords(latin)
        for group in groups.values()
        for chain, spellings in group.items()
        if (latin := next((said for said in spellings if not HANGUL.search(said)), ""))
    }


@dataclass(frozen=True, slots=True)
class English:
    """How the parts of Korean place names are said in English."""

    words: Mapping[str, str]
    endings: Sequence[tuple[str, str]]  # longest first
    after: Mapping[str, Sequence[tuple[str, str]]]  # category → ending kept, and what it is called


@cache
def _english() -> English:
    data = tomllib.loads((DATA / "english_words.toml").read_text("utf-8"))
    endings = sorted(data["endings"].items(), key=lambda row: -len(row[0]))
    after = {category: list(rows.items()) for category, rows in data["after"].items()}
    return English(words=data["words"], endings=endings, after=after)


def branched_names(names: Sequence[str]) -> frozenset[str]:
    """Return the names (as compared) that stand before a branch on BRANCHES_LOW signs or more."""
    stems = Counter(
        name_key(found[1]) for name in names if (found := BRANCH_SIGN.match(name.strip()))
    )
    return frozenset(stem for stem, count in stems.items() if count >= BRANCHES_LOW)


def find_chain(names: Sequence[str], *, branched: frozenset[str] = frozenset()) -> str:
    """Return the chain that one of the names is a sign of; "" for none."""
    return next((chain for name in names if (chain := _chain_of(name, branched))), "")


def _chain_of(name: str, branched: frozenset[str]) -> str:
    bare = ASIDE.sub("", name).strip()
    words = bare.split()
    # Whole words from the left: "스타벅스 종로점", "던킨 도너츠", "BBQ 홍대점".
    for count in range(len(words), 0, -1):
        key = name_key(" ".join(words[:count]))
        chain = _chains().get(key)
        if chain and all(_is_branch(word, key) for word in words[count:]):
            return chain
    found = BRANCH_SIGN.match(bare)
    stem = found[1].strip() if found else ""
    return _joined(name_key(bare)) or (stem if name_key(stem) in branched else "")


def _is_branch(word: str, key: str) -> bool:
    """Tell whether the word may be a branch: "종로점", and "삼청" after a name that is no word."""
    if BRANCH.fullmatch(word.casefold()):
        return True
    return len(key) >= OWN_NAME_LENGTH and bool(PLACE_WORD.fullmatch(word))


def _joined(key: str) -> str:
    """Find a chain at the start of a name written without spaces: "스타벅스종로점"."""
    for spelling, chain in _chains().items():
        rest = key[len(spelling) :]
        if len(spelling) >= OWN_NAME_LENGTH and rest.endswith("점") and key.startswith(spelling):
            return chain
    return ""


def english_name(korean: str, *, category: str = "") -> str:
    """Return the name in Latin letters: words that we know in English, the others romanised."""
    bare = ASIDE.sub("", korean).strip() or korean
    said = " ".join(_english_word(word) for word in bare.split())
    for ending, kind in _english().after.get(category, ()):
        # One syllable ends many words (서울역사): only a short name is surely "○○ Temple".
        is_sure = len(ending) > 1 or (len(bare) <= SHORT_LENGTH and " " not in bare)
        if is_sure and bare.endswith(ending) and not said.endswith(kind):
            said = f"{said} {kind}"
            break
    return said[:NAME_LENGTH]


def _english_word(word: str) -> str:
    """Return one word of a name: a known word at its end and at its start, the rest romanised."""
    english = _english()
    if word in english.words:
        return english.words[word]
    if BRANCH_WORD.fullmatch(word):
        return romanise(word.removesuffix("점"))
    for ending, said in english.endings:
        if word == ending:
            return said
        if word.endswith(ending):
            return f"{_english_word(word.removesuffix(ending))} {said}"
    for start, said in english.words.items():
        if len(start) >= START_LENGTH and word.startswith(start):
            return f"{said} {_english_word(word.removeprefix(start))}"
    return romanise(word)


def _chain_name(korean: str, chain: str) -> str:
    """Return a branch with the chain's own Latin spelling: "Starbucks Samcheong"."""
    latin = _latin_spellings().get(chain, "")
    if not latin:
        return ""
    *_, last = ASIDE.sub("", korean).split() or [""]
    branch = romanise(last.removesuffix("점")) if BRANCH_WORD.fullmatch(last) else ""
    return f"{latin} {branch}".strip() if name_key(last) not in _chains() else latin


def name_in_both(cluster: Sequence[Draft], *, category: str, chain: str) -> tuple[str, str, bool]:
    """
    Return the Korean and the English name, and whether the English one was spelled by us.

    The drafts stand in order of trust in their names. A name without Hangul is both.
    """
    korean = next((draft.name for draft in cluster if HANGUL.search(draft.name)), cluster[0].name)
    korean = COMPANY.sub("", korean).strip() or korean
    said = next((draft.name_en for draft in cluster if LATIN.search(draft.name_en)), "")
    if not said:
        said = next((draft.name for draft in cluster if not HANGUL.search(draft.name)), "")
    if said and not HANGUL.search(said):
        return korean[:NAME_LENGTH], said[:NAME_LENGTH], False
    spelled = _chain_name(korean, chain) or english_name(korean, category=category)
    return korean[:NAME_LENGTH], spelled, True
