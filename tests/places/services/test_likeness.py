import pytest

from places.services.likeness import is_likely_same, is_owned, may_be_alike
from tests.builders.drafts import make_draft


@pytest.mark.parametrize(
    ("a", "b", "category"),
    [
        ("증산도서관", "구립증산도서관", "library"),
        ("달빛박물관", "재단 달빛박물관", "museum"),
        ("달빛", "달빛터", "heritage"),
        ("절", "절터", "heritage"),
        ("선릉과 정릉", "선정릉", "heritage"),
        ("달빛시장", "달빛종합시장", "market"),
        ("서울달빛미술관", "서울시립달빛미술관", "museum"),
        ("이화여자대학교박물관", "이화여대 박물관", "museum"),
    ],
)
def test_what_may_be_one_house_passes_the_quick_look_at_the_names(
    a: str, b: str, category: str
) -> None:
    left, right = (make_draft(name=name, category=category) for name in (a, b))

    assert is_likely_same(left, right) or is_owned(left, right)
    assert may_be_alike(a, b)
    assert may_be_alike(b, a)


def test_names_that_share_neither_end_are_told_apart_at_once() -> None:
    assert not may_be_alike("달빛박물관", "별빛갤러리")
    assert not may_be_alike("서울 달빛다락", "부산 별빛다실")
