"""A café of animals is a kind of place; a café for one's own animal has to let it in."""

import pytest

from tests.engine.query.reading import read


def values(sentence: str) -> tuple[list[str], str | None, list[str]]:
    """Return the categories, who comes along, and what places are to have."""
    said = read(sentence)
    return (
        [one.value for one in said.categories],
        said.companions.value if said.companions else None,
        [one.value for one in said.needs],
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "고양이 카페", "고양이카페 가고 싶어", "애견카페", "홍대 강아지 카페 추천", "펫 카페", "고양이 있는 카페",
        "강아지가 많은 카페", "고양이 보러 카페", "라쿤 카페", "앵무새카페",
        "dog cafe", "a cat café near Hongdae", "puppy cafes", "the kitten cafe", "meerkat cafe", "animal cafe",
    ],
)  # fmt: skip
def test_a_cafe_of_animals_is_a_pastime_and_asks_nothing_of_other_places(sentence: str) -> None:
    assert values(sentence) == (["activity"], None, [])


@pytest.mark.parametrize(
    "sentence",
    [
        "강아지랑 갈 수 있는 카페", "강아지랑 카페", "애견동반 카페", "반려견 동반 가능한 카페", "강아지 데리고 카페", "개랑 갈 카페",
        "펫프렌들리 카페", "강아지 동반 카페", "우리 강아지 카페 데려갈래",
        "a cafe with my dog", "dog friendly cafe", "pet friendly cafes", "with my dog cafe hopping",
    ],
)  # fmt: skip
def test_a_cafe_for_ones_own_animal_is_a_cafe_that_lets_it_in(sentence: str) -> None:
    assert values(sentence) == (["cafe"], "pet", ["pet"])


def test_who_brings_a_dog_to_a_cafe_of_dogs_needs_it_let_in_elsewhere_too() -> None:
    assert values("강아지랑 애견카페") == (["activity"], "pet", ["pet"])
    assert values("강아지랑 산책하고 고양이 카페") == (["activity"], "pet", ["pet"])
    assert values("친구랑 애견카페") == (["activity"], "friends", [])


@pytest.mark.parametrize(
    "sentence", ["애견 카페 말고 그냥 카페", "no cat cafe please, just a cafe"]
)
def test_such_a_cafe_is_excluded_without_the_others(sentence: str) -> None:
    said = read(sentence)

    assert [one.value for one in said.categories] == ["cafe"]
    assert [one.value for one in said.avoid] == ["activity"]


def test_the_words_that_say_it_are_both_named() -> None:
    (said,) = read("조용한 고양이 카페").categories

    assert [(span.start, span.end) for span in said.spans] == [(4, 7), (8, 10)]
