from typing import Any

import pytest

from places.services.branching import sign
from places.services.grouping import judge
from places.types import Draft
from tests.builders.drafts import make_draft

ROAD = "서울특별시 마포구 와우산로 1"


def shop(source: str, name: str, **fields: Any) -> Draft:
    return make_draft(source=source, ref=name, name=name, address=ROAD, district="마포구", **fields)


def rules(*drafts: Draft) -> tuple[int, list[str]]:
    groups, judged = judge(drafts)
    return len(groups), [one.rule for one in judged]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("스타벅스커피 홍대입구역점", ("스타벅스", "홍대입구역")),
        ("Starbucks", ("스타벅스", "")),
        ("스타벅스홍대점", ("스타벅스", "홍대")),
        ("을지면옥 본점", ("을지면옥", "본")),
        ("카페 레이어드 연남", ("레이어드연남", "")),
        ("카페", ("카페", "")),
        ("", ("", "")),
    ],
)
def test_a_sign_is_a_name_and_its_branch(name: str, said: tuple[str, str]) -> None:
    assert sign(name) == said


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("스타벅스", "스타벅스 홍대입구역점"),
        ("을지면옥 본점", "을지면옥"),
        ("봉추찜닭 홍대", "봉추찜닭 홍대점"),
        ("카페 레이어드 연남", "레이어드 연남점"),
    ],
)
def test_two_sources_that_name_one_shop_at_one_address_are_of_one(a: str, b: str) -> None:
    assert rules(shop("one", a), shop("two", b)) == (1, ["one shop at one address"])


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("스타벅스 코엑스점", "스타벅스 코엑스몰점"),
        ("을지면옥 본점", "을지면옥 2호점"),
        ("할머니국수", "할머니순두부"),
        ("빽다방 홍대점", "메가커피 홍대점"),
        ("달빛 1층", "달빛 2층"),
    ],
)
def test_two_branches_and_two_names_at_one_address_are_two(a: str, b: str) -> None:
    assert rules(shop("one", a), shop("two", b)) == (2, [])


def test_a_bare_sign_joins_no_two_branches_that_one_publisher_lists() -> None:
    drafts = [
        shop("one", "스타벅스"),
        shop("two", "스타벅스 코엑스점"),
        shop("two", "스타벅스 코엑스몰점"),
    ]

    assert rules(*drafts) == (2, ["one shop at one address", "one publisher lists both"])


def test_what_one_source_calls_a_place_in_english_another_may_call_it_at_all() -> None:
    korean = make_draft(
        source="one", ref="1", name="광장시장", name_en="Gwangjang Market", category="market"
    )
    english = make_draft(source="two", ref="2", name="Gwangjang Market", category="market")

    assert rules(korean, english) == (1, ["the other's name in English"])
