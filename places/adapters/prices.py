"""
What an adult pays, read from the cell of a table: "성인(19~64세) 3,000원 / 어린이 무료", "1인 2만5천원".

A cell is terser than a text (`engine.tagging.costs` reads those): its amounts may lack their currency, and
ages and heads stand between a word and its amount.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from engine.query.numbers import read_korean

FEE_HIGH: Final = 60_000  # dearer is a course, a rent or a slip
BARE_LOW: Final = 100  # less without a unit is an age or a count
ASIDE_HIGH: Final = 24  # letters between whom it is for and the amount
DIGITS_HIGH: Final = 13  # of one number: longer is none of money
RENT: Final = re.compile(r"대관|임대|수강")
# "무료" that is said of everybody: at the start, and not of an age or a group.
FREE: Final = re.compile(
    r"^\W*(?:(?:관람|입장|이용)료?\s*[:：]?\s*|상설\S*\s*:?\s*|전시\s*|전체\s*)?무\s?료(?!\s*[:：\[(（]?\s*[만\d①])"
)
# Whose price it is, the surest first; the second is said of everybody.
PAYERS: Final = (
    re.compile(r"성인|어른|대인|일반|개인|\badults?\b", re.I),
    re.compile(r"전석|1인(?!실)|인당|(?:입장|관람|이용)(?:료|권|요금)|요금"),
)
REDUCED: Final = r"어린이|소인|아동|유아|청소년|학생|군인|경로|노인|단체|child|youth|student"
OTHERS: Final = re.compile(rf"[,/;|｜]|{REDUCED}", re.I)
IS_REDUCED: Final = re.compile(REDUCED, re.I)
AMOUNT: Final = re.compile(
    r"(?P<sign>[₩￦\\]\s*)?(?P<number>\d{1,3}(?:,\d{3})+|\d+(?:\.\d)?(?!\d)|(?<!\d)(?=만\s*원))"
    r"\s*(?P<scale>만(?!\s*\d+\s*(?:세|살|~))(?:\s*\d\s*천)?|천)?\s*(?P<unit>원|won\b|krw\b)?",
    re.I,
)
# What is counted here is no money.
COUNTED: Final = re.compile(
    r"\s*(?:세|살|명|인|개|년|월|일|분|시|회|%|층|박|호|학년|번|대|팀|가족|[.:]\d)"
)
RANGE: Final = re.compile(r"\s*(?:[~∼〜–-]|에서)\s*")


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in won, and where it stands; `is_said` where it names its unit."""

    won: int
    start: int
    end: int
    is_said: bool


def amounts(said: str) -> Iterator[Amount]:
    """Yield the amounts of money in a cell, in order."""
    for found in AMOUNT.finditer(said):
        is_said = bool(found["sign"] or found["unit"])
        if len(found["number"]) > DIGITS_HIGH or (not is_said and COUNTED.match(said, found.end())):
            continue
        won = round(read_korean(f"{found['number']}{found['scale'] or ''}"))
        if is_said or found["scale"] or won >= BARE_LOW:
            yield Amount(won, found.start(), found.end(), is_said or bool(found["scale"]))


def fee(said: str) -> tuple[int, int] | None:
    """
    Return what an adult pays, as one clean cell says; None where it does not say.

    A bare 0 says nothing: only the word 무료 does.
    """
    if FREE.match(said):
        return 0, 0
    if RENT.search(said) or re.match(r"-\s*\d", said):  # nobody is paid for coming
        return None
    found = list(amounts(said))
    by_payer = (_paid_by(payer, said, found) for payer in PAYERS)
    paid = next((one for one in by_payer if one is not None), None) or _of_nobody(said, found)
    if paid is None:
        return None
    low, high = paid.won, _range_end(said, found, paid)
    return (low, high) if 0 < low <= high <= FEE_HIGH else None


def _paid_by(payer: re.Pattern[str], said: str, found: Sequence[Amount]) -> Amount | None:
    """Return the first amount that stands behind a word for the payer, and behind nobody else's."""
    for word in payer.finditer(said):
        paid = next((one for one in found if one.start >= word.end()), None)
        if (
            paid is not None
            and paid.start - word.end() <= ASIDE_HIGH
            and not OTHERS.search(said, word.end(), paid.start)
        ):
            return paid
    return None


def _of_nobody(said: str, found: Sequence[Amount]) -> Amount | None:
    """Return the first amount of which the cell does not say who pays it."""
    before = 0
    for one in found:
        is_whole = (one.start, one.end) == (0, len(said))
        if (one.is_said or is_whole) and not IS_REDUCED.search(said, before, one.start):
            return one
        before = one.end
    return None


def _range_end(said: str, found: Sequence[Amount], paid: Amount) -> int:
    """Return the greater end of "5,000원 ~ 10,000원"; the amount itself where there is none."""
    after = next((one for one in found if one.start >= paid.end), None)
    if after is None or not RANGE.fullmatch(said[paid.end : after.start]):
        return paid.won
    return after.won if after.won > paid.won else paid.won
