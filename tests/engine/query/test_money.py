import pytest

from engine.query.money import money_items
from engine.query.readings import ForeignMoney, Money


def longest(text: str) -> int | None:
    items = sorted(money_items(text), key=lambda item: item.start - item.end)
    reading = items[0].readings[0] if items else None
    return reading.won if isinstance(reading, Money) else None


@pytest.mark.parametrize(
    "text",
    ["$20", "us$ 1,500", "€30", "20달러", "50불", "3000엔", "30 euros", "20 thousand dollars"],
)
def test_an_amount_of_another_currency_is_found_whole(text: str) -> None:
    assert [
        (item.start, item.end, item.readings)
        for item in money_items(text)
        if isinstance(item.readings[0], ForeignMoney)
    ] == [(0, len(text), (ForeignMoney(),))]


@pytest.mark.parametrize(
    ("text", "won"),
    [
        ("만오천원으로", 15_000), ("3만5천원", 35_000), ("2만 원", 20_000), ("이만원대", 20_000),
        ("20,000원 이하", 20_000), ("1.5만원", 15_000), ("2~3만원", 30_000), ("인당 2만", 20_000),
        ("15k won each", 15_000), ("₩20,000", 20_000), ("thirty thousand won", 30_000),
        ("만5천원", 15_000), ("2마넌", 20_000), ("2만언", 20_000), ("만원컷", 10_000), ("100,000", 100_000),
        ("60k krw", 60_000), ("under 20000", 20_000), ("예산 30000", 30_000), ("만원 안팎", 10_000),
    ],
)  # fmt: skip
def test_reads_amounts(text: str, won: int) -> None:
    assert longest(text) == won


@pytest.mark.parametrize(
    "text",
    ["그만 하고 만나서", "하나만", "5k run", "3만 명", "$30", "천천히", "2만 보 걷기", "9" * 600],
)
def test_leaves_what_is_no_amount(text: str) -> None:
    assert longest(text) is None
