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
from places.services.branching import shops_at_one_address
from places.services.likeness import is_likely_same, is_owned, lists_both, may_be_alike
from places.services.locating import metres
from places.services.merging import (
    FOOD,
    asides,
    bare_key,
    english_key,
    joined,
    name_key,
    rule_of_same,
)
from places.types import Draft

NEIGHBOUR_DEGREES: Final = 0.0046  # of latitude: about 510 m
SAME_SPOT_M: Final = 8.0
SITE_REACH_M: Final = 300.0
HALL_REACH_M: Final = 100.0
SITE_NAME_LENGTH: Final = 3
CONTAINED_LENGTH: Final = 6
OPERATOR: Final = "operator"
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


@dataclass(frozen=True, slots=True)
class Rulings:
    """What operators decided of pairs of records, by their keys in order."""

    same: frozenset[tuple[str, str]] = frozenset()
    different: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Judged:
    """Two records that something speaks for being one place: by which rule, and what came of it."""

    a: Draft
    b: Draft
    rule: str
    is_same: bool


@dataclass
class _Judging:
    """Joins records to groups, and writes down why."""

    drafts: Sequence[Draft]
    rulings: Rulings
    groups: _Groups = field(init=False)
    judged: list[Judged] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.groups = _Groups(len(self.drafts))

    def join(self, i: int, j: int, rule: str) -> None:
        if rule != OPERATOR and not _are_at_one_time(self.drafts[i], self.drafts[j]):
            return
        is_allowed = self._may_join(i, j)
        if is_allowed:
            self.groups.join(i, j)
        self.judged.append(Judged(self.drafts[i], self.drafts[j], rule, is_allowed))

    def join_unless_listed(self, i: int, j: int, rule: str) -> None:
        """Join two records, but not where one publisher lists both."""
        left, right = ([self.drafts[at] for at in self.groups.of(one)] for one in (i, j))
        if lists_both(left, right):
            fact = "one publisher lists both"
            self.judged.append(Judged(self.drafts[i], self.drafts[j], fact, is_same=False))
        else:
            self.join(i, j, rule)

    def _may_join(self, i: int, j: int) -> bool:
        if not self.rulings.different:
            return True
        left, right = self.groups.of(i), self.groups.of(j)
        pairs = (_pair(self.drafts[one], self.drafts[other]) for one in left for other in right)
        return self.rulings.different.isdisjoint(pairs)

    def rule_together(self) -> None:
        """Join what operators say is one."""
        at = {draft.key: i for i, draft in enumerate(self.drafts)} if self.rulings.same else {}
        for left, right in sorted(self.rulings.same):
            if left in at and right in at:
                self.join(at[left], at[right], OPERATOR)


def _are_at_one_time(a: Draft, b: Draft) -> bool:
    """Tell whether both are always there, or both are events that share a day."""
    if a.valid_from and a.valid_until and b.valid_from and b.valid_until:
        return a.valid_from <= b.valid_until and b.valid_from <= a.valid_until
    return a.is_event == b.is_event


def _pair(a: Draft, b: Draft) -> tuple[str, str]:
    return (a.key, b.key) if a.key < b.key else (b.key, a.key)


def clusters(drafts: Sequence[Draft]) -> list[list[Draft]]:
    """Return the drafts grouped by place, groups and members in the order given."""
    return judge(drafts)[0]


def judge(
    drafts: Sequence[Draft], *, rulings: Rulings = Rulings()
) -> tuple[list[list[Draft]], list[Judged]]:
    """
    Return the drafts grouped by place, groups and members in the order given, and why.

    What an operator rules of two records wins over every rule.
    """
    judging = _Judging(drafts, rulings)
    judging.rule_together()
    for i, j in _namesakes(drafts):
        if rule := rule_of_same(drafts[i], drafts[j]):
            judging.join(i, j, rule)
    near = [(i, j) for i, j in _neighbours(drafts) if may_be_alike(drafts[i].name, drafts[j].name)]
    likely = [(i, j) for i, j in near if is_likely_same(drafts[i], drafts[j])]
    owned = [(i, j) for i, j in near if is_owned(drafts[i], drafts[j])]
    for i, j in owned:
        judging.join(i, j, "owner in front of the name")
    for i, j in shops_at_one_address(drafts):
        if judging.groups.root(i) != judging.groups.root(j):
            judging.join_unless_listed(i, j, "one shop at one address")
    for i, j in likely:
        judging.join_unless_listed(i, j, "names alike")
    return [[drafts[i] for i in members] for members in judging.groups.all()], judging.judged


def _namesakes(drafts: Sequence[Draft]) -> Iterator[tuple[int, int]]:
    """Yield the pairs that share a name, an aside, an identifier or the address of a museum."""
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
        english_key(draft),
        *(f"{kind}={value}" for kind, value in draft.identifiers.items()),
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
        if is_one_site(places[i], places[j]):
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


def is_one_site(a: Draft, b: Draft) -> bool:
    """Tell whether two places stand on one spot or one is named after the other nearby."""
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
