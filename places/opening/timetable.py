"""
Reads opening times written as free text, in Korean or English.

A text is cut into tokens: days, seasons, ranges of clock times, breaks, last entries and closing
phrases. Days and seasons hold for the ranges after them, or before them where they stand in
parentheses behind. Ranges of one group of days add up; a later group takes its days over. A range
behind a word that is not understood ("어린이자료실") belongs to something else and is only noted.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from places.opening.clock import RANGE, TIME, read_range, read_time, time_pattern
from places.opening.closing import Closings, read_closings
from places.opening.lexicon import DAY, EVERY_DAY, HOLIDAY, WEEKEND, WORKDAYS, day_list, normal
from places.opening.types import ALL_DAY, DAY_MIN, OpeningHours, Refusal
from places.opening.weeks import Entry, Seasonal, assemble, season_of

_DAYS = rf"{DAY}(?:\s*(?:[~\-,/&.]|\?|및|과|와)?\s*{DAY})*"
_SHUT = r"(?:정기\s*)?(?:휴관|휴무|휴업|휴점|휴일|쉽니다|쉼)"
_CLOSING_WORDS = (
    rf"(?:매(?:주|월|달)|격주|(?:제?\s*[1-5]\s*[,.]?\s*)+주|[1-5]\s*주|(?:첫|둘|두|셋|세|넷|네|다섯)\s*번?째(?:\s*주)?"
    rf"|마지막(?:\s*주)?|{_DAYS}|주말|법정|공휴일|국경일|설날?|추석|명절|연휴|당일|\d{{1,2}}월\s*\d{{1,2}}일|및|[,/+·\s])+"
)

_TOKENS: Final = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("break_after", (rf"{RANGE.pattern}\s*(?:은|는)?\s*(?:브레이크\s*타임|break\s*time|휴게\s*시간|준비\s*시간"
                        r"|점심\s*시간|쉬는\s*시간|재료\s*준비)(?!\s*:?\s*\d)")),
        ("last_entry", (rf"(?:입장|매표|접수|발권|주문|관람|입실|폐관)\s*(?:마감|종료|시간)?\s*(?:은|:|시간)?\s*:?\s*{time_pattern('t')}"
                       rf"(?:\s*분)?(?:\s*까지)?(?:\s*(?:입장|매표|접수)?\s*(?:마감|종료|가능))?"
                       rf"|(?:라스트\s*오더|last\s*orders?|l\.?o\.?)\s*:?\s*{time_pattern('u')}")),
        ("last_entry_before", (r"[가-힣\s:]{0,12}?(?P<count>\d{1,3})\s*(?P<unit>분|시간)\s*전\s*(?:까지)?\s*"
                              r"(?:입장|매표|접수|주문|마감|관람|발권|가능|까지|완료|\s)*")),
        ("months", (r"\d{1,2}\s*월?\s*[초말]?\s*[~\-]\s*\d{1,2}\s*월\s*[초말]?"
                   r"|\d{1,2}[./]\d{1,2}\s*[~\-]\s*\d{1,2}[./]\d{1,2}(?!\d|:)"
                   r"|(?:\d{1,2}\s*월?\s*,\s*)+\d{1,2}\s*월|\d{1,2}\s*월\s+\d{1,2}\s*월")),
        ("all_day", (r"24\s*시간\s*(?:동안|영업|운영|개방)?|24\s*(?:hours?|hrs?|hr|h)\b|24\s*[/\-]\s*7|\b247\b"
                    r"|상시(?:\s*(?:개방|운영|개관))?|항상|\balways\b|운영\s*제한\s*없음|종일(?:\s*개방)?"
                    r"|연중\s*(?:무휴\s*)?개방|^24시?$|^all$|^연중$")),
        ("always_open", r"연중\s*무휴|휴무\s*없음|무휴"),
        ("range", RANGE.pattern),
        ("closing_label", (rf"(?:{_SHUT}(?:일)?|closed)\s*[:\-]\s*(?P<closing>[^/*※|]*?)"
                          r"(?=$|\)|[/*※|]|○|(?:좌석|배달|예약|카드|주차|기타|홈페이지|전자우편|취급|영업|운영)[가-힣\s]*:)")),
        ("closing", (rf"(?P<days>(?![\s,/+]){_CLOSING_WORDS})\s*(?:은|는|:)?\s*{_SHUT}일?"
                    rf"|closed\s*(?:on\s*)?(?P<english>{_DAYS})|(?P<english_days>{_DAYS})\s*(?:closed|off)")),
        ("season", r"하절기|동절기|하계|동계|여름(?:철)?|겨울(?:철)?|성수기|비수기"),
        ("days", (rf"평일|주중|weekdays?|주말|weekends?|매\s*일|every\s*day|daily|연일"
                 rf"|(?:법정\s*)?공휴일|국경일|휴일|holidays?|{DAY}\s*[~\-]\s*{DAY}|{DAY}(?![가-힣]{{2}})|{DAY}")),
        ("break", r"브레이크\s*타임|break\s*time|휴게\s*시간|준비\s*시간|점심\s*시간|쉬는\s*시간|재료\s*준비"),
        ("vague", r"[^,/()*※|]*(?:상이|다름|변동|변경|다를|따라|참[조고]|문의|확인)[^,/()*※|]*"),
        ("join", r"[,/&+·]|및|와|과|\?"),
        ("label", (r"매주|영업\s*시간|운영\s*시간|관람\s*시간|이용\s*시간|개관\s*시간|개방\s*시간|영업|운영|개관|개방|시간|오픈|open"
                  r"|hours?|전시(?:실|장|관)|이용|관람|까지|부터|공원|본관|정기|동일|입니다|은|는|대략|보통|약|점등|○")),
        ("noise", r"[\s:;.*※|~\-!'\"\[\]]+|\d(?=\s)"),
        ("word", r"[가-힣A-Za-z]+[가-힣A-Za-z0-9]*|."),
    )
)  # fmt: skip

_SAYS_NOTHING = re.compile(
    r"[\s\-.:/]*|null|없음|미정|정보\s*없음|[^\d]*(?:알\s*수\s*없음|홈페이지)[^\d]*"
)
# What follows days that speak of the times before them: the end, a new line, or an aside.
_ENDS = re.compile(r"\s*(?:$|[/*※|)]|\((?P<aside>[^()]*))")
_MORE_DAYS = re.compile(rf"(?:\s*(?:[,/&~\-]|및|와|과)?\s*(?:{DAY}|공휴일|주말))*", re.IGNORECASE)


def read_timetable(text: str) -> OpeningHours | Refusal:
    """Read free text that states opening times, and maybe closing days beside them."""
    plain = normal(text)
    if _SAYS_NOTHING.fullmatch(plain):
        return Refusal("says nothing of opening times", text)
    reader = _Reader(is_alone=len(RANGE.findall(plain)) == 1)
    reader.consume(plain)
    if reader.trouble:
        return Refusal(reader.trouble, text)
    return reader.result(text)


@dataclass(slots=True)
class _Reader:
    """The groups read so far and what the next range will belong to."""

    is_alone: bool
    entries: list[Entry] = field(default_factory=list)
    days: tuple[int, ...] | None = None
    season: Seasonal | None = None
    closings: list[Closings] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    last_entry_min: int | None = None
    last_entry_at: int | None = None
    trouble: str = ""
    is_foreign: bool = False  # a word not understood stands before the next range
    joins_days: bool = False  # the token before was a day: the next day adds to it
    waits_for_times: bool = False  # days were named and no time has followed yet
    is_break: bool = False
    is_behind: bool = False  # the last days were those of the range before them
    joins_season: bool = False  # the token before was a part of the year: the next adds to it

    def consume(self, text: str) -> None:
        at = 0
        while at < len(text) and not self.trouble:
            if text[at] == "(":
                at = self._parenthesis(text, at)
                continue
            if text[at] == ")":
                at += 1
                continue
            name, match = _token(text, at)
            self._read(name, match)
            at = match.end()

    def _read(self, name: str, match: re.Match[str]) -> None:
        handler = _HANDLERS.get(name)
        if handler is not None:
            handler(self, match)
        if name in {"range", "all_day", "closing", "closing_label"}:
            self.joins_days = False

    def _parenthesis(self, text: str, at: int) -> int:
        end = text.find(")", at)
        end = len(text) if end < 0 else end
        inner = text[at + 1 : end]
        has_range = RANGE.search(inner) is not None
        days, season = self.days, self.season
        if has_range:
            self.joins_days = False
            self.consume(inner)
            self.days, self.season = days, season
        else:
            self._qualify(inner)
        self.is_foreign = False
        return end + 1

    def _qualify(self, inner: str) -> None:
        """Let days or a season in parentheses hold for what stands before them."""
        aside = _Reader(is_alone=False)
        aside.consume(inner)
        if aside.trouble:
            self.notes.append(inner)
            return
        self.closings.extend(aside.closings)
        self.last_entry_min = aside.last_entry_min or self.last_entry_min
        self.last_entry_at = aside.last_entry_at or self.last_entry_at
        if aside.season is not None:
            self._qualify_season(aside.season)
        if aside.days is not None:
            self._qualify_days(aside.days)

    def _qualify_season(self, season: Seasonal) -> None:
        if self.waits_for_times or not self.entries:
            self.season = season
            return
        known = self.entries[-1].season
        if known is None or known.is_usual:
            self.entries[-1] = replace(self.entries[-1], season=season)

    def _qualify_days(self, days: tuple[int, ...]) -> None:
        if self.waits_for_times or not self.entries:
            self.days = days
        elif self.entries[-1].days is None:
            self.entries[-1] = replace(self.entries[-1], days=days)
            self.days = None

    def add_days(self, match: re.Match[str]) -> None:
        days = _days(match[0])
        if self._stand_behind(match):
            self.entries[-1] = replace(
                self.entries[-1], days=tuple(dict.fromkeys((*(self.entries[-1].days or ()), *days)))
            )
            self.is_behind = True
            return
        if self.joins_days and self.days is not None:
            self.days = tuple(dict.fromkeys((*self.days, *days)))
        else:
            self.days = days
        self.joins_days = self.waits_for_times = True

    def _stand_behind(self, match: re.Match[str]) -> bool:
        """Tell whether these days speak of the range before them: "10:00~18:00 화~일"."""
        if self.waits_for_times or not self.entries or self.is_foreign:
            return False
        if self.entries[-1].days is not None and not self.is_behind:
            return False
        more = _MORE_DAYS.match(match.string, match.end())
        ends = _ENDS.match(match.string, more.end() if more else match.end())
        return ends is not None and RANGE.search(ends["aside"] or "") is None

    def add_season(self, match: re.Match[str]) -> None:
        season = season_of(match[0])
        if season is None:
            self.trouble = f"the season “{match[0]}” has no dates"
            return
        if season.is_usual and self.joins_season:
            return  # "3월~10월 하절기": the stated months stand
        if self.joins_season and self.season is not None and not self.season.is_usual:
            season = Seasonal((*self.season.parts, *season.parts))
        self.season = season
        self.joins_season = self.waits_for_times = True
        self.days, self.joins_days = None, False

    def add_range(self, match: re.Match[str]) -> None:
        clock = read_range(match, is_alone=self.is_alone)
        if clock is None:
            self.trouble = f"the times “{match[0]}” make no sense"
            return
        if self.is_break:
            self.is_break = False
            self._take_out((clock.opens, clock.closes))
            return
        if self.is_foreign:
            self.is_foreign = False
            self.notes.append(match[0])
            return
        if clock.is_reread:
            self.notes.append(f"{match[0]}: closing read as the evening's")
        self._add((clock.opens, clock.closes))

    def add_all_day(self, _: re.Match[str]) -> None:
        if not self.is_foreign:
            self._add(ALL_DAY[0])
        self.is_foreign = False

    def _add(self, interval: tuple[int, int]) -> None:
        last = self.entries[-1] if self.entries else None
        same_group = last is not None and not self.waits_for_times and last.days == self.days
        if last is not None and same_group and last.season == self.season:
            self.entries[-1] = last.with_interval(interval)
        else:
            self.entries.append(Entry(days=self.days, season=self.season, intervals=(interval,)))
        self.waits_for_times = self.joins_season = self.is_behind = False
        if self.entries[-1].is_contradictory:
            self.trouble = "ranges of the same days overlap"

    def _take_out(self, interval: tuple[int, int]) -> None:
        if self.entries:
            self.entries[-1] = replace(
                self.entries[-1], breaks=(*self.entries[-1].breaks, interval)
            )

    def add_break(self, _: re.Match[str]) -> None:
        self.is_break = True

    def add_break_after(self, match: re.Match[str]) -> None:
        clock = read_range(match, is_alone=False)
        if clock is not None:
            self._take_out((clock.opens, clock.closes))

    def add_last_entry(self, match: re.Match[str]) -> None:
        found = TIME.search(match[0])
        self.last_entry_at = read_time(found) if found else None

    def add_last_entry_before(self, match: re.Match[str]) -> None:
        before_min = int(match["count"]) * (60 if match["unit"] == "시간" else 1)
        if before_min <= DAY_MIN:  # more is a slip
            self.last_entry_min = before_min

    def add_closing(self, match: re.Match[str]) -> None:
        groups = match.groupdict()
        text = (
            groups.get("closing")
            or groups.get("days")
            or groups.get("english")
            or (groups.get("english_days"))
        )
        closings = read_closings(text or "")
        if isinstance(closings, Closings):
            self.closings.append(closings)
        elif (text or "").strip(" ,./○-"):
            self.notes.append(match[0])
        self.waits_for_times = False

    def add_always_open(self, _: re.Match[str]) -> None:
        self.closings.append(Closings(is_always_open=True))

    def add_word(self, match: re.Match[str]) -> None:
        if len(match[0]) > 1:
            self.is_foreign = True
            self.notes.append(match[0])

    def add_vague(self, match: re.Match[str]) -> None:
        self.notes.append(match[0].strip())
        if self.waits_for_times and self.days is not None:
            self.entries.append(Entry(days=self.days, season=self.season, intervals=()))
        self.waits_for_times = False

    def _forgets_days(self) -> bool:
        """Tell whether times without days would take over from times of certain days."""
        return any(
            later.days is None and earlier.days is not None and later.season == earlier.season
            for i, later in enumerate(self.entries)
            for earlier in self.entries[:i]
        )

    def result(self, text: str) -> OpeningHours | Refusal:
        if not any(entry.intervals for entry in self.entries):
            return Refusal("states no opening times", text)
        if self._forgets_days():
            return Refusal("times of every day stand behind times of some days", text)
        assembled = assemble(self.entries)
        return OpeningHours(
            week=assembled.week,
            holiday=assembled.holiday,
            seasons=assembled.seasons,
            closures=tuple(dict.fromkeys(closure for c in self.closings for closure in c.closures)),
            last_entry_min=self.last_entry_min,
            last_entry_at=self.last_entry_at,
            speaks_of_holidays=assembled.speaks_of_holidays
            or any(c.speaks_of_holidays for c in self.closings),
            source_text=text,
            notes=tuple(dict.fromkeys(self.notes)),
        )


_HANDLERS: Final[dict[str, Callable[[_Reader, re.Match[str]], None]]] = {
    "break_after": _Reader.add_break_after,
    "last_entry": _Reader.add_last_entry,
    "last_entry_before": _Reader.add_last_entry_before,
    "months": _Reader.add_season,
    "season": _Reader.add_season,
    "all_day": _Reader.add_all_day,
    "always_open": _Reader.add_always_open,
    "range": _Reader.add_range,
    "closing_label": _Reader.add_closing,
    "closing": _Reader.add_closing,
    "days": _Reader.add_days,
    "break": _Reader.add_break,
    "vague": _Reader.add_vague,
    "word": _Reader.add_word,
}


def _token(text: str, at: int) -> tuple[str, re.Match[str]]:
    for name, pattern in _TOKENS:
        match = pattern.match(text, at)
        if match is not None and match.end() > at:
            return name, match
    raise AssertionError("the last token matches any character")


def _days(word: str) -> tuple[int, ...]:
    plain = "".join(word.lower().split())
    if plain in {"평일", "주중"} or plain.startswith("weekday"):
        return WORKDAYS
    if plain == "주말" or plain.startswith("weekend"):
        return WEEKEND
    if plain in {"매일", "연일", "everyday", "daily", "매주"}:
        return EVERY_DAY
    if plain == "휴일":
        return (*WEEKEND, HOLIDAY)
    if plain.endswith(("휴일", "국경일")) or plain.startswith("holiday"):
        return (HOLIDAY,)
    return day_list(word)
