import pytest

from engine.tagging.loading import default_text_tagger
from engine.tagging.thresholds import REJECT_BELOW
from engine.tagging.types import Document


def tags_in(text: str) -> set[str]:
    (reading,) = default_text_tagger().read([Document(names=("이름",), description=text)])
    return {guess.tag for guess in reading.tags if guess.confidence >= REJECT_BELOW}


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("조용한 카페", "quiet"),
        ("조용하면서도 평화로운 마을", "quiet"),
        ("시끄럽지 않고 차분한 카페", "quiet"),
        ("not only quiet but also cozy", "quiet"),
        ("a romantic hideaway", "romantic"),
        ("평일에도 붐비는 곳", "crowded"),
        ("관람료는 무료", "free"),
        ("단풍이 고운 가을 산책길", "autumn"),
        ("Café in an old house", "cafe"),
        ("로멘틱한 분위기", "romantic"),
        ("아주 고즈넉칸 골목", "quiet"),
        ("a peacful garden", "quiet"),
    ],
)
def test_what_is_said_is_tagged(text: str, tag: str) -> None:
    assert tag in tags_in(text)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("조용하지 않은 카페", "quiet"),
        ("조용하진 않아요", "quiet"),
        ("조용한 편은 아니다", "quiet"),
        ("조용함과는 거리가 멀다", "quiet"),
        ("시끄럽지 않다", "lively"),
        ("별로 안 붐비는 공원", "crowded"),
        ("not quiet at all", "quiet"),
        ("isn't a very romantic place", "romantic"),
        ("무료 주차 가능", "free"),
        ("parking is free, free wifi", "free"),
        ("국립공원 근처", "park"),
        ("near the park", "park"),
        ("북한산이 한눈에 보인다", "uncrowded"),  # 한산 inside a word
        ("바다 한가운데 있는 섬", "quiet"),
        ("관광객의 눈길을 끈다", "crowded"),
        ("고유한 문화", "quiet"),  # one vowel from 고요한
        ("not romamtic at all", "romantic"),
        ("조용하지만은 않은 시장", "quiet"),
    ],
)
def test_what_is_denied_or_said_of_something_else_is_not(text: str, tag: str) -> None:
    assert tag not in tags_in(text)


@pytest.mark.parametrize("text", ["시끄럽지 않다", "조용하지도 시끄럽지도 않다"])
def test_a_denial_alone_is_no_loud_place(text: str) -> None:
    assert "lively" not in tags_in(text)


def test_no_word_is_no_tag() -> None:
    assert tags_in("○○빌딩 3층, 02-123-4567") == set()
