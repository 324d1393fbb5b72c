"""What a sentence asks to go to: the categories wanted, how many of each, and of which mostly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from engine.query.readings import Money, Number, Stops, Unit
from engine.query.resolving import is_before, is_meal

_FEEDING: Final = frozenset({"cafe", "dessert", "restaurant", "market", "bar"})
_BESIDE_KO: Final = frozenset(
    {"옆", "근처", "앞", "뒤", "주변", "맞은편", "건너편", "부근", "인근"}
)
_BESIDE_EN: Final = frozenset({"near", "near to", "close to", "next to", "beside"})
_WITHIN_MARKET: Final = 4  # units behind 시장에서 that tell what is eaten there


def categories(
    units: Sequence[Unit], *, of_area: Sequence[tuple[str, Unit]]
) -> list[tuple[str, Unit]]:
    """Return what one wants to go to; food at a market is the market alone."""
    found = list(of_area)
    for index, unit in enumerate(units):
        if unit.negated or is_before(units, index):
            continue
        found += [(value, unit) for value in unit.values.get("categories", ())]
        if is_meal(units, index) or (unit.says("praise") and not _praises(units, index)):
            found.append(("restaurant", unit))
        if unit.says("drinking") and not _measures(units, index):
            found.append(("bar", unit))
    if not found and any(isinstance(r, Money) for u in units for r in u.readings):
        # "15,000원 점심": who names a price for lunch eats it.
        found += [("restaurant", u) for u in units if u.text == "점심" and not u.negated]
    found = [pair for pair in found if not _is_beside(units, pair[1])] or found
    eaten = _eaten_at_markets(units, found)
    found = [pair for pair in found if pair[0] == "market" or pair[1] not in eaten]
    names = {value for value, _ in found}
    if "market" not in names and "restaurant" not in names:
        found += [("restaurant", u) for i, u in enumerate(units) if _is_plain_food(units, i)]
    return found


def _eaten_at_markets(units: Sequence[Unit], found: Sequence[tuple[str, Unit]]) -> list[Unit]:
    """Return the dishes and sweets had at a market: 시장에서 칼국수랑 호떡."""
    eaten: list[Unit] = []
    for market in [unit for value, unit in found if value == "market"]:
        index = next((i for i, unit in enumerate(units) if unit is market), len(units))
        if not market.tail.startswith("에서"):
            continue
        for unit in units[index + 1 : index + 1 + _WITHIN_MARKET]:
            if unit.gap.strip():
                break
            if unit.says("dishes") or unit.says("meals") or unit.says("categories", "dessert"):
                eaten.append(unit)
    return eaten


def _is_beside(units: Sequence[Unit], unit: Unit) -> bool:
    """Tell whether `unit` only says where: 미술관 옆 카페, "a cafe near a park"."""
    index = next((i for i, u in enumerate(units) if u is unit), 0)
    after = units[index + 1] if index + 1 < len(units) else None
    if after is not None and after.text in _BESIDE_KO:
        return not (after.gap.strip() or unit.tail)
    before = index - 1
    while before >= 0 and units[before].text in {"a", "the", "an"}:
        before -= 1
    return before >= 0 and units[before].text in _BESIDE_EN and not units[before + 1].gap.strip()


def _praises(units: Sequence[Unit], index: int) -> bool:
    """Tell whether 맛집 only praises the word before it: 디저트 맛집, 뷰 맛집."""
    if not index or units[index].gap.strip():
        return False
    before = units[index - 1]
    view = before.says("moods", "scenic") and before.tail == ""
    return (before.says("categories") or view) and before.tail == ""


def _measures(units: Sequence[Unit], index: int) -> bool:
    """Tell whether 한잔 only measures the drink before it: 라떼 한잔, 음료 한잔."""
    before = units[index - 1] if index and not units[index].gap.strip() else None
    if before is None or before.tail:
        return False
    return before.unknown or before.says("categories")


def _is_plain_food(units: Sequence[Unit], index: int) -> bool:
    unit = units[index]
    if unit.negated or not unit.says("food"):
        return False
    beside = units[max(0, index - 1) : index + 2]
    return not any(_FEEDING & set(u.values.get("categories", ())) for u in beside)


def counts(units: Sequence[Unit]) -> tuple[list[tuple[str, int, Unit]], tuple[int, Unit] | None]:
    """Return how many of each category, and how many stops at all."""
    per_category: list[tuple[str, int, Unit]] = []
    stops: tuple[int, Unit] | None = None
    for index, unit in enumerate(units):
        for reading in unit.readings:
            if isinstance(reading, Stops):
                category = _category_beside(units, index, -1)
                if category:
                    per_category.append((category, reading.number, unit))
                elif not (index and units[index - 1].says("companions")):
                    stops = (reading.number, unit)
            elif isinstance(reading, Number):
                category = _category_beside(units, index, 1)
                if category:
                    per_category.append((category, reading.number, unit))
    return per_category, stops


def _category_beside(units: Sequence[Unit], index: int, step: int) -> str | None:
    """Return the category right before ("카페 2곳") or soon after ("two modern cafes") `index`."""
    at = index + step
    for _ in range(2 if step > 0 else 1):
        if not 0 <= at < len(units) or units[max(at, index)].gap.strip() or units[at].negated:
            return None
        if units[at].says("categories"):
            return units[at].values["categories"][0]
        if not units[at].says("moods"):
            return None
        at += step
    return None


def mostly(units: Sequence[Unit]) -> list[tuple[str, Unit]]:
    """Return the categories that the plan is to be made of: 카페 위주, bookstore hopping."""
    found: list[tuple[str, Unit]] = []
    for index, unit in enumerate(units):
        if not unit.says("mostly"):
            continue
        beside = [i for i in (index - 1, index + 1) if 0 <= i < len(units)]
        named = next((units[i] for i in beside if units[i].says("categories")), None)
        if named is not None and not named.negated:
            found += [(value, named) for value in named.values["categories"]]
    return found
