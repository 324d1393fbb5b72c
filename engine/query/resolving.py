"""The fields that need more than one word: money, time, categories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from engine.query.readings import (
    Clock,
    ClockRange,
    Duration,
    Money,
    People,
    Stops,
    Unit,
)

_DAY: Final = 1440
_INFERRED, _STATED = 0.7, 1.0
_RANGE_SIGNS: Final = frozenset({"~", "-", "to"})
_FROM_TAILS: Final = ("부터", "에서", "쯤부터")
_MEALS_KO: Final = ("점심", "저녁", "아침")
_DONE_KO: Final = ("다가", "하고", "보고", "먹고", "나서", "후", "다음")  # 전시 보고 저녁
_MEAL_TAILS: Final = ("을", "도", "이랑", "하고", "과", "이나", "만")
_DAYPART_FROM_HOUR: Final = ((5, "night"), (12, "morning"), (18, "afternoon"), (21, "evening"))
_FOR: Final = frozenset({"for", "between", "among", "amongst"})
_BEFORE_KO: Final = frozenset({"전", "전에", "이전"})
_NIGHT_CATEGORIES: Final = frozenset({"bar", "club", "theatre"})


@dataclass(frozen=True, slots=True)
class ClockTimes:
    """Start and end in minutes of the day, the units that say them, and how sure we are."""

    start: int | None = None
    end: int | None = None
    units: tuple[Unit, ...] = ()
    confidence: float = 1.0


def budget(units: Sequence[Unit], *, party: int | None) -> tuple[Money, list[Unit]] | None:
    """Return the money of each person; what is said for the group is divided by the party."""
    amounts = [
        (i, r)
        for i, u in enumerate(units)
        if not u.negated
        for r in u.readings
        if isinstance(r, Money)
    ]
    if not amounts:
        free = [u for u in units if u.says("budget") and not u.negated]
        return (Money(0), free) if free else None
    at, money = next(((i, m) for i, m in amounts if _is_each(units, i)), amounts[0])
    said = [units[at]]
    for following, more in amounts:
        if 0 < following - at <= 2 and _is_range(units, at, following):
            at, money = following, more
            said.append(units[at])
    if party and party > 1 and _is_for_the_group(units, at, party):
        money = replace(money, amount=round(money.amount / party))
        said += [u for u in units if u.says("total")]
    return money, said


def _is_each(units: Sequence[Unit], at: int) -> bool:
    """Tell whether the amount at `at` is said to be each person's."""
    before = at > 0 and units[at - 1].says("each") and not units[at].gap.strip()
    after = at + 1 < len(units) and units[at + 1].says("each") and not units[at + 1].gap.strip()
    return before or after or units[at].tail.startswith("씩")


def _is_range(units: Sequence[Unit], at: int, following: int) -> bool:
    if following - at == 2 and units[at + 1].text in {"and", "to"}:
        return not units[following].gap.strip()
    return _is_joined(units[at], units[at + 1])


def _is_for_the_group(units: Sequence[Unit], at: int, party: int) -> bool:
    if units[at].tail.startswith("씩") or any(u.says("each") for u in units):
        return False
    if any(u.says("total") and _belongs_to(units, i, at) for i, u in enumerate(units)):
        return True
    family = any(u.says("companions", "family") for u in units)
    return (family and party > 2) or _beside_the_party(units, at)


def _belongs_to(units: Sequence[Unit], index: int, money: int) -> bool:
    """Tell whether the word "in total" at `index` is said of the amount, not of a length."""
    after = _first_measure(units[index + 1 : index + 4])
    before = _first_measure(units[max(0, index - 3) : index][::-1])
    if after is not None and not units[index + 1].gap.strip():
        return after is units[money]
    return before is units[money] or after is units[money]


def _first_measure(units: Sequence[Unit]) -> Unit | None:
    measures = (Money, Duration, Stops)
    return next((u for u in units if any(isinstance(r, measures) for r in u.readings)), None)


def _beside_the_party(units: Sequence[Unit], at: int) -> bool:
    """Tell whether the party pays as one: "둘이서 5만원", "100,000 won for four"."""
    if at and not units[at].gap.strip() and _is_a_party(units[at - 1]):
        return True
    if at + 1 < len(units) and not units[at + 1].gap.strip() and _is_a_party(units[at + 1]):
        return units[at + 1].tail != ""  # 10만원 둘이서
    for unit in units[at + 1 : at + 4]:
        if unit.gap.strip():
            return False
        if any(isinstance(r, People) for r in unit.readings):
            return unit.text.startswith("for ") or units[at + 1].text in _FOR
        if not (unit.says("fillers") or unit.says("total")):
            return False
    return False


def _is_a_party(unit: Unit) -> bool:
    """Tell whether `unit` counts people as one party: 둘이서, 2인."""
    as_one = unit.tail in {"이서", "서", "이"} or (unit.tail == "" and unit.text.endswith("인"))
    return as_one and any(isinstance(reading, People) for reading in unit.readings)


def duration(units: Sequence[Unit]) -> tuple[int, list[Unit]] | None:
    """Return the length of time asked for: the one said for the whole, else the longest."""
    lengths: list[tuple[int, Unit]] = []
    for unit in units:
        if unit.negated:
            continue
        lengths += [(r.minutes, unit) for r in unit.readings if isinstance(r, Duration)]
        lengths += [(int(value), unit) for value in unit.values.get("durations", ())]
    if not lengths:
        return None
    minutes, unit = max(lengths, key=lambda found: found[0])
    before, _ = neighbours(units, unit)
    shorter = [u for _, u in lengths if u is before and _is_joined(u, unit)]
    return minutes, [*shorter, unit]


def _is_joined(unit: Unit, following: Unit) -> bool:
    return following.gap.strip() in _RANGE_SIGNS or unit.tail.startswith(_FROM_TAILS)


def clock_times(
    units: Sequence[Unit], *, dayparts: Sequence[str], categories: Sequence[str]
) -> ClockTimes:
    """Return when to start and to end; an hour said alone is settled by what else is said."""
    said = _clocks(units)
    if not said:
        return ClockTimes()
    unit, first = said[0]
    start = _settle(first, dayparts, categories)
    confidence = _STATED if first.certain else _INFERRED
    if _is_end(units, unit):
        return ClockTimes(end=start, units=(unit,), confidence=confidence)
    if len(said) > 1 and (said[1][0] is unit or _ends(units, unit, said[1][0])):
        end = _end_after(start, said[1][1])
        return ClockTimes(start, end, tuple(dict.fromkeys((unit, said[1][0]))), confidence)
    return ClockTimes(start=start, units=(unit,), confidence=confidence)


def _clocks(units: Sequence[Unit]) -> list[tuple[Unit, Clock]]:
    """Return the clock times in order; both ends of a range come with the same unit."""
    return [(unit, clock) for unit in units if not unit.negated for clock in _clocks_of(unit)]


def _clocks_of(unit: Unit) -> tuple[Clock, ...]:
    """Return the clock time of `unit`, or both of a range; a word can be read by two rules."""
    for reading in unit.readings:
        if isinstance(reading, ClockRange):
            return reading.start, reading.end
        if isinstance(reading, Clock):
            return (reading,)
    hours, _, minutes = unit.values.get("clocks", [""])[0].partition(":")
    return (Clock(int(hours) * 60 + int(minutes), certain=True),) if hours else ()


def neighbours(units: Sequence[Unit], unit: Unit) -> tuple[Unit | None, Unit | None]:
    """Return the units before and after `unit`."""
    index = next(i for i, u in enumerate(units) if u is unit)
    return (
        units[index - 1] if index else None,
        units[index + 1] if index + 1 < len(units) else None,
    )


def _is_end(units: Sequence[Unit], unit: Unit) -> bool:
    _, after = neighbours(units, unit)
    by = lead_in(units, unit).text in {"by", "until", "till", "before", "no later than"}
    due = after is not None and after.text in _BEFORE_KO
    return by or due or unit.tail.startswith(("까지", "전", "이전")) or _is_appointment(units, unit)


def _is_appointment(units: Sequence[Unit], unit: Unit) -> bool:
    """Tell whether what happens at the clock time ends the trip: 6시 약속 전에, 6시에 약속 있어서 그 전까지."""
    index = next(i for i, u in enumerate(units) if u is unit)
    for follows in units[index + 1 : index + 5]:
        if follows.gap.strip() or any(isinstance(r, Duration) for r in follows.readings):
            return False
        if follows.says("appointments"):
            return any(u.text in _BEFORE_KO for u in units[index + 1 : index + 5])
    return False


def _ends(units: Sequence[Unit], start: Unit, end: Unit) -> bool:
    before, after = neighbours(units, end)
    joined = end.gap.strip() in _RANGE_SIGNS or start.tail.startswith(_FROM_TAILS)
    by = before is not None and before.text in {"to", "until", "till", "and"}
    over = after is not None and after.says("ends") and not after.gap.strip()
    return joined or by or over or end.tail.startswith("까지")


def _settle(clock: Clock, dayparts: Sequence[str], categories: Sequence[str]) -> int:
    """Choose the half of the day for an hour said alone: 10시 is a morning, 3시 an afternoon."""
    if clock.certain or clock.minutes >= 780:
        return clock.minutes
    hour = clock.minutes // 60 % 12
    late = clock.minutes % 720 + 720
    if "morning" in dayparts:
        return clock.minutes % 720 if hour else late
    if "night" in dayparts and hour < 5:
        return clock.minutes % 720
    if set(dayparts) & {"afternoon", "evening", "night"}:
        return late
    first_morning = 10 if "lunch" not in dayparts and _NIGHT_CATEGORIES & set(categories) else 8
    return late if hour < first_morning else clock.minutes


def _end_after(start: int, end: Clock) -> int:
    minutes = end.minutes
    step = _DAY if end.certain else _DAY // 2
    while minutes <= start:
        minutes += step
    return minutes


def daypart_of(minutes: int) -> str:
    """Return the daypart of a clock time."""
    hour = minutes // 60 % 24
    return next((name for until, name in _DAYPART_FROM_HOUR if hour < until), "night")


def dayparts(units: Sequence[Unit]) -> list[tuple[str, Unit]]:
    """Return the dayparts said, the weak ones last; lunch only where it is no meal."""
    found: list[tuple[str, Unit]] = []
    for index, unit in enumerate(units):
        if unit.negated or is_before(units, index):
            continue
        found += [
            (value, unit)
            for value in unit.values.get("dayparts", ())
            if not (value == "lunch" and is_meal(units, index))
        ]
        found += [(r.daypart, unit) for r in unit.readings if isinstance(r, Clock) and r.daypart]
        found += [
            (r.start.daypart, unit)
            for r in unit.readings
            if isinstance(r, ClockRange) and r.start.daypart
        ]
    return sorted(found, key=is_weak_daypart)


def lead_in(units: Sequence[Unit], unit: Unit) -> Unit:
    """
    Return the word that a time or a meal hangs on: "*before* our 7pm dinner"; itself where none does.

    Small words and the other of the two may stand between.
    """
    at = next(i for i, u in enumerate(units) if u is unit)
    while at > 0 and not units[at].gap.strip():
        at -= 1
        if not (units[at].says("particles") or units[at].says("meals") or _clocks_of(units[at])):
            return units[at]
    return unit


def is_before(units: Sequence[Unit], index: int) -> bool:
    """Tell whether a daypart or a meal only says what comes later: 저녁 전에, "before our dinner"."""
    unit = units[index]
    if unit.says("meals") and lead_in(units, unit).text == "before":
        return True
    if not unit.says("dayparts") or index + 1 == len(units) or unit.tail not in {"", "기"}:
        return False
    follows = units[index + 1]
    return follows.text in _BEFORE_KO and not follows.gap.strip()


def is_weak_daypart(said: tuple[str, Unit]) -> bool:
    """Tell whether a clock time or another daypart beats this one: lunch, an end (저녁까지), date night."""
    daypart, unit = said
    return daypart == "lunch" or unit.tail.startswith("까지") or unit.says("companions")


def is_meal(units: Sequence[Unit], index: int) -> bool:
    """Tell whether 점심 or 저녁 at `index` is eaten and not a time of day."""
    unit = units[index]
    if unit.text not in _MEALS_KO:
        return False
    if unit.tail in _MEAL_TAILS:
        return True
    follows = units[index + 1] if index + 1 < len(units) else None
    if follows is None or follows.gap.strip() in {",", "+", "→", "->", ">", "/"}:
        before = units[index - 1] if index else None
        next_thing = before is not None and (before.text + before.tail).endswith(_DONE_KO)
        return index > 0 and (next_thing or unit.gap.strip() in {",", "+", "→", "->", ">", "/"})
    return follows.says("food") or follows.says("praise")
