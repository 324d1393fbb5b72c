"""What no plan was found for, so that no search asks again for as much or more."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from engine.cards.drafting import NO_CAP, Group
from engine.scoring.parameters import Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What one search asks of a plan, beside the rules of every plan; scores are no part of it."""

    shape: Shape
    stops: int
    is_hurried: bool
    walks_little: bool
    required: Collection[int]
    groups: Sequence[Group]

    def asks_no_less(self, *, than: Demand) -> bool:
        """Return whether every plan that meets this demand would meet the other as well."""
        return (
            (self.stops == 1) == (than.stops == 1)  # a single stop has rules of its own
            and self.stops <= than.stops
            and self.is_hurried == than.is_hurried
            and self.walks_little >= than.walks_little
            and _is_no_easier(self.shape, than.shape)
            and set(self.required) >= set(than.required)
            and all(self._implies(group) for group in than.groups)
        )

    def _implies(self, group: Group) -> bool:
        members = frozenset(group.members)
        is_capped = group.at_most >= NO_CAP or any(
            own.at_most <= group.at_most and members <= frozenset(own.members)
            for own in self.groups
        )
        return is_capped and (
            group.at_least == 0
            or any(
                own.at_least >= group.at_least and members >= frozenset(own.members)
                for own in self.groups
            )
        )


def _is_no_easier(one: Shape, other: Shape) -> bool:
    """Return whether legs and time of `one` are no longer, and its stays no shorter."""
    return one.leg <= other.leg and one.time <= other.time and one.stay >= other.stay
