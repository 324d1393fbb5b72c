"""
What a visit costs, read from a text: amounts with their currency, each with what it is for.

An amount counts for the words between the one before and itself: "어른 1,500원 / 학생 1,000원" are two.
Only what one adult pays is told: the adult's amount before an entrance fee before any other price.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cache
from itertools import islice
from typing import Final

from engine.catalogue import minor_units, read_data
from engine.query.numbers import read_digits, read_korean
from engine.tagging.ranging import range_over
from engine.tagging.types import CostReading
from engine.tagging.vocabulary import fold

_DIGITS: Final = r"\d{1,3}(?:,\d{3}){1,3}(?:\.\d{1,2})?|\d{1,7}(?:[.,]\d{1,2}(?!\d))?"
_SINO: Final = r"(?:[일이삼사오육칠팔구]?[십백천만]){1,4}"
_KO: Final = rf"(?:(?:{_DIGITS}) ?[만천백]{{0,2}}(?: ?\d{{1,3}}(?:,\d{{3}})? ?[천백]{{0,1}})?|(?<![가-힣])만 ?\d천|(?<![가-힣])(?:[일이삼사오육칠팔구십]{{1,2}}만 )?{_SINO})"
_WON: Final = re.compile(
    rf"(?:(?P<low>{_KO})(?: ?원)?(?: ?[~-] ?|에서 ))?(?P<high>{_KO}) ?원(?P<about>대)?(?!시|점|형|숭|장|룸|정대|칙|래 |권|짜리 지폐)"
)
_NAMES: Final = {
    "KRW": r"won\b|krw\b|₩", "EUR": r"€|eur\b|euros?\b|유로", "USD": r"\$|usd\b|dollars?\b|bucks\b|달러|불(?![가-힣])",
    "CZK": r"kc\b|czk\b|korun[ay]?\b|crowns\b|코루나", "GBP": r"£|gbp\b|pounds?\b|quid\b|파운드", "JPY": r"¥|jpy\b|yen\b|엔(?![가-힣])",
}  # fmt: skip
_SIGNS: Final = {"₩": "KRW", "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}
_THOUSANDS: Final = r"(?: ?(?:k|thousand)(?![a-z]))?"
_SIGNED: Final = re.compile(
    rf"(?P<sign>[₩$€£¥]|\b(?:krw|usd|eur|czk|gbp|jpy)\b) ?(?P<low>{_DIGITS})(?P<k>{_THOUSANDS})(?: ?(?:-|~|–|to|and) ?[₩$€£¥]? ?(?P<high>{_DIGITS})(?P<k2>{_THOUSANDS}))?"
)
_CURRENCY: Final = "|".join(f"(?P<{code}>{names})" for code, names in _NAMES.items())
_SUFFIXED: Final = re.compile(
    rf"(?<![\d.,])(?:(?P<low>{_DIGITS})(?P<k>{_THOUSANDS}) ?(?:-|~|–|to) ?)?(?P<high>{_DIGITS})(?P<k2>{_THOUSANDS}) ?(?:{_CURRENCY})"
)

_SENTENCE_END: Final = re.compile(r"(?<!\d)[.!?;](?= |$)|\n|(?<=다)\. ?")
_PART_END: Final = re.compile(r"[,/·|()\[\]※*]")
# "₩3,000 (adults), 1,500 won for children": whose amount it is may stand behind it.
_ASIDE: Final = re.compile(
    r" ?\((?P<in>[^()]{1,24})\)| (?:for|per) (?P<for>(?:an? |each |all )?[a-z]+)"
)
_AFTER_HIGH: Final = 14
_BEFORE_HIGH: Final = 60
_DISAGREEING: Final = 0.75
_MOST_MINOR: Final = 100_000_000
_AMOUNTS_READ: Final = 40  # of each text; a longer list is a price list of something else

# An amount without its currency, right behind a word that only a price follows.
_BARE: Final = re.compile(
    r"(?:성인|어른|대인|일반|개인|석|입장료|관람료|체험료|요금)(?: ?\([^()]{0,20}\))? ?[:：]? ?(?P<high>\d{1,3},\d{3})(?=$|[\s/,)])(?! ?[명원])"
)

_TO_BE_SHARED: Final = re.compile(
    r"(?P<n>[2-6]) ?인 ?(?:세트|기준|코스|분)|둘이|두 ?명이|두 ?사람|커플 ?세트|for two\b|per couple"
)
# A bill of several people or things, nobody knows of how many.
_BILL: Final = re.compile(
    r"시켰|시키니|나왔|나와요|합쳐|합해서|총액|계산하니|bill came|in total|altogether"
)
_AT_MOST: Final = re.compile(r"^ ?(?:이하|미만|이내|안쪽)")
_AT_MOST_EN: Final = re.compile(r"(?:under|below|less than|up to|at most) $")
_HEDGED: Final = re.compile(
    r"약|정도|쯤|내외|부터|선\b|about|around|roughly|from|approx|20[01]\d년"
)
_FULL_HOUSE: Final = re.compile(r"^(?: ?버스| ?사례| ?관중| ?전철| ?지하철|을 이루)")
_WEAK: Final = 0.55  # of a free entrance that no word of entering stands beside
_NO_FEE: Final = re.compile(
    r"(?:입장료|관람료|이용료|요금|비용)(?:[은는이가도]|가 따로|는 따로)?(?: ?(?:별도로|따로|전혀))? ?(?:없(?!이 못)|안 ?받|받지 ?않|무료|들지 ?않)"
    r"|\bno (?:admission|entrance|entry) (?:fee|charge)|\bno (?:charge|fee)s?\b|\bfree (?:entry|entrance|admission|to (?:enter|visit))|"
    r"(?:admission|entry|entrance) is free"
)
_FREE: Final = re.compile(r"무료(?!권)|공짜|(?<![\d,])0 ?원|\bfree\b|\bgratis\b")


class _Role(IntEnum):
    """Who pays for what; of the amounts of a text those of the greatest role are told."""

    REDUCED = 0
    PRICE = 1
    ADMISSION = 2
    ADULT = 3


@dataclass(frozen=True, slots=True)
class _Amount:
    """An amount in minor units, and where it stands in the folded text."""

    low: int
    high: int
    currency: str
    start: int
    end: int
    role: _Role = _Role.PRICE
    confidence: float = 0.75


@dataclass(frozen=True, slots=True)
class _Words:
    dismissed: re.Pattern[str]
    admission: re.Pattern[str]
    adult: re.Pattern[str]
    reduced: re.Pattern[str]
    at_times: re.Pattern[str]
    beside: re.Pattern[str]


@cache
def _words() -> _Words:
    rows = read_data("costs.toml")["money"]
    return _Words(**{name: re.compile("|".join(words)) for name, words in rows.items()})


def cost_in(text: str) -> CostReading | None:
    """
    Return what `text` says that one adult pays; None where it does not.

    `currency` is empty where nothing is paid and no currency named. The evidence stands in `text`.
    """
    folded = fold(text)
    found = [
        *islice(_amounts(folded.text), _AMOUNTS_READ),
        *islice(_free(folded.text), _AMOUNTS_READ),
    ]
    payable = [amount for amount in found if amount.role > _Role.REDUCED]
    if not payable:
        return None
    best = _of_one_role(payable)
    currency = next((amount.currency for amount in best if amount.currency), "")
    best = [amount for amount in best if amount.currency in {currency, ""}]
    said = range_over(best, text=text, folded=folded, reach=_BEFORE_HIGH, disagreeing=_DISAGREEING)
    return CostReading(
        low=said.low,
        high=said.high,
        currency=currency,
        confidence=said.confidence,
        evidence=said.evidence,
    )


def _of_one_role(amounts: Sequence[_Amount]) -> list[_Amount]:
    """Return the amounts that count: those of adults, else of entering, else all."""
    highest = max(amount.role for amount in amounts)
    kept = [amount for amount in amounts if amount.role == highest]
    if highest is _Role.ADULT and all(amount.high for amount in kept):
        return kept
    # A free part beside one that is paid for: both are told.
    others = [a for a in amounts if a not in kept and not (a.high and any(k.high for k in kept))]
    return kept + others


def _amounts(text: str) -> Iterator[_Amount]:
    """Yield the amounts of `text` that somebody pays for a visit."""
    before_it, is_dismissed, admits = 0, False, False
    spans = _spans(text)
    for at, amount in enumerate(spans):
        head = text[max(before_it, amount.start - _BEFORE_HIGH) : amount.start]
        sentence = [cut.end() for cut in _SENTENCE_END.finditer(head)]
        if sentence:
            head, is_dismissed = head[sentence[-1] :], False
        tail = _PART_END.split(text[amount.end : amount.end + _AFTER_HIGH])[0]
        tail = _SENTENCE_END.split(tail)[0]
        before_it, aside = amount.end, _payer_behind(text, amount, spans[at + 1 : at + 2])
        said = _judged(amount, head, tail)
        if aside is not None:
            before_it = aside.end()
            said = said and _paid_by(said, aside["in"] or aside["for"])
        if said is not None and said.role is _Role.PRICE and admits and not sentence:
            near = _PART_END.split(head)[-1]
            said = said if near.strip() else replace(said, role=_Role.ADMISSION)
        admits = said is not None and said.role >= _Role.ADMISSION
        told = said is not None and (said.role != _Role.PRICE or not is_dismissed)
        is_dismissed = said is None or (is_dismissed and not told)
        if told and said is not None:
            yield said


def _payer_behind(text: str, amount: _Amount, after: Sequence[_Amount]) -> re.Match[str] | None:
    """Return the aside behind an amount that says who pays it; None where it says something else."""
    aside = _ASIDE.match(text, amount.end)
    if aside is None or any(one.start < aside.end() for one in after):
        return None
    words, payer = _words(), aside["in"] or aside["for"]
    return aside if words.adult.search(payer) or words.reduced.search(payer) else None


def _paid_by(amount: _Amount, payer: str) -> _Amount:
    if _words().adult.search(payer):
        return replace(amount, role=_Role.ADULT, confidence=0.95)
    return replace(amount, role=_Role.REDUCED, confidence=0.0)


def _judged(amount: _Amount, head: str, tail: str) -> _Amount | None:
    """Return the amount with its role; None where it is no price of a visit."""
    words = _words()
    near = _PART_END.split(head)[-1] or head
    if words.dismissed.search(near) or words.dismissed.search(tail) or _FULL_HOUSE.match(tail):
        return None
    if words.dismissed.search(head) and not words.admission.search(near):
        return None
    role, confidence = _role(head, near, tail)
    if _HEDGED.search(head) or _HEDGED.search(tail):
        confidence *= 0.9
    low, high = amount.low, amount.high
    if _AT_MOST.match(tail) or _AT_MOST_EN.search(head):
        low = 0
    shared = _TO_BE_SHARED.search(head)
    if not shared and _BILL.search(f"{near}{tail}"):
        return None
    if shared:
        people = int(shared["n"] or 2)
        low, high, confidence = low // people, high // people, confidence * 0.8
    return replace(amount, low=low, high=high, role=role, confidence=confidence)


def _role(head: str, near: str, tail: str) -> tuple[_Role, float]:
    words = _words()
    if words.adult.search(_FREE.split(head)[-1]):
        return _Role.ADULT, 0.95
    if words.reduced.search(near) or (words.reduced.search(head) and not near.strip()):
        return _Role.REDUCED, 0.0
    if words.at_times.search(near):
        return _Role.PRICE, 0.6
    if words.admission.search(head) or words.admission.search(tail):
        return _Role.ADMISSION, 0.9
    return _Role.PRICE, 0.75


def _spans(text: str) -> list[_Amount]:
    """Return every amount of money in `text`, none inside another, in order."""
    found: list[_Amount] = []
    for match in _WON.finditer(text):
        found.extend(_won(match))
    for match in _BARE.finditer(text):
        won = round(read_digits(match["high"]))
        found.append(_Amount(won, won, "KRW", *match.span("high")))
    for match in _SIGNED.finditer(text):
        found.extend(_foreign(match, _SIGNS.get(match["sign"], match["sign"].upper())))
    for match in _SUFFIXED.finditer(text):
        found.extend(_foreign(match, next(code for code in _NAMES if match[code])))
    found.sort(key=lambda amount: (amount.start, -amount.end))
    kept: list[_Amount] = []
    for amount in found:
        is_one = 0 <= amount.low <= amount.high <= _MOST_MINOR and amount.high
        if is_one and (not kept or amount.start >= kept[-1].end):
            kept.append(amount)
    return kept


def _won(match: re.Match[str]) -> Iterator[_Amount]:
    high = read_korean(match["high"])
    low = read_korean(match["low"]) if match["low"] else high
    if low < 100 <= high:  # 2~3만원: both are ten thousands
        low *= 10_000 if "만" in match["high"] else 1000 if "천" in match["high"] else 1
    low = min(low, high)
    if match["about"]:  # 2만원대: up to 29,999
        digit = 10 ** (len(str(int(high))) - 1)
        high = high - high % digit + digit - 1
    yield _Amount(round(low), round(high), "KRW", match.start(), match.end())


def _foreign(match: re.Match[str], currency: str) -> Iterator[_Amount]:
    ends = [match["low"], match["high"]]
    thousands = (match["k"] or "").strip() or (match["k2"] or "").strip()
    numbers = [_number(end) * (1000 if thousands else 1) for end in ends if end]
    low, high = numbers[0], numbers[-1]
    yield _Amount(
        minor_units(amount=min(low, high), currency=currency),
        minor_units(amount=high, currency=currency),
        currency,
        match.start(),
        match.end(),
    )


def _number(text: str) -> float:
    if re.fullmatch(r"\d{1,7},\d{1,2}", text):  # 8,50 as written on the continent
        return float(text.replace(",", "."))
    return read_digits(text)


def _free(text: str) -> Iterator[_Amount]:
    """Yield where `text` says that nothing is paid."""
    if "유료" in text:
        return  # something is paid for: "야외 무료, 실내 유료"
    for match in _NO_FEE.finditer(text):
        if not _is_conditional(text, match):
            yield _Amount(0, 0, "", match.start(), match.end(), _Role.ADMISSION, 0.9)
    for match in _FREE.finditer(text):
        if _is_conditional(text, match):
            continue
        head, tail = _clause(text, match)
        near = f"{head}{match[0]}{tail}"
        if _words().dismissed.search(near) or _words().beside.search(near):
            continue
        admits = _words().admission.search(near) or not (head.strip() or tail.strip())
        role = _Role.ADMISSION if admits else _Role.PRICE
        yield _Amount(0, 0, "", match.start(), match.end(), role, 0.9 if admits else _WEAK)


def _clause(text: str, match: re.Match[str]) -> tuple[str, str]:
    head = text[max(0, match.start() - _BEFORE_HIGH) : match.start()]
    tail = text[match.end() : match.end() + _BEFORE_HIGH]
    ends = re.compile(f"{_SENTENCE_END.pattern}|{_PART_END.pattern}")
    return ends.split(head)[-1], ends.split(tail)[0]


def _is_conditional(text: str, match: re.Match[str]) -> bool:
    """Tell whether it is free for some people or on some days only."""
    head, tail = _clause(text, match)
    near = f"{head}{match[0]}{tail}"
    words = _words()
    return bool(words.reduced.search(near) or words.at_times.search(near) or " 아니" in tail)
