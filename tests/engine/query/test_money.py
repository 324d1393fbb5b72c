import pytest

from engine.query.money import money_items
from engine.query.readings import ForeignMoney, Money


def longest(text: str) -> Money | None:
    items = sorted(money_items(text), key=lambda item: item.start - item.end)
    reading = items[0].readings[0] if items else None
    return reading if isinstance(reading, Money) else None


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
    read = longest(text)

    assert read is not None
    assert read.amount == won
    assert read.currency in ("KRW", None)


@pytest.mark.parametrize(
    ("text", "crowns"),
    [
        ("500 kč", 500), ("1,500kč", 1_500), ("300 czk", 300), ("czk 300", 300), ("500 korun", 500),
        ("2k czk", 2_000), ("코루나 말고 500코루나", 500), ("2천 코루나", 2_000),
        ("five hundred crowns", 500), ("1 koruna", 1), ("800 kc", 800),
    ],
)  # fmt: skip
def test_reads_amounts_of_crowns(text: str, crowns: int) -> None:
    assert longest(text) == Money(crowns, "CZK")


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("3만5천원", "KRW"), ("2마넌", "KRW"), ("₩20,000", "KRW"), ("15k won", "KRW"),
        ("인당 2만", None), ("under 20000", None), ("예산 30k", None),
    ],
)  # fmt: skip
def test_a_currency_is_known_where_it_is_said(text: str, currency: str | None) -> None:
    read = longest(text)

    assert read is not None
    assert read.currency == currency


@pytest.mark.parametrize(
    "text",
    [
        "그만 하고 만나서",
        "하나만",
        "5k run",
        "3만 명",
        "$30",
        "천천히",
        "2만 보 걷기",
        "9" * 600,
        "kc and the sunshine band",
    ],
)
def test_leaves_what_is_no_amount(text: str) -> None:
    assert longest(text) is None
