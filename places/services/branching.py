"""Tells whether two shops at one address are one: a chain's sign with its branch or without, a kind before or behind."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from places.adapters.cleaning import MEMORY, road_address
from places.services.chains import split_sign
from places.services.locating import metres
from places.services.merging import ASIDE, FOOD, SAME_ADDRESS_REACH_M, name_key
from places.types import Draft

STEM_LENGTH: Final = 2
# Says what a shop is and not which: "카페 레이어드", "테라로사커피".
KIND: Final = re.compile(r"^(?:카페|까페|cafe)(?=.{2})|(?<=.{2})(?:커피|카페|까페|coffee|cafe)$")
BRANCH_WORD: Final = re.compile(r"\S{1,12}점")


def shops_at_one_address(drafts: Sequence[Draft]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of different sources that are one shop, as their signs and address say."""
    doors: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, draft in enumerate(drafts):
        if draft.category in (*FOOD, "theatre") and (road := road_address(draft.address)):
            doors[draft.district, road].append(at)
    for members in doors.values():
        if len(members) > 1:
            yield from _pairs(drafts, members)


def _pairs(drafts: Sequence[Draft], members: Sequence[int]) -> Iterator[tuple[int, int]]:
    signs: dict[str, list[int]] = defaultdict(list)
    for at in members:
        stem, branch = sign(drafts[at].name)
        for key in {stem, stem + branch}:
            signs[key].append(at)
    seen = set()
    for alike in signs.values():
        for n, i in enumerate(alike):
            for j in alike[n + 1 :]:
                if (i, j) not in seen and is_one_shop(drafts[i], drafts[j]):
                    seen.add((i, j))
                    yield i, j


def is_one_shop(a: Draft, b: Draft) -> bool:
    """Tell whether two records of one address are of one shop; two branches of a chain are two."""
    if a.source == b.source or (a.category in FOOD) != (b.category in FOOD):
        return False
    if metres(a, b) > SAME_ADDRESS_REACH_M:
        return False
    (stem, branch), (other, other_branch) = sign(a.name), sign(b.name)
    if stem == other:
        return branch == other_branch or not (branch and other_branch)
    return stem + branch == other + other_branch


@lru_cache(maxsize=MEMORY)
def sign(name: str) -> tuple[str, str]:
    """Return the shop's name and its branch, as compared: "스타벅스커피 홍대점" → 스타벅스, 홍대."""
    bare = ASIDE.sub("", name).strip()
    chain, rest = split_sign(bare)
    if not chain:
        *before, last = bare.split() or [""]
        has_branch = bool(before) and BRANCH_WORD.fullmatch(last) is not None
        chain, rest = (" ".join(before), last) if has_branch else (bare, "")
    stem = _without_kind(name_key(chain))
    branch = _without_kind(name_key(rest).removesuffix("점").removesuffix("지"))
    return (stem, branch) if len(stem) >= STEM_LENGTH else (name_key(bare), "")


def _without_kind(key: str) -> str:
    return key if KIND.fullmatch(key) else KIND.sub("", key)
