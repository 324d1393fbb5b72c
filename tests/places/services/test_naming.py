import pytest

from places.services.naming import branched_names, english_name, find_chain


@pytest.mark.parametrize(
    ("name", "chain"),
    [
        ("스타벅스", "스타벅스"),
        ("STARBUCKS COFFEE", "스타벅스"),
        ("스타벅스 무교동점", "스타벅스"),
        ("스타벅스종로3가점", "스타벅스"),
        ("버거킹 (Burger King)", "버거킹"),
        ("커피빈 삼청", "커피빈"),
        ("BBQ", "비비큐"),
        ("Halal BBQ Lamb", ""),
        ("본가", "본가"),
        ("본가 설렁탕", ""),
        ("카페 달", ""),
    ],
)
def test_a_chain_is_told_by_whole_words(name: str, chain: str) -> None:
    assert find_chain([name]) == chain


def test_a_name_with_three_branches_is_a_chain() -> None:
    branched = branched_names(["달밤 홍대점", "달밤 종로점", "달밤 신촌점", "해밤 홍대점"])

    assert find_chain(["달밤 홍대점"], branched=branched) == "달밤"
    assert find_chain(["해밤 홍대점"], branched=branched) == ""


@pytest.mark.parametrize(
    ("korean", "category", "english"),
    [
        ("망원시장", "market", "Mangwon Market"),
        ("국립고궁박물관", "museum", "National Palace Museum"),
        ("조계사", "heritage", "Jogyesa Temple"),
        ("구 서울역사", "heritage", "Former Seoul Yeoksa"),
        ("경복궁", "restaurant", "Gyeongbokgung"),
        ("청와옥", "restaurant", "Cheongwaok"),
    ],
)
def test_a_korean_name_is_spelled_for_english_readers(
    korean: str, category: str, english: str
) -> None:
    assert english_name(korean, category=category) == english
