from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from engine.catalogue import read_data
from engine.explain.sentences import CardText, explain_card, say
from engine.explain.wording import Locale
from engine.recommending import Engine
from engine.types import Candidate, Fact, Provenance, Weather
from tests.builders.engine import (
    make_candidate,
    make_constraints,
    make_neighbourhood,
    make_point,
    make_window,
)


def explain(
    candidates: list[Candidate], locale: Locale, *, index: int = 0, **changes: object
) -> CardText:
    constraints = make_constraints(**changes)
    answer = Engine().recommend(constraints=constraints, candidates=candidates)
    return explain_card(
        recommendation=answer,
        card_index=index,
        constraints=constraints,
        candidates=candidates,
        locale=locale,
    )


QUIET_CAFE = make_candidate(
    "모모",
    name_en="Momo",
    category="cafe",
    moods={"quiet": 0.7},
    mood_evidence={"quiet": "tag: quiet"},
    cost_high=8_000,
    position=make_point(north_m=0),
    hours_source="OSM",
    hours_as_of=date(2024, 5, 1),
)


def test_the_title_says_the_mood_the_content_and_the_time() -> None:
    korean = explain([QUIET_CAFE], "ko", categories=("cafe",), moods=("quiet",))
    english = explain([QUIET_CAFE], "en", categories=("cafe",), moods=("quiet",))

    assert korean.title == "조용한 카페, 1시간 15분"
    assert english.title == "Quiet cafe, 1 h 15 min"


def test_the_money_left_and_the_slack_are_exact() -> None:
    text = explain([QUIET_CAFE], "ko", categories=("cafe",), budget=20_000)

    assert "한 사람에 많아야 8,000원이라 예산에서 12,000원이 남아요." in text.explanation
    assert (
        "걸어서 1분 이동하고, 모두 1시간 15분 걸려 말씀하신 시간에서 1시간 45분이 남아요."
        in text.explanation
    )


def test_a_mood_is_claimed_as_likely_and_with_its_evidence() -> None:
    text = explain([QUIET_CAFE], "en", categories=("cafe",), moods=("quiet",))

    assert "Momo is likely quiet (because: tag: quiet)." in text.explanation
    assert "Likely quiet (because: tag: quiet)." in text.stop_reasons[0]


def test_the_evidence_of_a_mood_is_said_in_the_readers_language() -> None:
    place = replace(QUIET_CAFE, mood_evidence={"quiet": "tea house by its name"})

    text = explain([place], "ko", categories=("cafe",), moods=("quiet",))

    assert "모모는 조용한 곳일 가능성이 높아요 (근거: 이름에 드러난 찻집)." in text.explanation


def test_a_mood_without_evidence_is_not_claimed_and_that_is_said() -> None:
    place = make_candidate("모모", category="cafe", moods={"quiet": 0.7})

    text = explain([place], "ko", categories=("cafe",), moods=("quiet",))

    assert not any("조용한 곳일" in reason for reason in (*text.explanation, *text.stop_reasons[0]))
    assert text.warnings == ("조용한 곳이라는 근거는 찾지 못했어요.",)


@pytest.mark.parametrize(("slug", "name"), [("osm", "OpenStreetMap"), ("tourapi", "tourapi")])
def test_known_hours_come_with_source_and_year(slug: str, name: str) -> None:
    place = make_candidate(
        "모모",
        category="cafe",
        windows=(make_window(-60, 300),),
        hours_source=slug,
        hours_as_of=date(2024, 5, 1),
    )

    text = explain([place], "ko", categories=("cafe",))

    assert f"18:00까지 열어요 ({name}, 2024)." in text.stop_reasons[0]


def test_assumed_hours_and_prices_are_warned_of_by_name() -> None:
    place = make_candidate(
        "모모",
        category="cafe",
        hours_known=False,
        cost_high=8_000,
        cost_provenance=Provenance.PRIOR,
        windows=(make_window(-120, 420),),
    )

    text = explain([place], "ko", categories=("cafe",))

    assert text.warnings == (
        "모모: 영업시간을 확인하지 못해 보통 여는 시간으로 짰어요. 가기 전에 확인해 주세요.",
        "모모: 가격을 알 수 없어 높은 쪽 시세로 계산했어요.",
    )


def test_what_is_liked_is_named_where_the_card_has_it() -> None:
    taste = np.eye(1, 256, dtype=np.float32)[0]
    liked = ("museum", "quiet", "cafe")

    korean = explain([QUIET_CAFE], "ko", taste=taste, liked=liked)
    english = explain([QUIET_CAFE], "en", taste=taste, liked=liked)

    assert "좋아하시는 조용한 곳과 카페를 담았어요." in korean.explanation
    assert "It has what you like: quiet places and a cafe." in english.explanation
    assert korean.stop_reasons[0][:2] == (
        "좋아하시는 카페예요.",
        "좋아하시는 조용한 곳일 가능성이 높아요 (근거: tag: quiet).",
    )
    assert english.stop_reasons[0][0] == "A cafe, which you like."


def test_what_is_liked_is_not_claimed_of_a_card_without_it() -> None:
    taste = np.eye(1, 256, dtype=np.float32)[0]

    text = explain([QUIET_CAFE], "ko", taste=taste, liked=("museum",))

    assert "지금까지 남긴 평가와 취향을 반영했어요." in text.explanation
    assert not any("좋아하시는" in reason for reason in text.stop_reasons[0])


def test_what_was_asked_for_is_not_said_to_be_liked_as_well() -> None:
    text = explain([QUIET_CAFE], "ko", categories=("cafe",), moods=("quiet",), liked=("cafe",))

    assert not any("좋아하시는" in reason for reason in text.stop_reasons[0])


def test_rain_is_named_when_it_keeps_the_plan_indoors() -> None:
    korean = explain(make_neighbourhood(), "ko", weather=Weather.RAIN)
    english = explain(make_neighbourhood(), "en", weather=Weather.RAIN)

    assert "비를 피하도록 모두 실내로 골랐어요." in korean.explanation
    assert "Every stop is indoors, out of the rain." in english.explanation


def test_each_card_is_weighed_against_the_two_others() -> None:
    text = explain(make_neighbourhood(), "ko", index=1)

    assert len(text.trade_offs) == 2
    assert text.trade_offs[0].startswith("‘딱 맞는 코스’")
    assert text.trade_offs[1].startswith("‘색다른 코스’")


@pytest.mark.parametrize("locale", ["ko", "en"])
@pytest.mark.parametrize("index", [0, 1, 2])
def test_a_card_is_told_in_three_to_five_sentences(locale: Locale, index: int) -> None:
    text = explain(make_neighbourhood(), locale, index=index, moods=("quiet",), budget=20_000)

    assert 3 <= len(text.explanation) <= 5


def test_every_stop_has_a_reason() -> None:
    korean = explain(make_neighbourhood(), "ko")
    english = explain(make_neighbourhood(), "en")

    assert all(korean.stop_reasons)
    assert all(english.stop_reasons)


@pytest.mark.parametrize(
    ("fact", "korean", "english"),
    [
        (
            Fact("more_time", {"minutes": 30.0, "cards": 3}),
            "시간이 30분 더 있으면 코스 3개가 나와요.",
            "30 min more gives 3 plans.",
        ),
        (
            Fact("more_money", {"amount": 5_000, "currency": "KRW", "cards": 1}),
            "예산이 5,000원 더 있으면 코스 1개가 나와요.",
            "5,000 won more gives 1 plan.",
        ),
        (
            Fact("asked_not_found", {"category": "bar"}),
            "술집은 조건에 맞는 곳이 없어 넣지 못했어요.",
            "You asked for a bar, but none fits here.",
        ),
        (
            Fact("later_start", {"clock": "10:00", "minutes": 90.0, "cards": 3}),
            "10:00에 시작하면 코스 3개가 나와요.",
            "Starting at 10:00 gives 3 plans.",
        ),
        (
            Fact(
                "named_impossible",
                {"names_ko": ("경복궁",), "names_en": ("Palace",), "reason": Fact("same_chain")},
            ),
            "경복궁을 넣지 못했어요: 같은 체인의 다른 지점이 이미 코스에 있어요.",
            "Palace could not be included: Another branch of the same chain is on the card.",
        ),
        (
            Fact("more_money", {"amount": 10_050, "currency": "CZK", "cards": 1}),
            "예산이 100.50코루나 더 있으면 코스 1개가 나와요.",
            "100.50 Kč more gives 1 plan.",
        ),
        (
            Fact("too_dear", {"cost": 1250, "budget": 1000, "currency": "EUR"}),
            "많으면 12.50 EUR이 들어 예산 10 EUR을 넘어요.",
            "It may cost 12.50 EUR, more than the budget of 10 EUR.",
        ),
    ],
)
def test_facts_are_said_in_both_languages(fact: Fact, korean: str, english: str) -> None:
    assert say(fact=fact, locale="ko") == korean
    assert say(fact=fact, locale="en") == english


def test_both_languages_have_the_same_phrases() -> None:
    korean, english = read_data("phrases_ko.toml"), read_data("phrases_en.toml")

    assert {name: set(rows) for name, rows in korean.items()} == {
        name: set(rows) for name, rows in english.items()
    }


@pytest.mark.parametrize(
    ("low", "high", "reason"),
    [
        (0, 0, "Free of charge."),
        (20_000, 30_000, "Known to cost from 20,000 won each."),
        (20_000, 20_000, "Known to cost about 20,000 won each."),
    ],
)
def test_a_price_is_told_as_it_is_known(low: int, high: int, reason: str) -> None:
    tower = replace(
        make_candidate("타워", name_en="Tower", category="viewpoint", cost_high=high),
        cost_low=low,
        cost_provenance=Provenance.STATED,
    )

    text = explain([tower], "en", categories=("viewpoint",))

    assert [r for r in text.stop_reasons[0] if "charge" in r or "cost" in r] == [reason]


def test_a_plan_that_leaves_much_of_the_time_says_so() -> None:
    text = explain([QUIET_CAFE], "ko", categories=("cafe",))
    long = explain([QUIET_CAFE], "ko", categories=("cafe",), time_budget_min=90.0)

    assert text.explanation[0] == "모모 한 곳만 들르는 짧은 코스예요."
    assert long.explanation[0] == "모모 한 곳에서 여유 있게 보내요."


def test_an_article_fits_its_word() -> None:
    found = Fact("asked_not_found", {"category": "activity"})

    assert say(fact=found, locale="en") == "You asked for an activity, but none fits here."
