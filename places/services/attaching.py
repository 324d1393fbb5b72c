"""
Attaches what belongs to a site: movable objects to their museum or temple, halls to their palace.

A designation is a fact about a site far more often than a place to go to. What is left over as an
object without a site is refused.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from places.adapters.heritage import SITES
from places.services.locating import metres
from places.types import Draft, Refusal

SITE_REACH_M: Final = 60.0  # a museum keeps what is recorded at its door
NAMESAKE_REACH_M: Final = 1_000.0  # a palace's halls are recorded anywhere inside its walls
SITE_NAME: Final = re.compile(
    r"[가-힣]{1,6}(?:사|암|궁|묘|단|릉|원|서원|향교|교회|성당|학교|학당)$"
)
KEEPERS: Final = ("museum", "gallery", "library")
RANKS: Final = (
    "사적", "명승", "국보", "보물", "천연기념물", "국가민속유산", "기념물", "자연유산",
    "유형문화유산", "국가등록유산", "민속문화유산", "문화유산자료",
)  # fmt: skip


@dataclass
class Attached:
    """Drafts that stand for themselves, and what belongs to each of them by its key."""

    drafts: list[Draft]
    members: dict[str, list[Draft]] = field(default_factory=lambda: defaultdict(list))
    refusals: list[tuple[Draft, Refusal]] = field(default_factory=list)


def attach(drafts: Sequence[Draft]) -> Attached:
    """Return the drafts with heritage attached to its sites."""
    heritage = [draft for draft in drafts if _is_designation(draft)]
    others = [draft for draft in drafts if not _is_designation(draft)]
    result = Attached(drafts=list(others))
    namesakes = _Namesakes([*others, *(draft for draft in heritage if draft.source_class in SITES)])
    keepers = [draft for draft in others if draft.category in KEEPERS]
    groups: dict[tuple[float, float], list[Draft]] = defaultdict(list)
    for draft in heritage:
        groups[round(draft.latitude, 5), round(draft.longitude, 5)].append(draft)
    for group in groups.values():
        _attach_group(group, keepers, namesakes, result)
    return result


def _is_designation(draft: Draft) -> bool:
    return draft.source == "seoul-heritage"


def _attach_group(
    group: Sequence[Draft], keepers: Sequence[Draft], namesakes: _Namesakes, result: Attached
) -> None:
    """Attach the designations of one point."""
    left: list[Draft] = []
    keeper = _keeper(group[0], keepers)
    for draft in group:
        namesake = namesakes.find(draft)
        if namesake is not None:
            result.members[namesake.key].append(draft)
        elif keeper is not None and draft.source_class not in SITES:
            result.members[keeper.key].append(draft)
        else:
            left.append(draft)
    if left:
        _keep_one(left, namesakes, result)


def _keeper(draft: Draft, keepers: Sequence[Draft]) -> Draft | None:
    near = [keeper for keeper in keepers if metres(draft, keeper) <= SITE_REACH_M]
    return min(near, key=lambda keeper: metres(draft, keeper), default=None)


def _keep_one(group: Sequence[Draft], namesakes: _Namesakes, result: Attached) -> None:
    """Keep one place for a point: the site its designations are named after, or the highest."""
    structures = [draft for draft in group if not draft.is_object]
    site = _common_site(group)
    if site is not None:
        result.drafts.append(site)
        namesakes.add(site)
        result.members[site.key].extend(draft for draft in group if draft.key != site.key)
    elif structures:
        best = min(structures, key=lambda draft: (RANKS.index(draft.source_class), draft.name))
        result.drafts.append(best)
        result.members[best.key].extend(draft for draft in group if draft is not best)
    else:
        reason = "movable object without a site"
        result.refusals.extend(
            (draft, Refusal(draft.where, reason, draft.name, expected=True)) for draft in group
        )


def _common_site(group: Sequence[Draft]) -> Draft | None:
    """Return the temple or school that two or more designations of the point are named after."""
    words = Counter(draft.name.split()[0] for draft in group if " " in draft.name)
    for word, count in words.most_common():
        if count >= 2 and SITE_NAME.fullmatch(word):
            named = [draft for draft in group if draft.name.split()[0] == word]
            best = min(named, key=lambda draft: (RANKS.index(draft.source_class), draft.name))
            return replace(
                best,
                name=word,
                ref=f"site-{best.ref}",
                is_object=False,
                source_class="유적",
                signs={},
            )
    return None


class _Namesakes:
    """Finds the site that a designation is named after: "경복궁 근정전" → 경복궁."""

    def __init__(self, sites: Iterable[Draft]) -> None:
        self._by_name: dict[str, list[Draft]] = defaultdict(list)
        for site in sites:
            self.add(site)

    def add(self, site: Draft) -> None:
        name = re.sub(r"\(.*?\)", "", site.name).replace(" ", "")
        if SITE_NAME.fullmatch(name):
            self._by_name[name].append(site)

    def find(self, draft: Draft) -> Draft | None:
        first, _, rest = draft.name.partition(" ")
        if not rest:
            return None
        near = [
            site
            for site in self._by_name.get(first, ())
            if site.key != draft.key and metres(site, draft) <= NAMESAKE_REACH_M
        ]
        return min(near, key=lambda site: metres(site, draft), default=None)
