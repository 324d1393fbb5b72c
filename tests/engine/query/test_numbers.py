import pytest

from engine.query.numbers import read_count, read_english, read_korean


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("만오천", 15_000), ("3만5천", 35_000), ("3만5", 35_000), ("삼만 오천", 35_000),
        ("1.5만", 15_000), ("십이만", 120_000), ("백만", 1_000_000), ("2만5000", 25_000),
        ("천오백", 1_500), ("20,000", 20_000),
    ],
)  # fmt: skip
def test_reads_korean_numbers(written: str, number: float) -> None:
    assert read_korean(written) == number


@pytest.mark.parametrize(
    ("written", "number"),
    [("thirty thousand", 30_000), ("two hundred and fifty", 250), ("forty five thousand", 45_000)],
)
def test_reads_english_numbers(written: str, number: int) -> None:
    assert read_english(written) == number


@pytest.mark.parametrize(
    ("written", "number"), [("두세", 3), ("열두", 12), ("2.5", 2.5), ("six", 6)]
)
def test_reads_counts(written: str, number: float) -> None:
    assert read_count(written) == number
