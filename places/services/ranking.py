"""
How likely a visitor has heard of a place, in [0, 1].

A sum of what is on record: its designation and the objects it keeps, the visitors' lists it stands
on, its size, and what its name says it is. A palace, a great gate or a royal tomb is sought; the
house of an official, a school's old hall or a stone on a grave is passed by.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Final

from places.adapters.markets import FOOD_MARKET, GOODS_MARKET
from places.services.merging import ASIDE, bare_key
from places.types import Draft

# Points for what is on record; the sum is cut at 1.
DESIGNATIONS: Final = {
    "국보": 0.22, "사적": 0.16, "명승": 0.16, "보물": 0.14, "국가민속유산": 0.08, "유적": 0.08,
    "유형문화유산": 0.06, "천연기념물": 0.04, "기념물": 0.04, "민속문화유산": 0.04,
    "국가등록유산": 0.02, "자연유산": 0.02, "문화유산자료": 0.02,
}  # fmt: skip
GREAT: Final = ("국보", "보물", "사적")
LISTED: Final = {"night-views": 0.15, "tourist-sites": 0.08}
# What a sight is by the end of its name; the first that fits counts.
PALACE: Final = "palace"
LANDMARKS: Final = (
    (re.compile(r"한옥마을$"), 0.22),
    (re.compile(r"^(?:종묘|사직단|문묘.*)$|릉$"), 0.18),
    (re.compile(r"(?:문|도성)$"), 0.18),
    (re.compile(r"(?:성당|^[가-힣]{1,3}사)$"), 0.08),
    (re.compile(r"(?:산성|토성|토성지|고분군|유적)$"), 0.06),
)
# Nobody goes there for itself: houses and offices, schools, …
PASSED_BY: Final = re.compile(
    r"(?:가옥|고택|사옥|청사|관사|공사관|영사관|총국|학교|대학|병원|의원|공장|은행|교회|강당|본관|별관|회관|별장|별서|별채"
    r"|상가|정수장|공관|[가-힣]{2}[가장재헌]|우물|(?<!성)당)$"
)
# … and what is left of something that is gone.
GONE: Final = re.compile(r"(?:터|지|주초|초석|표석|유허)$")
NATIONAL: Final = re.compile(r"^국립|^국회|^대한민국")
MUNICIPAL: Final = re.compile(r"^서울|시립")
LOCAL: Final = re.compile(r"구립|군립")
SMALL_HOUSE: Final = re.compile(r"대학|고등학교|여고|병원|회사|은행|신학")
LONG_INTRODUCTION: Final = 300
FOOD: Final = ("cafe", "restaurant", "dessert", "bar", "club")


def popularity(
    cluster: Sequence[Draft],
    members: Sequence[Draft],
    *,
    category: str,
    kind: str,
    name: str,
    chain: str,
    hotspots: frozenset[str],
) -> float:
    """Return how likely a visitor has heard of it."""
    if category in FOOD:
        return _round(_food_points(cluster, chain))
    points = 0.22 + min(0.12, 0.04 * (len({draft.source for draft in cluster}) - 1))
    points += sum(
        gain for source, gain in LISTED.items() if any(d.source == source for d in cluster)
    )
    points += 0.25 if bare_key(name) in hotspots else 0.0
    points += 0.10 if _has(cluster, "wikidata") else 0.0
    points += _heritage_points([*cluster, *members], category, kind, ASIDE.sub("", name).strip())
    points += _member_points(members, kind)
    points += _size_points(cluster, category) + _house_points(cluster, category, name)
    points -= 0.20 if _has(cluster, "ground_mark") else 0.0
    return _round(points)


def _heritage_points(rows: Sequence[Draft], category: str, kind: str, name: str) -> float:
    """Return the points of the highest designation, of a landmark, and of what is passed by."""
    if category != "heritage":
        return 0.0
    classes = {draft.source_class for draft in rows if not draft.is_object}
    points = max((DESIGNATIONS.get(one, 0.0) for one in classes), default=0.0)
    if kind == PALACE:
        return points + 0.22
    landmark = next((gain for found, gain in LANDMARKS if found.search(name)), 0.0)
    is_great = not classes.isdisjoint(GREAT) or classes.isdisjoint(DESIGNATIONS)
    if landmark and is_great:
        return points + landmark
    if GONE.search(name):
        return points - 0.14
    return points - (0.14 if PASSED_BY.search(name) else 0.0)


def _member_points(members: Sequence[Draft], kind: str) -> float:
    """Return the points of what is kept there; a name on a list of many objects draws few."""
    high = 0.15 if kind in (PALACE, "temple or cathedral", "royal tomb or shrine") else 0.08
    return min(high, 0.04 * math.log2(1 + len(members)))


def _food_points(cluster: Sequence[Draft], chain: str) -> float:
    points = 0.30
    points += 0.05 if any(draft.name_en for draft in cluster) else 0.0
    points += 0.05 if _has(cluster, "contact") else 0.0
    points += 0.05 if any(draft.hours.is_said for draft in cluster) else 0.0
    points += 0.10 if _has(cluster, "wikidata") else 0.0
    points += 0.05 if any(draft.source == "good-price" for draft in cluster) else 0.0
    points -= 0.15 if all("old_directory" in draft.signs for draft in cluster) else 0.0
    return points - (0.10 if chain else 0.0)


def _size_points(cluster: Sequence[Draft], category: str) -> float:
    area = max((draft.area_m2 or 0.0 for draft in cluster), default=0.0)
    if category == "park":
        return min(0.20, 0.05 * math.log10(1 + area / 10_000))
    if category != "market":
        return 0.0
    stalls = max((float(draft.signs.get("stalls", 0)) for draft in cluster), default=0.0)
    classes = {draft.source_class for draft in cluster}
    points = min(0.35, 0.11 * math.log10(1 + stalls / 10))
    points += 0.06 if FOOD_MARKET in classes else -0.10 if GOODS_MARKET in classes else 0.0
    return points - (0.15 if _has(cluster, "market_house") else 0.0)


def _house_points(cluster: Sequence[Draft], category: str, name: str) -> float:
    if category not in ("museum", "gallery"):
        return 0.0
    points = 0.20 if NATIONAL.search(name) else 0.10 if MUNICIPAL.search(name) else 0.0
    points += 0.03 if LOCAL.search(name) else 0.0
    long = any(len(draft.introduction) >= LONG_INTRODUCTION for draft in cluster)
    return points + (0.04 if long else 0.0) - (0.08 if SMALL_HOUSE.search(name) else 0.0)


def _has(cluster: Sequence[Draft], sign: str) -> bool:
    return any(sign in draft.signs for draft in cluster)


def _round(points: float) -> float:
    return round(min(1.0, max(0.0, points)), 3)
