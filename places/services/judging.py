"""
What a place costs, how long one stays, how good it is, and which mood it has.

A number no source gives is a prior of the city and says so. Quality is a prior too: a sum of what is
on record, in [0, 1].
A mood is claimed only where the record gives evidence, and the evidence is named.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from places.types import Draft

PRIORS: Final = Path(__file__).resolve().parent.parent / "data" / "priors"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A narrower kind within a category, told by class, name, signs or size."""

    kind: str
    category: str
    cost: tuple[int, int]
    stay: int
    name: re.Pattern[str] | None = None
    members_low: int = 0  # so many designations attached to it do as well as a sign
    classes: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    area_m2: float = 0.0

    def matches(
        self, cluster: Sequence[Draft], members: Sequence[Draft], category: str, name: str
    ) -> bool:
        """Tell whether a place known by these drafts is of this kind."""
        if category != self.category:
            return False
        return (
            (self.name is None or bool(self.name.search(name)))
            and (not self.classes or any(draft.source_class in self.classes for draft in cluster))
            and (not self.signs or self._is_signed(cluster, members))
            and (not self.area_m2 or any((draft.area_m2 or 0) >= self.area_m2 for draft in cluster))
        )

    def _is_signed(self, cluster: Sequence[Draft], members: Sequence[Draft]) -> bool:
        if self.members_low and len(members) >= self.members_low:
            return True
        return any(sign in draft.signs for draft in cluster for sign in self.signs)


@dataclass(frozen=True, slots=True, kw_only=True)
class CityPriors:
    """The data file of one city."""

    city: Mapping[str, str]
    bands: Mapping[str, int]
    categories: Mapping[str, tuple[tuple[int, int], int]]
    kinds: tuple[Kind, ...]

    def kind_of(
        self, cluster: Sequence[Draft], members: Sequence[Draft], *, category: str, name: str
    ) -> Kind | None:
        """Return the first kind that matches."""
        kinds = (
            kind
            for kind in self.kinds
            if kind.category == category and kind.matches(cluster, members, category, name)
        )
        return next(kinds, None)

    def band(self, cost_high: int) -> str:
        """Return the cost band of a high cost."""
        return next((band for band, bound in self.bands.items() if cost_high <= bound), "high")


def known_cities() -> list[str]:
    """Return the slugs of the cities that have priors, in order."""
    return sorted(path.stem for path in PRIORS.glob("*.toml"))


def read_priors(city: str) -> CityPriors:
    """Return the priors of a city by its slug."""
    data = tomllib.loads((PRIORS / f"{city}.toml").read_text("utf-8"))
    return CityPriors(
        city=data["city"],
        bands=data["bands"],
        categories={
            name: ((row["cost"][0], row["cost"][1]), row["stay"])
            for name, row in data["categories"].items()
        },
        kinds=tuple(_kind(row) for row in data["kinds"]),
    )


def _kind(row: dict[str, Any]) -> Kind:
    name = row.pop("name", None)
    low, high = row.pop("cost")
    return Kind(
        name=re.compile(name) if name else None,
        cost=(low, high),
        classes=tuple(row.pop("classes", ())),
        signs=tuple(row.pop("signs", ())),
        **row,
    )


def quality(cluster: Sequence[Draft], *, popular: float, chain: str, has_hours: bool) -> float:
    """Return how good a stop it likely is: how well it is documented, and how sought it is."""
    points = 0.35 + 0.35 * popular
    points += 0.10 if has_hours else 0.0
    points += 0.05 if any(draft.cost is not None for draft in cluster) else 0.0
    points += 0.05 if len({draft.source for draft in cluster}) > 1 else 0.0
    points += 0.05 if any(draft.introduction for draft in cluster) else 0.0
    points += 0.05 if _has(cluster, "contact") or _has(cluster, "wikidata") else 0.0
    return _round(points - (0.05 if chain else 0.0))


def _has(cluster: Sequence[Draft], sign: str) -> bool:
    return any(sign in draft.signs for draft in cluster)


def _round(points: float) -> float:
    return round(min(1.0, max(0.0, points)), 3)


# The evidence is a code of the engine's phrases, section [evidence], which say it in both languages.
# (mood, confidence, categories or (), kind or "", sign or "", name pattern or None, evidence)
_MoodRule = tuple[str, float, tuple[str, ...], str, str, re.Pattern[str] | None, str]
MOOD_RULES: Final[tuple[_MoodRule, ...]] = (
    ("quiet", 0.7, ("library",), "", "", None, "library"),
    ("quiet", 0.5, ("museum",), "", "", re.compile(r"기념관|문학관|추모|순교"), "memorial hall"),
    ("quiet", 0.5, ("gallery",), "", "", re.compile(r"갤러리|화랑|스페이스|gallery", re.I), "small gallery"),
    ("quiet", 0.5, ("bookstore",), "", "", None, "bookstore"),
    ("quiet", 0.5, ("cafe",), "", "", re.compile(r"북\s*카페|책방|서재|서점|book\s*cafe|literární", re.I), "book café by its name"),
    ("quiet", 0.45, ("cafe",), "", "", re.compile(r"찻집|전통차|다원|차방|tea\s*house|čajovna", re.I), "tea house by its name"),
    ("quiet", 0.45, ("heritage",), "temple or cathedral", "", None, "temple or church"),
    ("quiet", 0.4, ("heritage",), "traditional village or house", "", re.compile(r"가옥|고택"), "old house"),
    ("artsy", 0.75, ("gallery",), "", "", None, "gallery"),
    ("artsy", 0.5, ("theatre",), "", "", None, "theatre"),
    ("traditional", 0.85, ("heritage",), "palace", "", None, "palace"),
    ("traditional", 0.8, ("heritage",), "royal tomb or shrine", "", None, "royal tomb or shrine"),
    ("traditional", 0.7, ("heritage",), "traditional village or house", "", None, "traditional house"),
    ("traditional", 0.7, ("heritage",), "temple or cathedral", "", re.compile(r"[사암]$"), "temple"),
    ("traditional", 0.6, ("market",), "", "", re.compile(r"전통|재래"), "traditional market by its name"),
    ("traditional", 0.6, ("museum",), "", "", re.compile(r"민속|고궁|한옥|전통|역사"), "kind of museum"),
    ("traditional", 0.65, ("cafe",), "", "", re.compile(r"전통차|찻집|다원$|다도|tea\s*house", re.I), "tea house by its name"),
    ("traditional", 0.6, ("cafe", "restaurant", "bar"), "", "", re.compile(r"한옥|한정식|고택|hanok", re.I), "by its name"),
    ("traditional", 0.6, ("heritage",), "", "", re.compile(r"(?:문|향교|서원|산성|토성|도성|사직단)$"), "old building or everyday history"),
    ("romantic", 0.6, ("viewpoint",), "", "", None, "viewpoint"),
    ("romantic", 0.55, ("heritage",), "palace", "", None, "palace"),
    ("romantic", 0.5, (), "", "night_view", None, "list of night views"),
    ("romantic", 0.45, ("cafe", "restaurant", "bar"), "", "terrace", None, "terrace: outdoor_seating=yes"),
    ("scenic", 0.75, ("viewpoint",), "", "", None, "viewpoint"),
    ("scenic", 0.7, (), "", "night_view", None, "list of night views"),
    ("nature", 0.85, ("park",), "large park", "", None, "large park"),
    ("nature", 0.7, ("park",), "", "", re.compile(r"^(?!.*(?:광장|마당|플라자|7017))"), "park"),
    ("nature", 0.6, ("heritage",), "royal tomb or shrine", "", None, "grounds of royal tombs"),
    ("nature", 0.7, ("heritage",), "", "", re.compile(r"계곡|동천|바위$|숲|나무$|은행나무|향나무|백송"), "natural heritage"),
    ("lively", 0.65, ("market",), "", "", None, "market"),
    ("lively", 0.5, ("bar", "club"), "", "", None, "bar by its name"),
    ("vintage", 0.55, ("market",), "", "", re.compile(r"풍물|벼룩|도깨비|황학"), "flea market by its name"),
    ("vintage", 0.5, ("museum", "gallery"), "", "", re.compile(r"^구\s|옛|생활사"), "old building or everyday history"),
)  # fmt: skip
SCENIC_CLASS: Final = "명승"


@cache
def _rules_of(category: str) -> tuple[_MoodRule, ...]:
    return tuple(rule for rule in MOOD_RULES if not rule[2] or category in rule[2])


def moods(
    cluster: Sequence[Draft], *, category: str, kind: str, name: str
) -> dict[str, dict[str, Any]]:
    """Return mood → confidence and evidence, the strongest evidence for each."""
    found: dict[str, dict[str, Any]] = {}
    claims = [
        (mood, confidence, evidence)
        for mood, confidence, _, of_kind, sign, pattern, evidence in _rules_of(category)
        if (not of_kind or kind == of_kind)
        and (not sign or _has(cluster, sign))
        and (pattern is None or pattern.search(name))
    ]
    if any(draft.source_class == SCENIC_CLASS for draft in cluster):
        claims.append(("nature", 0.7, "natural heritage"))
    for mood, confidence, evidence in sorted(claims, key=lambda claim: (-claim[1], claim[0])):
        found.setdefault(mood, {"confidence": confidence, "evidence": evidence})
    return dict(sorted(found.items()))
