"""
Tells by name and distance whether two records are of one place.

Names decide, distance confirms: the same museum lies up to a kilometre apart in two sources,
two cafés of one name a street apart are two. "서울" is never stripped (서울대 / 서울시립대), and an
aside in parentheses that tells two houses apart (신림 / 신사) keeps them apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from places.adapters.cleaning import MEMORY, road_address
from places.services.locating import metres
from places.types import Draft

FOOD: Final = ("cafe", "restaurant", "dessert", "bar", "club", "shop", "bookstore")
# How far apart the same name may lie and still be the same place, in metres.
REACH_M: Final = {
    "museum": 1_000.0, "gallery": 500.0, "heritage": 1_000.0, "park": 1_000.0, "market": 400.0,
    "theatre": 300.0, "library": 300.0, "viewpoint": 500.0, "activity": 300.0,
}  # fmt: skip
FOOD_REACH_M: Final = 60.0
ASIDE_REACH_M: Final = 300.0
SAME_ADDRESS_REACH_M: Final = 2_000.0  # one of the two points is then a geocoder's
IDENTIFIED_REACH_M: Final = 1_000.0  # farther apart one of the two holds another's identifier
ENGLISH_LENGTH: Final = 5  # letters: less is a kind, not a name
TOWER_REACH_M: Final = 200.0
TOWER_WORD_LENGTH: Final = 4
PARK_ASIDE_REACH_M: Final = 1_000.0
JOINED_REACH_M: Final = 20.0
JOINED: Final = re.compile(r"\s*[·&/]\s*")
ENTRANCE_REACH_M: Final = 300.0
ASIDE: Final = re.compile(r"[(\[（]([^)\]）]*)[)\]）]")
PARK_KIND: Final = re.compile(r"(?:도시자연|근린|시민|생활권|역사|도시)(?=공원$)")
OWNER: Final = re.compile(r"^(?:서울특별시교육청|재단법인|사단법인|주식회사)")
GATED: Final = re.compile(r"시장|학교|초교|중교|고교|아파트|공원")
NOISE: Final = re.compile(r"[^\w]|_")


@lru_cache(maxsize=MEMORY)
def name_key(name: str) -> str:
    """Return the name as it is compared: one width, one case, no spaces or marks."""
    key = NOISE.sub("", unicodedata.normalize("NFKC", name).casefold())
    return PARK_KIND.sub("", OWNER.sub("", key))


@lru_cache(maxsize=MEMORY)
def bare_key(name: str) -> str:
    """Return the comparison name without asides in parentheses."""
    return name_key(ASIDE.sub("", name))


@lru_cache(maxsize=MEMORY)
def asides(name: str) -> frozenset[str]:
    """Return the asides in parentheses, as compared."""
    return frozenset(name_key(aside) for aside in ASIDE.findall(name) if name_key(aside))


@lru_cache(maxsize=MEMORY)
def joined(name: str) -> frozenset[str]:
    """Return the names that one record joins, as compared: "세빛섬 · 달빛분수"; none for one name."""
    parts = [name_key(part) for part in JOINED.split(ASIDE.sub("", name))]
    return frozenset(parts) if len(parts) > 1 and all(parts) else frozenset()


def english_key(draft: Draft) -> str:
    """Return the English name that a source tells, as compared; "" where it is too short to tell."""
    key = name_key(draft.name_en) if draft.name_en else ""
    return key if len(key) >= ENGLISH_LENGTH and key.isascii() else ""


def is_same(a: Draft, b: Draft) -> bool:
    """Tell whether two drafts are records of one place."""
    return rule_of_same(a, b) != ""


def rule_of_same(a: Draft, b: Draft) -> str:
    """Return the rule by which two drafts are records of one place; "" where they are not."""
    if share_an_identifier(a, b):
        return "same identifier"
    is_food = a.category in FOOD
    if is_food != (b.category in FOOD):
        return ""
    away = metres(a, b)
    near = FOOD_REACH_M if is_food else min(reach(a), reach(b))
    is_next_door = road_address(a.address) == road_address(b.address) != ""
    if name_key(a.name) == name_key(b.name):
        return "same name" if away <= (SAME_ADDRESS_REACH_M if is_next_door else near) else ""
    if away <= min(near, ASIDE_REACH_M) and _is_in_english(a, b):
        return "the other's name in English"
    near = min(near, PARK_ASIDE_REACH_M if a.category == b.category == "park" else ASIDE_REACH_M)
    return _rule_of_asides(a, b) if away <= near else ""


def share_an_identifier(a: Draft, b: Draft) -> bool:
    """
    Tell whether two sources give one identifier of a third to both, near enough to believe it.

    One source that gives it to two of its records means a palace and its gate, or has erred.
    """
    if a.source == b.source or a.identifiers.items().isdisjoint(b.identifiers.items()):
        return False
    return metres(a, b) <= IDENTIFIED_REACH_M


def _is_in_english(a: Draft, b: Draft) -> bool:
    """Tell whether one source calls the place what another says that it is called in English."""
    said = {english_key(a): b, english_key(b): a}
    return any(key and key == name_key(other.name) for key, other in said.items())


def _rule_of_asides(a: Draft, b: Draft) -> str:
    left, right = asides(a.name), asides(b.name)
    if bare_key(a.name) == bare_key(b.name):
        return "" if left and right else "same name but for an aside"  # two asides are two houses
    # One source's name is the other's aside: "남대문" and "숭례문(남대문)".
    if bare_key(a.name) in right or bare_key(b.name) in left:
        return "one name is the other's aside"
    if _is_joined(a, b):
        return "one name is a part of two"
    return "one house" if _is_same_house(a, b) else ""


def _is_same_house(a: Draft, b: Draft) -> bool:
    """Tell whether one address holds one house, named in full and by an aside: "X 서울", "X(서울관)"."""
    road = road_address(a.address)
    if a.category != b.category:
        return False
    if a.category == "viewpoint":
        return metres(a, b) <= TOWER_REACH_M and _share_a_word(a, b)
    if not road or road != road_address(b.address):
        return False
    if a.category == "library":
        return True  # one house has one public library, with or without its owner in the name
    short, long = sorted((a, b), key=lambda draft: len(bare_key(draft.name)))
    rest = bare_key(long.name).removeprefix(bare_key(short.name))
    return bool(rest) and any(aside.startswith(rest) for aside in asides(short.name))


def _is_joined(a: Draft, b: Draft) -> bool:
    """Tell whether one record names the other and something beside it, at one address or spot."""
    road = road_address(a.address)
    if metres(a, b) > JOINED_REACH_M and (not road or road != road_address(b.address)):
        return False
    return bare_key(a.name) in joined(b.name) or bare_key(b.name) in joined(a.name)


def reach(draft: Draft) -> float:
    return REACH_M.get(draft.category, FOOD_REACH_M)


def _share_a_word(a: Draft, b: Draft) -> bool:
    """Tell whether the names share letters enough for a word: "N서울타워", "남산서울타워"."""
    left, right = name_key(a.name), name_key(b.name)
    starts = range(len(left) - TOWER_WORD_LENGTH + 1)
    return any(left[at : at + TOWER_WORD_LENGTH] in right for at in starts)


def is_entrance_of(draft: Draft, markets: Sequence[Draft]) -> bool:
    """Tell whether the draft is a gate of something else: "구로시장 영프라쟈 입구"."""
    key = name_key(draft.name)
    if not key.endswith(("입구", "정문", "후문", "출입구")):
        return False
    near = (market for market in markets if metres(draft, market) <= ENTRANCE_REACH_M)
    return bool(GATED.search(key)) or any(key.startswith(name_key(market.name)) for market in near)
