from places.services.naming import name_in_both
from tests.builders.drafts import make_draft


def test_the_english_name_of_a_source_wins_over_our_spelling() -> None:
    cluster = [make_draft(name="달빛다락", name_en="Moonlight Attic")]

    assert name_in_both(cluster, category="cafe", chain="") == (
        "달빛다락",
        "Moonlight Attic",
        False,
    )


def test_an_english_name_that_names_nothing_is_none() -> None:
    cluster = [make_draft(name="신촌설렁탕", name_en="Korean Restaurant")]

    assert name_in_both(cluster, category="restaurant", chain="") == (
        "신촌설렁탕", "Sinchon Seolleongtang", True,
    )  # fmt: skip


def test_a_house_that_spells_itself_in_parentheses_is_believed() -> None:
    cluster = [make_draft(name="갤러리자유(Gallery Jayu)")]

    assert name_in_both(cluster, category="gallery", chain="")[1:] == ("Gallery Jayu", False)


def test_a_branch_of_a_chain_has_both_its_names_whatever_the_sign_says() -> None:
    english = [make_draft(name="STARBUCKS")]
    korean = [make_draft(name="스타벅스 까치산역점")]

    assert name_in_both(english, category="cafe", chain="스타벅스") == (
        "스타벅스", "Starbucks", False,
    )  # fmt: skip
    assert name_in_both(korean, category="cafe", chain="스타벅스") == (
        "스타벅스 까치산역점", "Starbucks Kkachisan Station", True,
    )  # fmt: skip
