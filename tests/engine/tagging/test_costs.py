import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from benchmarks.costs import SENTENCES, is_held_out, said_of
from engine.tagging.costs import cost_in
from engine.tagging.loading import default_text_tagger
from engine.tagging.types import CostReading, Document

LABELLED = [json.loads(line) for line in SENTENCES.read_text("utf-8").splitlines()]


def cost_of(*, description: str = "", remarks: tuple[str, ...] = ()) -> CostReading | None:
    document = Document(names=("이름",), description=description, remarks=remarks)
    (reading,) = default_text_tagger().read([document])
    return reading.cost


@pytest.mark.parametrize(
    "row",
    [row for row in LABELLED if not is_held_out(row["text"])],
    ids=lambda row: row["text"],
)
def test_the_labelled_sentences_that_may_be_looked_at_are_read_exactly(row: dict[str, Any]) -> None:
    assert said_of(row["text"]) == {"cost": row["cost"], "stay": row["stay"]}


@pytest.mark.parametrize(
    "text",
    [
        "문의 02-3210-4500",
        "1987년 개관, 2024년 재개관",
        "역에서 500m, 버스로 3정거장",
        "주차요금: 소형 2,000원, 대형 4,000원",
        "어린이 2,000원",
        "만 65세 이상 무료",
        "성금 3천만원을 모아 기부했다",
        "좌석 1,000석, 연 3만명",
        "주말이면 만원 버스처럼 붐빈다",
        "한복 입으면 무료입장",
        "무료 와이파이 있어요",
    ],
)
def test_what_nobody_pays_for_a_visit_is_no_cost(text: str) -> None:
    assert cost_in(text) is None


def test_the_parking_fee_does_not_hide_the_entrance_fee() -> None:
    cost = cost_in("주차 1시간 2,000원, 입장료 5,000원")

    assert cost is not None
    assert (cost.low, cost.high, cost.currency) == (5000, 5000, "KRW")
    assert cost.evidence == "5,000원"


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        ("가격은 이만 오천원", (25_000, 25_000)),
        ("Admission ₩3,000 (adults), ₩1,500 (youth)", (3000, 3000)),
        ("입장료 1,500원(청소년), 3,000원(성인)", (3000, 3000)),
        ("성인 3,000원(청소년 2,000원)", (3000, 3000)),
        ("Entrance fee: 2,000 won for adults and 1,000 won for children", (2000, 2000)),
        ("KRW 8,000 for entry", (8000, 8000)),
        ("a guided walk in Yorkshire costs £12", (1200, 1200)),
    ],
)
def test_the_amount_of_one_adult_is_found_wherever_its_payer_stands(
    text: str, cost: tuple[int, int]
) -> None:
    reading = cost_in(text)

    assert reading is not None
    assert (reading.low, reading.high) == cost


def test_a_word_of_entering_makes_surer() -> None:
    fee, price = cost_in("입장료 5,000원"), cost_in("떡볶이 5,000원")

    assert fee is not None
    assert price is not None
    assert fee.confidence > price.confidence


def test_texts_that_disagree_give_a_range_with_less_confidence() -> None:
    alone = cost_of(description="입장료 5,000원")
    both = cost_of(description="입장료 5,000원", remarks=("입장료 6천원 냈어요",))
    agreeing = cost_of(description="입장료 5,000원", remarks=("입장료 5천원",))

    assert alone is not None
    assert both is not None
    assert agreeing is not None
    assert (both.low, both.high) == (5000, 6000)
    assert both.confidence < alone.confidence < agreeing.confidence


def test_what_is_far_from_the_rest_is_left_out() -> None:
    remarks = ("커피 5,000원", "라떼 5,500원", "원두 세트 90,000원")

    cost = cost_of(remarks=remarks)

    assert cost is not None
    assert (cost.low, cost.high) == (5000, 5500)


def test_minor_units_follow_the_currency() -> None:
    koruna, yen = cost_in("entry 120.50 CZK"), cost_in("entry 900 yen")

    assert koruna is not None
    assert yen is not None
    assert (koruna.high, yen.high) == (12050, 900)


PIECES = st.sampled_from(
    ["입장료", "무료", "3,000원", "만원", "성인", "어린이", "/", "(", ")", "€8,50", "12 EUR", "$15-20", "주차", " ", "\n",
     "약", "1시간", "30분", "~", "1", ",", "k", "원", "free", "\0", "😀", "\u202e", "０", "¥", "½", "İ"]
)  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=60))
@example("$1-" * 3000)
def test_any_text_is_read_and_its_evidence_stands_in_it(text: str) -> None:
    cost = cost_in(text)

    assert cost is None or cost.evidence in text
    assert cost is None or (0 <= cost.low <= cost.high and 0 < cost.confidence <= 1)
