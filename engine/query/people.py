"""Who comes along and how many they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from engine.query.numbers import COUNT_KO, SINO_KO, SMALL_EN, read_count
from engine.query.readings import Item, Number, People, Stops, Unit, Word

_MOST_PEOPLE: Final = 100
_NONE_OF: Final = Word("no_field")  # "0곳": a plan has stops
_OCCASIONS: Final = ("데이트", "date", "회식", "결혼", "anniversary", "wedding")
_COUNTED_WHOLE: Final = frozenset({"girls", "guys", "ladies", "lads", "gals", "boys"})  # 4 girls

_N_EN = rf"\d{{1,2}}|{SMALL_EN}"
_PEOPLE_KO = re.compile(
    rf"(?P<n>\d{{1,3}}|{COUNT_KO}|{SINO_KO})\s?(?:명|분이|사람|인|(?=\s?(?:식구|모녀|모자|부자|부녀|자매|형제|남매)))(?!당|분|\s?기준)"
    rf"(?!(?<=[1일]인)\s?(?:예산|\d|[일이삼사오육칠팔구십]*[만천]))"  # "1인 3만원" is each
)
_ALONE_KO = re.compile(
    r"(?P<n>하나|둘|셋|넷|다섯|여섯|일곱|여덟|아홉|열)(?!\s?다(?![가-힣])|\s?중|\s?시|번|째)"
)
_PAIRS_KO = re.compile(rf"(?P<n>\d|{COUNT_KO})\s?쌍(?!둥)")
_STOPS_KO = re.compile(
    rf"(?P<n>\d{{1,2}}|{COUNT_KO})\s?(?:곳|군데|개|스팟)(?!월)|(?P<one>하나)(?=만|랑|하고|씩|요|\s|[,.!+]|$)"
)
_OF_US = re.compile(rf"\b(?:the )?(?P<n>{_N_EN}) of us\b")
_PEOPLE_EN = re.compile(
    rf"\b(?P<n>{_N_EN}) (?:people|persons?|adults?|guests?|pax|ppl|travell?ers?|men|women)\b"
)
_OF_EN = re.compile(
    rf"(?:(?<=family)|(?<=party|group|table)|(?<=team|crew|gang)) of (?P<n>{_N_EN})\b"
)
_FOR_EN = re.compile(
    rf"\bfor (?P<n>{_N_EN})(?=$|[,.;!?)]| (?:in|on|at|near|under|with|around|tonight|tomorrow|please|this|by|today|and)\b)"
)
_WE_EN = re.compile(
    rf"\b(?:we are|we're|we r|were|there are|us) (?P<n>{_N_EN})\b(?! (?:hours?|hrs?|min\w*|stops?|places?|cafes?|bars?|days?)\b)"
)
_STOPS_EN = re.compile(rf"\b(?P<n>{_N_EN}) (?:stops?|places?|spots?|stop only)\b")
_NUMBER_EN = re.compile(rf"\b(?P<n>{_N_EN})(?![.,:]?\d|\w)")

_WITH = (
    "이랑",
    "랑",
    "하고",
    "과",
    "와",
)  # 친구 셋이랑 leaves the speaker out, 친구 셋이서 does not


def people_items(text: str) -> Iterator[Item]:
    """Yield every stretch of `text` that counts people or places, or is a bare small number."""
    for pattern in (_PEOPLE_KO, _ALONE_KO, _OF_US, _PEOPLE_EN, _OF_EN, _FOR_EN, _WE_EN):
        for match in pattern.finditer(text):
            number = round(read_count(match["n"]))
            if 0 < number <= _MOST_PEOPLE:
                start = match.start() + len(match[0]) - len(match[0].lstrip())
                whole = pattern not in (_PEOPLE_KO, _ALONE_KO)
                yield Item(start, match.end(), (People(number, whole=whole),))
    for match in _PAIRS_KO.finditer(text):
        pairs = round(read_count(match["n"]))
        yield Item(match.start(), match.end(), (People(2 * pairs, whole=True),))
    for pattern in (_STOPS_KO, _STOPS_EN):
        for match in pattern.finditer(text):
            number = round(read_count(match["n"] or "1"))
            yield Item(match.start(), match.end(), (Stops(number) if number > 0 else _NONE_OF,))
    for match in _NUMBER_EN.finditer(text):
        number = round(read_count(match["n"]))
        yield Item(match.start(), match.end(), (Number(number) if number > 0 else _NONE_OF,))


def companion_units(units: Sequence[Unit]) -> list[tuple[Unit, str]]:
    """Return who is named, in order of weight: a date or a pet only when nobody else is."""
    named = [
        (u, u.values["companions"][0]) for u in units if u.says("companions") and not u.negated
    ]
    kinds = {kind for unit, kind in named if not _weight((unit, kind))}
    if len(kinds & {"kids", "couple", "parents"}) > 1 or len(kinds & {"family", "parents"}) > 1:
        return [(unit, "family") for unit, kind in named if kind != "pet"]
    return sorted(named, key=_weight)


def _weight(named: tuple[Unit, str]) -> int:
    unit, kind = named
    if kind == "pet":
        return 2
    return 1 if _is_occasion(unit) else 0


def _is_occasion(unit: Unit) -> bool:
    """Tell whether `unit` names no person but what two do: a date."""
    return unit.text.startswith(_OCCASIONS)


def party_size(units: Sequence[Unit]) -> tuple[int, list[Unit]] | None:
    """Return how many come, the speaker counted, with the units that say so."""
    counted = _counted(units)
    if counted is not None:
        return counted
    stated = [(u, int(u.values["party"][0])) for u in units if u.says("party") and not u.negated]
    if not stated:
        return None
    others = [u for u in units if u.says("companions") and not (u.says("party") or u.negated)]
    if any(not u.says("companions", "pet") for u in others):
        return None
    people = [one for one in stated if not _is_occasion(one[0])] or stated  # 엄마랑 데이트 are two
    each = {
        "couple" if u.says("companions", "couple") else u.text: number - 1
        for u, number in people
        if u.says("companions")
    }
    size = max(1 + sum(each.values()), *(number for _, number in people))
    return size, [u for u, _ in stated]


def _counted(units: Sequence[Unit]) -> tuple[int, list[Unit]] | None:
    """Return the sum of what is counted, None where only children or nobody is counted."""
    total = children = 0
    said: list[Unit] = []
    for index, unit in enumerate(units):
        count = _count(units, index)
        if count is None:
            continue
        number, are_children = count
        said.append(unit)
        if are_children:
            children += number
        else:
            total = max(total, number)  # "친구 둘이 오는데 셋이서"
    if total:
        return (total + children if _adults_are_said(units) else total), said
    couple = [u for u in units if u.says("companions", "couple") and not u.negated]
    return (2 + children, [*couple, *said]) if children and couple else None


def _adults_are_said(units: Sequence[Unit]) -> bool:
    return any(u.text in {"성인", "어른"} or "adult" in u.text for u in units)


def _count(units: Sequence[Unit], index: int) -> tuple[int, bool] | None:
    """Return how many `units[index]` counts and whether they are children."""
    unit = units[index]
    for reading in unit.readings:
        if isinstance(reading, People) and reading.whole:
            return reading.number, False
        if isinstance(reading, People):
            return _count_korean(units, index, reading.number)
        if isinstance(reading, Number):
            return _count_before_noun(units, index, reading.number)
    return None


def _count_korean(units: Sequence[Unit], index: int, number: int) -> tuple[int, bool] | None:
    unit = units[index]
    before = units[index - 1] if index and not unit.gap.strip() else None
    if unit.text == "하나" and (before is None or not before.says("companions")):
        return None
    if before is None or before.tail not in {"", "들"}:
        return number, False
    if before.says("companions", "kids"):
        return number, not unit.tail.startswith("이서")  # 딸 둘이서 counts the speaker
    others = before.says("companions", "friends") or before.says("companions", "coworkers")
    beside = index > 1 and units[index - 2].text in {"나", "저"}  # 나랑 친구 둘
    aside = others and (unit.tail.startswith(_WITH) or (beside and not unit.tail))
    return number + (1 if aside else 0), False


def _party_of(unit: Unit, number: int, *, beside: bool) -> int | None:
    """Return how many `number` of `unit` make, the speaker counted; None where that is unknown."""
    if unit.text == "couples":
        return number * 2
    if unit.text in _COUNTED_WHOLE and not beside:
        return number
    whole = unit.says("companions", "couple") or unit.says("companions", "parents")
    return None if whole else number + 1


def _is_beside_the_speaker(units: Sequence[Unit], index: int) -> bool:
    return index > 0 and units[index - 1].text in {"with", "w", "w/", "and", "&", "n", "my", "for"}


def _count_before_noun(units: Sequence[Unit], index: int, number: int) -> tuple[int, bool] | None:
    for unit in units[index + 1 : index + 3]:
        if unit.gap.strip():
            return None
        if unit.says("companions", "kids"):
            return number, True
        if unit.says("companions") and not unit.says("companions", "pet"):
            size = _party_of(unit, number, beside=_is_beside_the_speaker(units, index))
            return None if size is None else (size, False)
        if not (unit.says("fillers") or unit.unknown):
            return None
    return None
