import pytest

from places.services.chains import branched_names, find_chain


@pytest.mark.parametrize(
    ("name", "chain"),
    [
        ("스타벅스", "스타벅스"),
        ("STARBUCKS COFFEE", "스타벅스"),
        ("스타벅스 무교동점", "스타벅스"),
        ("스타벅스종로3가점", "스타벅스"),
        ("오류동 스타벅스", "스타벅스"),
        ("Starbucks 목동5단지", "스타벅스"),
        ("버거킹 (Burger King)", "버거킹"),
        ("커피빈 삼청", "커피빈"),
        ("BBQ", "비비큐"),
        ("본가", "본가"),
        ("Paris Baguette Cafe", "파리바게뜨"),
    ],
)
def test_a_chain_is_told_by_whole_words(name: str, chain: str) -> None:
    assert find_chain([name]) == chain


@pytest.mark.parametrize(
    ("name", "chain"),
    [
        ("EDIYA COFEE", "이디야"),
        ("Starbuck's", "스타벅스"),
        ("Caffé bene", "카페베네"),
        ("A twosomeplace", "투썸플레이스"),
        ("김밤천국", "김밥천국"),
        ("EDIAY COFFEE", "이디야"),
        ("EDIYA COFFEEE", "이디야"),
        ("ADIYA COFFEE", "이디야"),
    ],
)
def test_one_slip_in_a_long_name_is_forgiven(name: str, chain: str) -> None:
    assert find_chain([name]) == chain


@pytest.mark.parametrize(
    "name",
    ["Halal BBQ Lamb", "BBQ Cafe", "본가 설렁탕", "카페 달", "컴포트 커피", "포마토김밥", "Subwan"],
)
def test_a_name_that_only_resembles_one_is_no_chain(name: str) -> None:
    assert find_chain([name]) == ""


def test_a_name_with_three_branches_is_a_chain() -> None:
    branched = branched_names(["달밤 홍대점", "달밤 종로점", "달밤 신촌점", "해밤 홍대점"])

    assert find_chain(["달밤 홍대점"], branched=branched) == "달밤"
    assert find_chain(["해밤 홍대점"], branched=branched) == ""
