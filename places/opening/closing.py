"""
Reads Korean closing texts ("매주 월요일(공휴일이면 다음 평일), 1월 1일, 설날·추석 당일").

A text is consumed token by token, longest meaning first ("1월 1일" before "월", "1,3주" before the
comma). What no token consumes refuses the whole text; what only says that the place may be closed
now and then ("전시 교체 기간") is kept as a note.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from places.opening.calendar import Feast
from places.opening.closures import (
    LAST,
    Closure,
    DatedClosure,
    FeastClosure,
    HolidayClosure,
    IfHoliday,
    WeekdayClosure,
    YearlyClosure,
)
from places.opening.conditions import CONDITION, HOLIDAY_WORD, opens_more, read_condition
from places.opening.lexicon import DAY, WEEKEND, WORKDAYS, day_list, normal
from places.opening.types import Refusal

_NAMED_DAYS: Final[Mapping[str, tuple[int, int]]] = {
    "신정": (1, 1), "새해첫날": (1, 1), "새해": (1, 1), "신년": (1, 1), "성탄절": (12, 25), "크리스마스": (12, 25), "근로자의날": (5, 1),
    "노동절": (5, 1), "어린이날": (5, 5), "현충일": (6, 6), "삼일절": (3, 1), "3.1절": (3, 1),
    "광복절": (8, 15), "개천절": (10, 3), "한글날": (10, 9), "제헌절": (7, 17),
}  # fmt: skip
_ORDINALS: Final = {"첫": 1, "둘": 2, "두": 2, "셋": 3, "세": 3, "넷": 4, "네": 4, "다섯": 5}
# When schools and universities are surely on holiday, and somewhat more: the dates differ by year.
_VACATIONS: Final = (((6, 20), (8, 31)), ((12, 20), (2, 29)))

_NEVER_OPEN = re.compile(
    r"(?:현재\s*)?(?:(?:임시|장기|잠정|무기한)\s*)?(?:휴관|휴업|휴무|폐관|폐업|폐쇄|미운영)"
    r"(?:\s*(?:중|상태)(?:\s*\([^()]*\))?)?(?:\s*입니다|임)?[.\s]*"
    r"|[^,+/()월]*(?:공사|리모델링|재건축|증축|보수|노후|코로나)[^,+/()]*(?:휴관|휴업)\s*중?\s*(?:\([^()]*\))?"
    r"|개관\s*(?:준비|예정)(?:\s*중)?|운영\s*(?:중단|안\s*함)"
)
_EXCEPTION = re.compile(r"^\s*단(?=[\s,])|제외(?:한|하고|됨)?|휴[관무](?:일)?")
_CEASED = re.compile(r"(?:장기|잠정|무기한)\s*(?:휴관|휴업)|폐관|폐업|현재\s*휴관")
_SILENT = re.compile(
    r"[\s\-.,/]*|null|무관|해당\s*(?:사항\s*)?없음|(?:정보|자료)\s*(?:부재|없음)|미정|변동|부정기(?:적)?"
    r"|.*(?:홈페이지|개별|별도|전화)\s*(?:참[조고]|확인|문의|안내).{0,4}"
    r"|[^,+]*(?:상이|다름|따름|따라|재량).{0,6}"
)

_MONTH_DAY = (
    r"\d{1,2}\s*월\s*\d{1,2}\s*일|(?<![\d.])\d{1,2}\s*[./]\s*\d{1,2}(?:\.(?!\d)|(?![\d.]*주|\d))"
)
_COUNT = r"제?\s*[1-5](?:\s*째)?"
# Unforeseeable closings: free words up to the next separator or the next day that can be foreseen.
_FREE = r"(?:(?!매주|매월|[월화수목금토일]요일|주말|공휴일|설날|추석)[^,+/()])"
_IRREGULAR = (
    rf"{_FREE}*?(?:임시\s*(?:휴관|휴무|휴일)|필요|사정|정하는|정한|지정|전시|교체|점검|공사|리모델링|훈증|소독|우천"
    r"|강우|기상|날씨|태풍|폭설|주의보|선거|시험|학교\s*휴무|휴교|예약|대관|별도|행사|부정기|비정기|장서|기념일|설립일"
    rf"|동절기|하절기|마감|까지|코로나|안내|일정){_FREE}*"
)

_TOKENS: Final = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        (
            "always_open",
            (r"(?:제외(?:하고|한)?\s*)?연중\s*(?:내내\s*)?(?:무휴|개방|개관|운영)|(?:휴관일?|휴무일?|쉬는\s*날)\s*:?\s*없음|휴무\s*없음"
            r"|무휴|365일(?:\s*(?:개방|운영|무휴))?|상시\s*(?:개방|개관|운영)|없음|무(?=\s|$)|연중(?=\s*$)"),
        ),
        ("dated", (r"20\d\d\s*[.년]\s*\d{1,2}\s*[.월]?(?:\s*\d{1,2}\s*[.일]?)?\s*~\s*"
                  r"20\d\d\s*[.년]\s*\d{1,2}\s*[.월]?(?:\s*\d{1,2}\s*[.일]?)?")),
        ("nth", rf"{_COUNT}(?:\s*[,./&]\s*{_COUNT})*\s*(?:번째\s*)?주(?:째|차)?(?!말)"),
        ("nth_word", (r"(?:첫|둘|두|셋|세|넷|네|다섯)\s*(?:번\s*)?째(?:\s*주(?!말))?|마지막(?:\s*주(?!말))?"
                     r"|첫\s*주(?!말)")),
        ("dates", rf"(?:{_MONTH_DAY})\s*[~\-]\s*(?:다음\s*해|익년)?\s*(?:{_MONTH_DAY})"),
        ("date", _MONTH_DAY),
        ("months", r"\d{1,2}\s*월?\s*[~\-]\s*\d{1,2}\s*월(?!\s*\d)|(?<!\d)\d{1,2}\s*월"),
        ("all_holidays_but_sunday", rf"일요일(?:을|은|를)?\s*제외(?:한|하고|된)?\s*(?:{HOLIDAY_WORD})"),
        ("but_sunday", r"(?:단\s*,?\s*)?일요일(?:은|을|과)?\s*(?:제외|개관|운영)"),
        ("after_holiday", rf"(?:{HOLIDAY_WORD})\s*(?:의\s*)?(?:다음\s*(?:날|일)|익일)"),
        ("condition", CONDITION),
        ("holiday", HOLIDAY_WORD),
        ("named", r"|".join(r"\s*".join(name.replace(".", "~")) for name in _NAMED_DAYS)
                  .replace("~", r"\.")),
        ("feast", r"설\s*명절|음력\s*설(?:날)?|설\s*날|설(?!립|치|정|비|악)|구정|추석\s*명절|추석\s*날?|한가위|명절\s*날?"),
        ("feast_days", (r"(?:당일\s*(?:과|및|포함하여|포함)?\s*)?(?:(?:황금\s*)?연휴(?:\s*(?:기간|전체))?|전후(?:일)?"
                       r"|(?:전|앞|다음)\s*날|전일|[2-5]\s*일(?:간)?|기간)(?:\s*(?:및|과)\s*당일)?")),
        ("feast_day", r"당일|하루(?:씩)?|오전|음력|양력|각\s*\d일"),
        ("vacation", r"(?:[가-힣]*(?:여름|겨울|하계|동계|하기|동기|봄|가을)\s*[,및와과]?\s*)*방학(?:\s*기간)?(?:\s*중)?"),
        ("weekend", r"주말"),
        ("workdays", r"평일"),
        ("days", rf"{DAY}(?:\s*[~\-]\s*{DAY})?"),
        (
            "noise",
            (r"[\s,+/&.;:*※!?|\-\[\]'\"]+|매(?:주|월|달|년|해)?|메주|및|과|와|또는|그리고|이며|은|는|을|를|에|의|등|그\s*외|기타|전체|포함"
            r"|정기|휴관일?|휴무일?|휴점일?|휴업일?|휴장일?|쉽니다|쉼|입니다|closed|on|every|국가|정부|\d일(?=\s*\()"),
        ),
        ("irregular", _IRREGULAR),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Closings:
    """What a closing text says."""

    closures: tuple[Closure, ...] = ()
    is_always_open: bool = False
    is_never_open: bool = False
    notes: tuple[str, ...] = ()

    @property
    def speaks_of_holidays(self) -> bool:
        """Tell whether the text says what happens on public holidays or feasts."""
        return self.is_always_open or any(
            isinstance(closure, FeastClosure | HolidayClosure) for closure in self.closures
        )


def read_closings(text: str) -> Closings | Refusal:
    """Read a Korean closing text."""
    plain = normal(text)
    if _NEVER_OPEN.fullmatch(plain):
        return Closings(is_never_open=True)
    if plain not in {"없음", "무"} and _SILENT.fullmatch(plain):
        return Refusal("says nothing of closing days", text)
    if _CEASED.search(plain):
        return Closings(is_never_open=True)
    reader = _Reader()
    leftover = reader.consume(plain)
    if leftover is not None:
        return Refusal(f"not understood from “{leftover[:30]}” on", text)
    return reader.result(text)


@dataclass(slots=True)
class _Reader:
    """What has been read so far; words that look ahead or back wait in the pending fields."""

    closures: list[Closure] = field(default_factory=list)
    feasts: list[tuple[Feast, bool | None]] = field(default_factory=list)
    feast_group: int = 0  # first feast that a following "연휴" or "당일" speaks of
    nth: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    if_holiday: IfHoliday | None = None
    is_always_open: bool = False
    notes: list[str] = field(default_factory=list)

    def consume(self, text: str) -> str | None:
        """Read all of `text`; return what is left where a token is not understood."""
        at = 0
        while at < len(text):
            if text[at] in "()":
                at, leftover = self._parenthesis(text, at)
                if leftover is not None:
                    return leftover
                continue
            name, match = _token(text, at)
            if match is None or (name == "feast_days" and not self.feasts[self.feast_group :]):
                return text[at:]
            self._read(name, match)
            at = match.end()
        return None

    def result(self, text: str) -> Closings | Refusal:
        """Return what was read, with every pending word in its place."""
        self._settle_pending()
        self.closures.extend(FeastClosure(feast, bool(all_days)) for feast, all_days in self.feasts)
        if not self.closures and not self.is_always_open:
            return Refusal("says nothing of closing days", text)
        unique = tuple(dict.fromkeys(self.closures))
        return Closings(
            closures=unique,
            is_always_open=self.is_always_open and not unique,
            notes=tuple(self.notes),
        )

    def _settle_pending(self) -> None:
        weekdays = [c for c in self.closures if isinstance(c, WeekdayClosure)]
        if self.nth and weekdays and not weekdays[-1].nth:  # "월(매월 셋째주)"
            self.closures[self.closures.index(weekdays[-1])] = replace(weekdays[-1], nth=self.nth)
        if self.months:
            first, last = self.months[0], self.months[-1]
            self.closures.append(YearlyClosure((first, 1), (last, _last_day(last))))
        if self.if_holiday is not None:
            self._set_if_holiday(self.if_holiday)

    def _parenthesis(self, text: str, at: int) -> tuple[int, str | None]:
        if text[at] == ")":  # opened nowhere
            return at + 1, None
        end = _closing_parenthesis(text, at)
        inner = text[at + 1 : end]
        if self.is_always_open:  # "연중무휴(명절 제외)"
            inner = _EXCEPTION.sub(" ", inner)
        condition = read_condition(inner)
        if condition is not None:
            self.if_holiday = condition
            return end + 1, None
        before = replace(
            self, closures=[*self.closures], feasts=[*self.feasts], notes=[*self.notes]
        )
        leftover = self.consume(inner)
        if leftover is not None and opens_more(inner):
            self.closures, self.feasts, self.notes = before.closures, before.feasts, before.notes
            self.nth, self.months = before.nth, before.months
            self.notes.append(inner)
            leftover = None
        return end + 1, leftover

    def _read(self, name: str, match: re.Match[str]) -> None:
        handler = _HANDLERS.get(name)
        if handler is not None:
            handler(self, match[0])
        if not name.startswith("feast") and name != "noise":
            self.feast_group = len(self.feasts)

    def _set_if_holiday(self, rule: IfHoliday) -> None:
        for i, closure in enumerate(self.closures):
            if isinstance(closure, WeekdayClosure) and not closure.nth:
                self.closures[i] = replace(closure, if_holiday=rule)

    def add_days(self, days: tuple[int, ...]) -> None:
        for day in days:
            self.closures.append(WeekdayClosure(day, self.nth, months=self.months))
        self.nth = self.months = ()

    def add_months(self, text: str) -> None:
        numbers = [int(number) for number in re.findall(r"\d+", text)]
        if not all(1 <= number <= 12 for number in numbers):
            self.notes.append(text)
            return
        if len(numbers) == 2:
            span = (numbers[1] - numbers[0]) % 12 + 1
            numbers = [(numbers[0] - 1 + i) % 12 + 1 for i in range(span)]
        self.months = (*self.months, *numbers)

    def add_date(self, text: str) -> None:
        found = [_month_day(part) for part in re.findall(_MONTH_DAY, text)]
        if not found or not all(found):
            self.notes.append(text)
            return
        first, last = found[0], found[-1]
        if first and last:
            self.closures.append(YearlyClosure(first, last))

    def add_dated(self, text: str) -> None:
        first, last = (re.findall(r"\d+", part) for part in text.split("~"))
        try:
            begins = date(int(first[0]), int(first[1]), int(first[2]) if len(first) > 2 else 1)
            day = int(last[2]) if len(last) > 2 else _last_day(int(last[1]))
            self.closures.append(DatedClosure(begins, date(int(last[0]), int(last[1]), day)))
        except (ValueError, KeyError):
            self.notes.append(text)

    def add_feast(self, text: str) -> None:
        if "명절" in text and "설" not in text:
            self.feasts.extend(((Feast.SEOLLAL, None), (Feast.CHUSEOK, None)))
        else:
            feast = Feast.CHUSEOK if text[0] in "추한" else Feast.SEOLLAL
            self.feasts.append((feast, None))

    def set_feast_days(self, *, all_days: bool) -> None:
        for i in range(self.feast_group, len(self.feasts)):
            feast, known = self.feasts[i]
            self.feasts[i] = (feast, all_days if known is None else known)

    def add_holiday(self, *, except_sundays: bool = False, day_after: bool = False) -> None:
        self.closures.append(HolidayClosure(except_sundays, day_after))

    def spare_sundays(self) -> None:
        for i, closure in enumerate(self.closures):
            if isinstance(closure, HolidayClosure):
                self.closures[i] = replace(closure, except_sundays=True)

    def add_nth(self, text: str) -> None:
        self.nth = (*self.nth, *(int(count) for count in re.findall(r"[1-5]", text)))

    def add_nth_word(self, text: str) -> None:
        count = (
            LAST
            if text.startswith("마지막")
            else next(number for word, number in _ORDINALS.items() if text.startswith(word))
        )
        self.nth = (*self.nth, count)

    def add_condition(self, text: str) -> None:
        self.if_holiday = read_condition(text) or self.if_holiday

    def add_vacation(self) -> None:
        self.closures.extend(YearlyClosure(first, last) for first, last in _VACATIONS)

    def set_always_open(self) -> None:
        self.is_always_open = True


_HANDLERS: Final[dict[str, Callable[[_Reader, str], None]]] = {
    "always_open": lambda reader, _: reader.set_always_open(),
    "dated": _Reader.add_dated,
    "nth": _Reader.add_nth,
    "nth_word": _Reader.add_nth_word,
    "dates": _Reader.add_date,
    "date": _Reader.add_date,
    "months": _Reader.add_months,
    "all_holidays_but_sunday": lambda reader, _: reader.add_holiday(except_sundays=True),
    "but_sunday": lambda reader, _: reader.spare_sundays(),
    "after_holiday": lambda reader, _: reader.add_holiday(day_after=True),
    "condition": _Reader.add_condition,
    "holiday": lambda reader, _: reader.add_holiday(),
    "named": lambda reader, text: reader.closures.append(_named(text)),
    "feast": _Reader.add_feast,
    "feast_days": lambda reader, _: reader.set_feast_days(all_days=True),
    "feast_day": lambda reader, _: reader.set_feast_days(all_days=False),
    "vacation": lambda reader, _: reader.add_vacation(),
    "weekend": lambda reader, _: reader.add_days(WEEKEND),
    "workdays": lambda reader, _: reader.add_days(WORKDAYS),
    "days": lambda reader, text: reader.add_days(day_list(text)),
    "irregular": lambda reader, text: reader.notes.append(text.strip()),
}


def _token(text: str, at: int) -> tuple[str, re.Match[str] | None]:
    for name, pattern in _TOKENS:
        match = pattern.match(text, at)
        if match is not None and match.end() > at:
            return name, match
    return "", None


def _closing_parenthesis(text: str, at: int) -> int:
    depth = 0
    for i in range(at, len(text)):
        depth += (text[i] == "(") - (text[i] == ")")
        if depth == 0:
            return i
    return len(text)


def _named(text: str) -> YearlyClosure:
    day = _NAMED_DAYS["".join(text.split())]
    return YearlyClosure(day, day)


def _month_day(text: str) -> tuple[int, int] | None:
    month, day = (int(number) for number in re.findall(r"\d+", text))
    try:
        date(2000, month, day)
    except ValueError:
        return None
    return month, day


def _last_day(month: int) -> int:
    first_of_next = date(2000 + month // 12, month % 12 + 1, 1)
    return (first_of_next - timedelta(days=1)).day
