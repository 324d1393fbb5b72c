"""Words that mean one thing alone and another beside their neighbours."""

import pytest

from tests.engine.query.reading import read, said


@pytest.mark.parametrize(
    ("sentence", "minutes", "start"),
    [
        ("망원동 2시간 반려견이랑", 120, None), ("2시간 반포한강공원 산책", 120, None),
        ("2시간 반", 150, None), ("두 시간 반이면 돼", 150, None), ("세시간반짜리", 210, None),
        ("오후 3시 반려견이랑", None, "15:00"), ("오후 3시 반에 만나서", None, "15:30"),
    ],
)  # fmt: skip
def test_a_word_that_begins_with_half_is_no_half_hour(
    sentence: str, minutes: int | None, start: str | None
) -> None:
    found = said(sentence)

    assert (found.get("time_budget_min"), found.get("start_time")) == (minutes, start)


@pytest.mark.parametrize(
    ("sentence", "end", "categories"),
    [
        ("a walk before dinner in Seochon", None, None),
        ("something to do before our dinner at 7 in Itaewon", "19:00", None),
        ("a museum around Gangnam before our 7pm dinner", "19:00", ["museum"]),
        ("dinner before the 8pm show, Hyehwa", "20:00", ["restaurant"]),
    ],
)
def test_what_one_has_to_be_back_for_ends_the_trip(
    sentence: str, end: str | None, categories: list[str] | None
) -> None:
    found = read(sentence)

    assert (found.end_time.value if found.end_time else None) == end
    assert found.start_time is None
    assert said(sentence).get("categories") == categories


@pytest.mark.parametrize(
    ("sentence", "people"), [("엄마랑 데이트 코스", 2), ("혼자 데이트", 1), ("데이트", 2)]
)
def test_a_date_brings_nobody_to_those_who_are_named(sentence: str, people: int) -> None:
    assert said(sentence)["party_size"] == people


@pytest.mark.parametrize(
    "sentence",
    [
        "걷는 건 적게", "걷는 거리 짧게 카페 두 곳", "도보는 최소한으로", "걷는 시간은 최대한 줄이고 맛집", "이동은 짧게",
        "keep walking to a minimum, museum", "walking short please, cafes",
    ],
)  # fmt: skip
def test_little_walking_is_no_way_of_going(sentence: str) -> None:
    found = read(sentence)

    assert found.low_walking is not None
    assert found.mode is None


@pytest.mark.parametrize(
    "sentence",
    ["산책은 짧게 하고 카페", "a short walk, then coffee", "조금만 쉬다가 걷기 좋은 공원"],
)
def test_a_short_walk_is_a_walk(sentence: str) -> None:
    found = read(sentence)

    assert found.low_walking is None
    assert found.mode is not None
    assert found.mode.value == "walk"


@pytest.mark.parametrize(
    ("sentence", "after_dark"),
    [("남산 야경 보기", True), ("night views in Namsan", True), ("전망 좋은 카페", None)],
)
def test_some_views_are_there_in_the_dark_alone(sentence: str, *, after_dark: bool | None) -> None:
    found = read(sentence)

    assert [one.value for one in found.moods] == ["scenic"]
    assert (found.after_dark and found.after_dark.value) == after_dark
    assert found.daypart is None


@pytest.mark.parametrize(
    ("sentence", "area"),
    [
        ("Prague: beer at 7pm in Žižkov", "Žižkov"), ("Prague, Vinohrady cafe", "Vinohrady"),
        ("cafe in Vinohrady, Prague", "Vinohrady"), ("Full day in Prague", "Prague"),
        ("프라하, 지슈코프에서 맥주", "지슈코프"),
    ],
)  # fmt: skip
def test_a_whole_city_gives_way_to_what_is_named_in_it(sentence: str, area: str) -> None:
    assert said(sentence)["area"] == area
