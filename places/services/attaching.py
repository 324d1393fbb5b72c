"""
Attaches what belongs to a site: movable objects to their museum or temple, halls to their palace.

A designation is a fact about a site far more often than a place to go to. What is left over as an
object without a site is refused.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from places.adapters.cleaning import road_address
from places.adapters.heritage import SITES
from places.services.locating import METRES_PER_DEGREE, metres
from places.types import Draft, Refusal

SITE_REACH_M: Final = 60.0  # a museum keeps what is recorded at its door
CAMPUS_REACH_M: Final = 300.0  # and what has its very address
NAMESAKE_REACH_M: Final = 1_000.0  # a palace's halls are recorded anywhere inside its walls
SITE_NAME: Final = re.compile(
    r"[가-힣]{1,3}[사암]|[가-힣]{1,6}(?:궁|묘|단|릉|서원|향교|교회|성당|대학교|학당)$"
)
HALL: Final = re.compile(r"\s\S*(?:전|각|문|루|당|헌|정|합)$")  # "경복궁 수정전", by whatever list
IN_PARENTHESES: Final = re.compile(r"\(.*?\)")
DESIGNATIONS: Final = "seoul-heritage"  # the source that lists designated heritage
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
    heritage = [draft for draft in drafts if is_designation(draft)]
    events = [draft for draft in drafts if draft.is_event]  # "경복궁 특별전" is no hall of it
    others = [draft for draft in drafts if not is_designation(draft) and not draft.is_event]
    namesakes = _Namesakes([*others, *(draft for draft in heritage if draft.source_class in SITES)])
    result = Attached(drafts=events)
    for draft in others:
        palace = namesakes.find(draft) if HALL.search(draft.name) else None
        if palace is None:
            result.drafts.append(draft)
        else:
            result.members[palace.key].append(draft)
    keepers = _Keepers([draft for draft in others if draft.category in KEEPERS])
    groups: dict[tuple[float, float], list[Draft]] = defaultdict(list)
    for draft in heritage:
        groups[round(draft.latitude, 5), round(draft.longitude, 5)].append(draft)
    for group in groups.values():
        _attach_group(group, keepers, namesakes, result)
    return result


def is_designation(draft: Draft) -> bool:
    """Tell whether the draft is of the list of designated heritage."""
    return draft.source == DESIGNATIONS


def bare_site_name(name: str) -> str:
    """Return the name as a site's is compared: without asides and spaces."""
    return IN_PARENTHESES.sub("", name).replace(" ", "")


def leading_word(name: str) -> str:
    """Return the first of two words and more, which may name a site: 경복궁 of "경복궁 수정전"."""
    first, _, rest = name.partition(" ")
    return first if rest else ""


def _attach_group(
    group: Sequence[Draft], keepers: _Keepers, namesakes: _Namesakes, result: Attached
) -> None:
    """Attach the designations of one point."""
    left: list[Draft] = []
    site = _common_site(group)
    if site is not None and not namesakes.knows(site):
        result.drafts.append(site)
        namesakes.add(site)
    for draft in group:
        keeper = _keeper(draft, keepers)
        namesake = namesakes.find(draft)
        if namesake is not None:
            result.members[namesake.key].append(draft)
        elif keeper is not None and draft.source_class not in SITES:
            result.members[keeper.key].append(draft)
        else:
            left.append(draft)
    if left:
        _keep_one(left, result)


class _Keepers:
    """The houses that keep what is recorded at their doors, found by latitude."""

    def __init__(self, keepers: Sequence[Draft]) -> None:
        self._keepers = keepers
        self._sorted = sorted((draft.latitude, at) for at, draft in enumerate(keepers))

    def around(self, draft: Draft) -> Iterator[Draft]:
        """Yield those that may lie within reach, in the order given."""
        reach = (CAMPUS_REACH_M + 1) / METRES_PER_DEGREE
        low = bisect_left(self._sorted, (draft.latitude - reach, 0))
        high = bisect_right(self._sorted, (draft.latitude + reach, len(self._keepers)))
        yield from (self._keepers[at] for at in sorted(at for _, at in self._sorted[low:high]))


def _keeper(draft: Draft, keepers: _Keepers) -> Draft | None:
    near = [
        keeper
        for keeper in keepers.around(draft)
        if metres(draft, keeper)
        <= (CAMPUS_REACH_M if _is_next_door(draft, keeper) else SITE_REACH_M)
    ]

    def order(keeper: Draft) -> tuple[bool, float]:
        return not _is_next_door(draft, keeper), metres(draft, keeper)

    return min(near, key=order, default=None)


def _keep_one(group: Sequence[Draft], result: Attached) -> None:
    """Keep one place for a point: the highest of its buildings and sites."""
    structures = [draft for draft in group if not draft.is_object]
    if structures:
        best = min(structures, key=lambda draft: (RANKS.index(draft.source_class), draft.name))
        result.drafts.append(best)
        same = [draft for draft in group if not draft.is_object or _is_next_door(draft, best)]
        result.members[best.key].extend(draft for draft in same if draft is not best)
        group = [draft for draft in group if draft not in same]
    reason = "movable object without a site"
    result.refusals.extend(
        (draft, Refusal(draft.where, reason, draft.name, expected=True)) for draft in group
    )


def _is_next_door(draft: Draft, other: Draft) -> bool:
    return road_address(draft.address) == road_address(other.address) != ""


def _common_site(group: Sequence[Draft]) -> Draft | None:
    """Return the temple or school that two or more designations of the point are named after."""
    words = Counter(word for draft in group if (word := leading_word(draft.name)))
    for word, count in words.most_common():
        if count >= 2 and SITE_NAME.fullmatch(word):
            named = [draft for draft in group if draft.name.partition(" ")[0] == word]
            # A museum keeps objects of many temples: at the temple itself its halls stand too.
            if all(draft.is_object for draft in named) and count * 2 < len(group):
                continue
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
        name = bare_site_name(site.name)
        if SITE_NAME.fullmatch(name):
            self._by_name[name].append(site)

    def knows(self, site: Draft) -> bool:
        """Tell whether a site of this name stands nearby."""
        named = self._by_name.get(site.name, ())
        return any(metres(site, other) <= NAMESAKE_REACH_M for other in named)

    def find(self, draft: Draft) -> Draft | None:
        near = [
            site
            for site in self._by_name.get(leading_word(draft.name), ())
            if site.key != draft.key and metres(site, draft) <= NAMESAKE_REACH_M
        ]
        return min(near, key=lambda site: metres(site, draft), default=None)
