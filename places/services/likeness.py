"""
Tells whether two sights with names that differ a little are one.

An owner in front, a kind behind, a word in the middle: sources name the same house so. What tells
two houses apart is kept apart: a word that names another kind of house (어린이, 자연사), or one
publisher who lists both names himself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from places.adapters.cleaning import MEMORY, road_address
from places.services.locating import metres
from places.services.merging import ASIDE, FOOD, bare_key, name_key, reach
from places.types import Draft

# Categories that two sources may file one place under.
KIN: Final = (
    {"museum", "gallery", "heritage", "activity"}, {"park", "heritage"}, {"park", "viewpoint"},
    {"theatre"}, {"library"}, {"market"},
)  # fmt: skip
OWNER: Final = re.compile(r"(?:[가-힣]{1,3}구립|구립|시립|서울시립|서울)")
OWNED_LENGTH: Final = 5  # what an owner stands before, in syllables: "미술관" alone is no name
OWNED_REACH_M: Final = 500.0
# What says the kind of a house, and so is no name by itself.
KIND: Final = re.compile(
    r"(?:국립|시립|구립|중앙|자연사|역사|민속|현대|어린이|대학교|대|박물관|미술관|뮤지엄|갤러리|기념관|도서관|공원|시장|극장|전시관|터)+"
)
KIND_BEHIND: Final = re.compile(
    r"(?:미술관|박물관|갤러리|뮤지엄|기념관|[가-힣]{0,3}본관|근린공원|도시자연공원)"
)
TRACE_BEHIND: Final = re.compile(r"(?:터|지|유적)")
TRACE_REACH_M: Final = 150.0
# A word in the middle that makes it another house.
OTHER_HOUSE: Final = re.compile(
    r"어린이|청소년|자연사|역사|디자인|자수|음악|영어|숲속|신관|별관|분관|캠퍼스[2-9]|제?[2-9]|생태|한옥|푸른솔|극장|아트홀"
)
MARKET_KIND: Final = re.compile(r"(?:종합|전통|재래|골목|전통종합)")
MARKET_REACH_M: Final = 250.0
NEXT_DOOR_REACH_M: Final = 300.0
SAME_SPOT_M: Final = 20.0
INSERTED_REACH_M: Final = 100.0
INSERTED_SHARE_LOW: Final = 0.55  # of the longer name that both have
PART_LENGTH: Final = 2
SUFFIX_LENGTH: Final = 4
ANY_END: Final = ""  # of a name too short to tell by its ends
# Two tombs or shrines of one kind are named by both first syllables: 선릉과 정릉, 선정릉.
TWO_OF_A_KIND: Final = re.compile(r"([가-힣]+)(릉|묘|단)[과와]\s*([가-힣]+)\2")
AND: Final = re.compile(r"(?<=[가-힣])[과와]\s+|\s+및\s+|\s*·\s*")
SHORT_FORMS: Final = (
    ("여자대학교", "여대"), ("대학교", "대"), ("여자고등학교", "여고"), ("고등학교", "고"),
    ("초등학교", "초"), ("더블유", "w"), ("케이", "k"), ("디디피", "ddp"),
)  # fmt: skip


@lru_cache(maxsize=MEMORY)
def folded(name: str) -> str:
    """Return the comparison name in its short forms."""
    bare = ASIDE.sub("", name)
    key = name_key(AND.sub("", TWO_OF_A_KIND.sub(r"\1\3\2", bare)))
    for long, short in SHORT_FORMS:
        key = key.replace(long, short)
    return key


@lru_cache(maxsize=MEMORY)
def ends(name: str) -> frozenset[str]:
    """Return how the name begins and ends in its forms, as `may_be_alike` compares them."""
    forms = (folded(name), bare_key(name), name_key(name))
    if min(map(len, forms)) < PART_LENGTH:
        return frozenset((ANY_END,))
    starts = {f"{form[:PART_LENGTH]}…" for form in (*forms, name)}
    return frozenset(starts | {f"…{form[-SUFFIX_LENGTH:]}" for form in forms})


def may_be_alike(a: str, b: str) -> bool:
    """
    Tell whether one name might be the other with something before, in or behind it.

    Quick, and right where it says no: every likeness of names shares its first two letters, or its
    last four.
    """
    left, right = ends(a), ends(b)
    return not left.isdisjoint(right) or ANY_END in left or ANY_END in right


def publisher(draft: Draft) -> tuple[str, str]:
    """Return who lists the draft: the source, and the office in it where a set is of many."""
    # The city's two lists of venues are one list in two forms.
    source = "culture-venues" if draft.source == "seoul-culture" else draft.source
    return source, str(draft.payload.get("제공기관코드", ""))


def is_owned(a: Draft, b: Draft) -> bool:
    """Tell whether one name is the other with its owner in front: "구립증산도서관"."""
    if not (may_be_alike(a.name, b.name) and _are_kin(a, b)):
        return False
    short, long = sorted((folded(a.name), folded(b.name)), key=len)
    owner = long.removesuffix(short)
    near = metres(a, b) <= min(OWNED_REACH_M, reach(a), reach(b))
    is_name = len(short) >= OWNED_LENGTH and not KIND.fullmatch(short)
    return near and is_name and owner != long and bool(OWNER.fullmatch(owner))


def is_likely_same(a: Draft, b: Draft) -> bool:
    """Tell whether the names say one place, so long as no publisher lists both."""
    if not (may_be_alike(a.name, b.name) and _are_kin(a, b)):
        return False
    short, long = sorted((folded(a.name), folded(b.name)), key=len)
    away = metres(a, b)
    if short == long:
        return away <= min(reach(a), reach(b)) and ASIDE.search(a.name + b.name) is None
    if a.category == b.category == "market":
        return away <= MARKET_REACH_M and bool(MARKET_KIND.fullmatch(_inserted(short, long) or ""))
    is_near = away <= SAME_SPOT_M or (away <= NEXT_DOOR_REACH_M and _is_next_door(a, b))
    if long.startswith(short) and TRACE_BEHIND.fullmatch(long.removeprefix(short)):
        return away <= TRACE_REACH_M
    if KIND.fullmatch(short):
        return False
    return (is_near and _is_part(short, long)) or (
        (is_near or away <= INSERTED_REACH_M) and _is_shortened(short, long)
    )


def lists_both(a: Iterable[Draft], b: Iterable[Draft]) -> bool:
    """Tell whether one publisher lists the two places under two names."""
    left = {publisher(draft): folded(draft.name) for draft in a}
    # An open map has many authors, of whom one did not know of the other.
    return any(
        left.get(publisher(draft), folded(draft.name)) != folded(draft.name)
        for draft in b
        if draft.source != "osm"
    )


def _are_kin(a: Draft, b: Draft) -> bool:
    if a.category in FOOD or b.category in FOOD:
        return False
    return any({a.category, b.category} <= kin for kin in KIN)


def _is_next_door(a: Draft, b: Draft) -> bool:
    return road_address(a.address) == road_address(b.address) != ""


def _is_part(short: str, long: str) -> bool:
    """Tell whether the longer name adds an owner in front or a kind behind."""
    if len(short) < SUFFIX_LENGTH:
        return False
    if long.endswith(short):
        return not OTHER_HOUSE.search(long.removesuffix(short))
    return long.startswith(short) and bool(KIND_BEHIND.fullmatch(long.removeprefix(short)))


def _is_shortened(short: str, long: str) -> bool:
    """Tell whether the longer name puts a word into the other, and not one of another house."""
    word = _inserted(short, long)
    if word is None or len(short) < len(long) * INSERTED_SHARE_LOW:
        return False
    return not OTHER_HOUSE.search(word)


def _inserted(short: str, long: str) -> str | None:
    """Return what stands in the middle of the longer name and not in the other."""
    extra = len(long) - len(short)
    for at in range(PART_LENGTH, len(short) - PART_LENGTH + 1):
        if long[:at] == short[:at] and long[at + extra :] == short[at:]:
            return long[at : at + extra]
    return None
