"""
Groups the records of one place, and the places of one site.

First by equal names, which is certain, then by names that are alike. Where it is doubtful the two
stay two places of one site: a plan never has both, and neither is lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from places.adapters.cleaning import road_address
from places.services.likeness import is_likely_same, is_owned, lists_both
from places.services.locating import metres
from places.services.merging import FOOD, asides, bare_key, is_same, joined, name_key
from places.types import Draft

NEIGHBOUR_DEGREES: Final = 0.0046  # of latitude: about 510 m
SAME_SPOT_M: Final = 8.0
SITE_REACH_M: Final = 300.0
HALL_REACH_M: Final = 100.0
SITE_NAME_LENGTH: Final = 3
CONTAINED_LENGTH: Final = 6
AREA_ENDINGS: Final = ("동", "서울", "로", "길", "구립", "시립", "역")


@dataclass
class _Groups:
    """Union-find over the positions of a list; the first member leads."""

    size: int
    parent: list[int] = field(init=False)
    held: list[list[int]] = field(init=False)  # what each root leads, in order

    def __post_init__(self) -> None:
        self.parent = list(range(self.size))
        self.held = [[i] for i in range(self.size)]

    def root(self, i: int) -> int:
        while self.parent[i] != i:
            self.parent[i] = self.parent[self.parent[i]]
            i = self.parent[i]
        return i

    def join(self, i: int, j: int) -> None:
        low, high = sorted((self.root(i), self.root(j)))
        if low != high:
            self.parent[high] = low
            self.held[low] = sorted(self.held[low] + self.held[high])
            self.held[high] = []

    def of(self, i: int) -> list[int]:
        """Return all that are in one group with `i`."""
        return self.held[self.root(i)]

    def all(self) -> list[list[int]]:
        """Return the groups, each and all in order."""
        return [members for members in self.held if members]


def clusters(drafts: Sequence[Draft]) -> list[list[Draft]]:
    """Return the drafts grouped by place, groups and members in the order given."""
    groups = _Groups(len(drafts))
    for i, j in _namesakes(drafts):
        if groups.root(i) != groups.root(j) and is_same(drafts[i], drafts[j]):
            groups.join(i, j)
    likely = [(i, j) for i, j in _neighbours(drafts) if is_likely_same(drafts[i], drafts[j])]
    owned = [(i, j) for i, j in _neighbours(drafts) if is_owned(drafts[i], drafts[j])]
    for i, j in owned:
        groups.join(i, j)
    for i, j in likely:
        left, right = ([drafts[member] for member in groups.of(at)] for at in (i, j))
        if not lists_both(left, right):
            groups.join(i, j)
    return [[drafts[i] for i in members] for members in groups.all()]


def _namesakes(drafts: Sequence[Draft]) -> Iterator[tuple[int, int]]:
    """Yield the pairs that share a name, a bare name, an aside or the address of a museum."""
    blocks: dict[str, list[int]] = defaultdict(list)
    for i, draft in enumerate(drafts):
        for key in _block_keys(draft):
            if key:
                blocks[key].append(i)
    for members in blocks.values():
        for at, i in enumerate(members):
            yield from ((i, j) for j in members[at + 1 :])


def _block_keys(draft: Draft) -> set[str]:
    road = road_address(draft.address) if draft.category in ("museum", "gallery", "library") else ""
    road = "viewpoint" if draft.category == "viewpoint" else road
    return {
        name_key(draft.name),
        bare_key(draft.name),
        *asides(draft.name),
        *joined(draft.name),
        road,
    }


def _neighbours(drafts: Sequence[Draft]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of sights that lie within about 500 m north or south of each other."""
    sights = [i for i, draft in enumerate(drafts) if draft.category not in FOOD]
    sights.sort(key=lambda i: drafts[i].latitude)
    for at, i in enumerate(sights):
        for j in sights[at + 1 :]:
            if drafts[j].latitude - drafts[i].latitude > NEIGHBOUR_DEGREES:
                break
            if abs(drafts[j].longitude - drafts[i].longitude) <= 2 * NEIGHBOUR_DEGREES:
                yield i, j


def sites(places: Sequence[Draft]) -> dict[str, str]:
    """
    Return the site of each draft (by key) that shares one: a building or a heritage site.

    Same street address, same spot of two sights, or named after a sight nearby (덕수궁 돌담길).
    """
    groups = _Groups(len(places))
    for i, j in _next_door(places):
        groups.join(i, j)
    for i, j in _neighbours(places):
        if _is_one_site(places[i], places[j]):
            groups.join(i, j)
    found: dict[str, str] = {}
    for members in groups.all():
        if len(members) > 1:
            label = _label(places, members)
            found |= {places[i].key: label for i in members}
    return found


def _label(places: Sequence[Draft], members: Sequence[int]) -> str:
    """Return the address that members share, or the shortest of their names."""
    roads = [road_address(places[i].address) for i in members]
    common = next((road for road in roads if road and roads.count(road) > 1), "")
    if common:
        return f"address:{common}"
    return (
        f"site:{min((bare_key(places[i].name) for i in members), key=lambda key: (len(key), key))}"
    )


def _next_door(places: Sequence[Draft]) -> Iterator[tuple[int, int]]:
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, draft in enumerate(places):
        road = road_address(draft.address)
        if road and draft.category != "market":
            groups[draft.district, road].append(i)
    for members in groups.values():
        yield from ((members[0], other) for other in members[1:])


def _is_one_site(a: Draft, b: Draft) -> bool:
    away = metres(a, b)
    if away > SITE_REACH_M:
        return False
    if away <= SAME_SPOT_M:
        return True
    short, long = sorted((bare_key(a.name), bare_key(b.name)), key=len)
    if len(short) >= SITE_NAME_LENGTH and short != long and long.startswith(short):
        return True
    if len(short) >= CONTAINED_LENGTH and long.endswith(short):
        return True
    return away <= HALL_REACH_M and _share_first_word(a.name, b.name)


def _share_first_word(a: str, b: str) -> bool:
    """Tell whether both are halls of the house that the first word names: "○○아트센터 △△홀"."""
    first, _, rest = a.partition(" ")
    other, _, other_rest = b.partition(" ")
    if not (rest or other_rest):
        return False
    word = min((first, other), key=len) if rest and other_rest else (first if rest else other)
    is_house = len(word) >= SITE_NAME_LENGTH and not word.endswith(AREA_ENDINGS)
    return is_house and a.startswith(word) and b.startswith(word)
