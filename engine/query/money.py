"""
Amounts of won and of crowns: "3만5천원", "만오천원", "15k won", "₩20,000", "500 Kč", "CZK 300".

"20k" and "under 20,000" name no currency. Amounts of others ("$20") are found too, so that they are
not taken for numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from engine.query.numbers import DIGITS, WORDS_EN, read_digits, read_english, read_korean
from engine.query.readings import ForeignMoney, Item, Money

_MOST: Final = 100_000_000  # more is no budget of a trip
_WON: Final = "KRW"
_CROWNS: Final = "CZK"

_DIGIT_KO = rf"(?:{DIGITS})"
_BOUND = re.compile(
    r"(?=\s*(?:이하|미만|이내|정도|안쪽|안팎|내외|으로|로|쯤|씩|까지|대|선|안|밖에|한도|예산|$|[,.!?)]))"
)
_KOREAN = re.compile(
    rf"(?:(?P<low>{_DIGIT_KO})\s?(?:만|천)?\s?[~-]\s?)?"
    rf"(?P<amount>{_DIGIT_KO}\s?[십백]?[만천](?:\s?\d[\d,]{{0,8}}\s?[천백]?(?:\s?\d백)?|\s?[일이삼사오육칠팔구]?[천백])?"
    rf"|{_DIGIT_KO}(?=\s?(?:원|₩))"
    rf"|[일이삼사오육칠팔구십백천]*만(?:\s?[\d일이삼사오육칠팔구]?천)?(?:\s?[\d일이삼사오육칠팔구]?백)?"
    rf"|[일이삼사오육칠팔구]?천(?:[일이삼사오육칠팔구]?백)?)"
    rf"(?P<won>\s?(?:원|won|krw|₩|(?<=[만천])언(?!더|제|니))(?:대|어치|짜리|권)?)?"
)
_SLURRED = re.compile(  # 2마넌
    r"(?<![가-힣\d])(?P<n>\d{1,3}|[일이삼사오육칠팔구십]{1,3})?\s?마넌(?![가-힣]*더)"
)
_SPELT_LEFT = re.compile(r"[가-힣]$")
_OTHER_UNIT = re.compile(
    r"\s?(?:명|보(?:$|\s)|걸음|개|미터|km|m\b|명이|여|천히|번|시간|분|달러|엔|불)"
)

_ENGLISH = re.compile(
    rf"(?P<sign>₩|krw\s?|\bw(?=\d))?\s?(?P<n>\b{DIGITS}|(?<=[₩w]){DIGITS}|\b{WORDS_EN}\b)"
    rf"(?:\s?(?P<k>k|thousand|grand)\b)?(?P<won>\s?(?:won\b|krw\b|₩|원)|\s?(?<=k )₩)?"
)
_FOREIGN = re.compile(
    rf"(?:us\s?)?[$€£¥]\s?(?:{DIGITS})(?:\s?k\b)?"
    rf"|(?<![\d.,])(?:{DIGITS}|{WORDS_EN})\s?(?:만|천|k|thousand)?\s?(?:[$€£¥]|달러|유로|엔(?![가-힣])|불(?![가-힣])|"
    r"(?:us )?dollars?\b|usd\b|bucks?\b|euros?\b|eur\b|gbp\b|quid\b|pounds?\b|yen\b|jpy\b)"
)
_CROWN_WORDS: Final = r"kč\b|kc\b|czk\b|korun[ay]?\b|crowns\b|코루나"
_CZECH = re.compile(
    rf"(?:czk|kč)\s?(?P<behind>{DIGITS})(?:\s?(?P<thousands_behind>k)\b)?"
    rf"|(?<![\d.,])(?P<before>{DIGITS}|{WORDS_EN})\s?(?P<thousands>만|천|k|thousand)?\s?(?:{_CROWN_WORDS})"
)
_FACTORS: Final = {"만": 10_000, "천": 1_000, "k": 1_000, "thousand": 1_000}
_NOT_MONEY = re.compile(r"\s?(?:run|race|steps?|km|m\b|walk|people|metres?|meters?|ride)")
_CUE = re.compile(
    r"(?:budget(?: is| of|:)?|under|below|max(?:imum)?|up to|at most|less than|more than|exceed(?:ing)?|within|spend(?:ing)?|"
    r"no more than|예산은?|around|about|only)\s*$"
)


def money_items(text: str) -> Iterator[Item]:
    """Yield every stretch of `text` that names an amount."""
    for match in _FOREIGN.finditer(text):
        yield Item(match.start(), match.end(), (ForeignMoney(),))
    for match in _CZECH.finditer(text):
        yield from _item(match.start(), match.end(), _crowns(match), _CROWNS)
    for match in _KOREAN.finditer(text):
        if _is_korean_money(text, match):
            currency = _WON if match["won"] else None
            yield from _item(match.start(), match.end(), read_korean(match["amount"]), currency)
    for match in _SLURRED.finditer(text):
        yield from _item(match.start(), match.end(), read_korean((match["n"] or "") + "만"), _WON)
    for match in _ENGLISH.finditer(text):
        amount = _english_amount(text, match)
        if amount is not None:
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            currency = _WON if match["sign"] or match["won"] else None
            yield from _item(start, match.end(), amount, currency)


def _item(start: int, end: int, amount: float, currency: str | None) -> Iterator[Item]:
    if 0 < amount <= _MOST:
        yield Item(start, end, (Money(round(amount), currency),))


def _crowns(match: re.Match[str]) -> float:
    said = match["behind"] or match["before"]
    number = read_digits(said) if said[0].isdigit() else float(read_english(said))
    return number * _FACTORS.get(match["thousands_behind"] or match["thousands"], 1)


def _is_korean_money(text: str, match: re.Match[str]) -> bool:
    if match["won"]:
        return match["amount"][0].isdigit() or not _SPELT_LEFT.search(text[: match.start()])
    if _OTHER_UNIT.match(text, match.end()):
        return False
    if match["amount"][0].isdigit():
        return True
    long_enough = len(match["amount"]) >= 2
    bounded = _BOUND.match(text, match.end()) is not None
    return long_enough and bounded and not _SPELT_LEFT.search(text[: match.start()])


def _english_amount(text: str, match: re.Match[str]) -> float | None:
    said = match["n"]
    number = read_digits(said) if said[0].isdigit() else float(read_english(said))
    number *= 1000 if match["k"] else 1
    named = bool(match["sign"] or match["won"])
    before = text[: match.start()]
    if before.rstrip().endswith(("$", "€", "£")) or _NOT_MONEY.match(text, match.end()):
        return None
    counted = "thousand" in said or match["k"] is not None
    grouped = "," in said or _CUE.search(before) is not None  # "20,000", "under 20000"
    cued = said[0].isdigit() and number >= 1000 and grouped
    return number if named or counted or cued else None
