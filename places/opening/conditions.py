"""What a Korean closing text says of a closing day that falls on a public holiday."""

from __future__ import annotations

import re
from typing import Final

from places.opening.closures import IfHoliday
from places.opening.lexicon import KOREAN_DAY

HOLIDAY_WORD: Final = (
    r"(?:국\s*[,/]?\s*(?=공휴일))?(?:(?:법정|법적|국정|국가|정부|관공서의?|지정|임시|대체|각종|모든|그\s*외)[\s/,]*(?:지정\s*)?)*"
    r"(?:공휴일|국경일|(?<!정기)휴일(?!\s*:)|명절\s*공휴일)"
)

_IS_HOLIDAY = r"(?:공휴일|휴일|국경일|연휴)"
_MOVED = r"(?:다음\s*(?:의\s*)?(?:날|일|주|평일|첫|비|화요일)|그\s*다음|익일|이튿날|명일)"

# A condition outside parentheses: from its beginning to the verb that ends it.
CONDITION: Final = (
    rf"(?:(?:단|다만)\s*,?\s*)?(?:{KOREAN_DAY}(?:이|가|은|는|과)\s*[^()+]{{0,40}}?{_IS_HOLIDAY}"
    rf"|{_IS_HOLIDAY}(?:이|과|인)\s*{KOREAN_DAY}?|{_IS_HOLIDAY}(?:이면|일\s*경우|인\s*경우|일\s*때))"
    rf"[^()+]*?(?:{_MOVED}[^()+,]*|휴관하지\s*[가-힣]+|정상\s*(?:개관|운영)"
    r"|(?:개관|운영|영업)(?!\s*(?:하고|후|하며)|[,\s]*(?:그|익일|다음))|제외|(?<=요일)\s*휴관)"
    rf"|(?:단\s*,?\s*)?{_IS_HOLIDAY}(?:은|는|을|를|인\s*{KOREAN_DAY}은)?\s*"
    r"(?:정상\s*)?(?:제외(?:한)?|개관|운영|영업)"
)

_HOLIDAY = re.compile(_IS_HOLIDAY + r"|대체")
_MOVES = re.compile(_MOVED)
_TO_WORKDAY = re.compile(r"평일|비\s*공휴일|첫\s*번\s*째|근무일|공휴일이\s*아닌")
_STAYS_OPEN = re.compile(r"개관|제외|운영|오픈|영업|개방|무휴|하지\s*(?:않|아니)|관람\s*가능")
_OTHER_DAY = re.compile(rf"(?:경우|때|이면|시)[에는\s,]*({KOREAN_DAY})")
_CLOSES_MORE = re.compile(r"다음|익일|(?:휴관|휴무)(?!하지|일에도|시에도|일에\s)")
_OPENS_MORE = re.compile(
    r"개관|운영|무휴|관람|공지|가능|영업|예약|문의|상이|변경|참[조고]|확인|경우|제외"
)


def read_condition(text: str) -> IfHoliday | None:
    """Return what becomes of a closing day on a holiday; None where `text` does not speak of it."""
    if not _HOLIDAY.search(text):
        return None
    if _MOVES.search(text) or _OTHER_DAY.search(text):
        return IfHoliday.NEXT_WORKDAY if _TO_WORKDAY.search(text) else IfHoliday.NEXT_DAY
    if _STAYS_OPEN.search(text):
        return IfHoliday.OPEN
    return None


def opens_more(text: str) -> bool:
    """Tell whether a remark can only add openings or doubts, so that leaving it out is safe."""
    return bool(_OPENS_MORE.search(text)) and not _CLOSES_MORE.search(text)
