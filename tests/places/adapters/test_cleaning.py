from datetime import date

import pytest

from places.adapters import cleaning
from places.types import Refusal, Row


@pytest.mark.parametrize(
    ("said", "fee"),
    [
        ("0", None),
        ("", None),
        ("무료", (0, 0)),
        ("무료(특별전시는 유료)", (0, 0)),
        ("상설: 무료, 기획: 무료", (0, 0)),
        ("무료(6세 이하+65세 이상)", None),
        ("5000", (5000, 5000)),
        ("성인 6,000원 학생 5,000원", (6000, 6000)),
        ("학생 2000원, 일반 3000원", (3000, 3000)),
        ("성인 4천원", (4000, 4000)),
        ("전시별 상이", None),
        ("대관료 110,000원", None),
        ("300000", None),
        ("성인 1만원", (10_000, 10_000)),
        ("1인 2만5천원", (25_000, 25_000)),
        ("전석 만원", (10_000, 10_000)),
        ("성인 2인 30,000원", (30_000, 30_000)),
        ("일반 19세이상 5,000원｜8세~18세 3,000원", (5000, 5000)),
        ("개인(만 19세~64세) 3,000원", (3000, 3000)),
        ("성인 3,000원/어린이 무료", (3000, 3000)),
        ("₩12,000~15,000", (12_000, 15_000)),
        ("전석 15000(학생만원)", (15_000, 15_000)),
        ("입장 무료", (0, 0)),
        ("단체20명이상 관람시 개인관람료의 1/2", None),
        ("어린이 1,000원", None),
        ("-5,000원", None),
        ("9" * 10_000, None),
    ],
)
def test_a_fee_is_what_an_adult_pays_and_a_bare_nought_is_unknown(
    said: str, fee: tuple[int, int] | None
) -> None:
    assert cleaning.fee(said) == fee


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("<b>달빛</b>&nbsp;다방\n", "달빛 다방"),
        ("<script>alert(1)</script>달빛다방", "달빛다방"),
        ("\ufeff달\u200b빛\x07 \u202e다방", "달빛 다방"),
        ("👨\u200d👩\u200d👧 다방 <3", "👨\u200d👩\u200d👧 다방 <3"),
        (None, ""),
    ],
)
def test_a_text_is_one_line_without_markup_or_what_nobody_sees(said: str | None, line: str) -> None:
    assert cleaning.text(said) == line


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2024-11-04", date(2024, 11, 4)),
        ("1999.1.1", date(1999, 1, 1)),
        ("24-10", date(2024, 10, 1)),
        ("2024. 11. 4.", date(2024, 11, 4)),
        ("2024년 11월 4일", date(2024, 11, 4)),
        ("20241104093000", date(2024, 11, 4)),
        ("2025-04-11 0:00", date(2025, 4, 11)),
        ("4.11.2024", date(2024, 11, 4)),
        ("04/11/2024", None),
        ("0000-00-00", None),
        ("0000-01-01", None),
        ("10:05", None),
        ("2024-13-40", None),
        ("", None),
    ],
)
def test_a_day_is_read_from_any_of_its_spellings(said: str, day: date | None) -> None:
    assert cleaning.day(said) == day


@pytest.mark.parametrize(
    ("address", "road"),
    [
        ("서울특별시 종로구 효자로 12(세종로)", "효자로12"),
        ("서울특별시 종로구 효자로 12 (세종로) 국립고궁박물관", "효자로12"),
        ("서울특별시 관악구 남부순환로152길 53", "남부순환로152길53"),
        ("서울특별시 은평구 진관동 393", ""),
    ],
)
def test_one_street_address_is_one_text(address: str, road: str) -> None:
    assert cleaning.road_address(address) == road


@pytest.mark.parametrize(
    ("name", "closing"), [("쇳대박물관(휴관)", ""), ("어떤박물관", "휴관"), ("어떤박물관", "폐관")]
)
def test_a_closing_without_a_day_means_not_operating(name: str, closing: str) -> None:
    assert cleaning.is_closed(name, closing)


def test_a_closing_day_does_not_mean_not_operating() -> None:
    assert not cleaning.is_closed("어떤박물관", "매주 월요일 휴관")


@pytest.mark.parametrize(
    ("latitude", "longitude", "reason"),
    [
        ("", "127.0", "no coordinates"),
        ("nan", "127.0", "no coordinates"),
        ("inf", "127.0", "no coordinates"),
        ("0", "0", "no coordinates"),
        ("127.0", "37.5", "latitude and longitude swapped"),
        ("999", "37.5", "coordinates out of range"),
    ],
)
def test_a_position_that_is_none_is_refused_with_its_reason(
    latitude: str, longitude: str, reason: str
) -> None:
    row = Row("line 7", {"lat": latitude, "lon": longitude})

    found = cleaning.position(row, "lat", "lon")

    assert isinstance(found, Refusal)
    assert (found.where, found.reason) == ("line 7", reason)


def test_an_english_aside_is_taken_off_a_korean_name_only() -> None:
    assert cleaning.split_name("가락시장 (Garak Market)") == ("가락시장", "Garak Market")
    assert cleaning.split_name("Cafe (Hongdae)") == ("Cafe (Hongdae)", "")
    assert cleaning.split_name("호림박물관(신림)") == ("호림박물관(신림)", "")
