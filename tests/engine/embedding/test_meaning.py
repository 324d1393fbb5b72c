import pytest

from engine.embedding.meaning import concepts_in, says_more_than_concepts


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("조용한 카페", {"quiet", "cafe"}),
        ("a quiet cafe", {"quiet", "cafe"}),
        ("카페 말고 공원", {"park"}),
        ("zzzz", set()),
        ("", set()),
    ],
)
def test_a_text_speaks_of_what_it_names_and_does_not_deny(text: str, concepts: set[str]) -> None:
    assert concepts_in(text) == concepts


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("조용한 카페", False),
        ("a quiet cafe", False),
        ("박물관 태황", True),
        ("Café Zwiebelturm", True),
        ("", False),
    ],
)
def test_a_text_says_more_than_the_concepts_it_names(text: str, *, more: bool) -> None:
    assert says_more_than_concepts(text) is more
