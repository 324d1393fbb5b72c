"""Judges the grouping by pairs of real records, labelled by hand."""

import pytest

from benchmarks.merging import FILES, judge_pairs, score
from places.services.grouping import clusters
from tests.builders.drafts import make_draft

SEEN = judge_pairs(FILES["seen"])
HELD_OUT = judge_pairs(FILES["held out"])


def test_pairs_that_are_two_places_never_merge() -> None:
    wrong = [one.names for one in SEEN if one.verdict == "merge" != one.label]

    assert wrong == []


def test_most_records_of_one_place_merge_and_the_others_share_a_site() -> None:
    apart = [one.names for one in SEEN if (one.label, one.verdict) == ("merge", "different")]

    assert score(SEEN).recall >= 0.9
    assert apart == []


def test_pairs_that_nobody_looked_at_are_told_apart_as_well() -> None:
    found = score(HELD_OUT)

    assert found.pairs == 143
    assert found.wrong == 0
    assert found.recall >= 0.9


def test_halls_of_one_house_share_a_site_and_neighbours_do_not() -> None:
    apart = [one.names for one in SEEN if (one.label, one.verdict) == ("site", "different")]
    together = [one.names for one in SEEN if (one.label, one.verdict) == ("different", "site")]

    assert len(apart) <= 3
    assert together == []


def test_a_publisher_who_lists_both_names_means_two_places() -> None:
    street = "서초구 남부순환로 2406"
    one = make_draft(name="한빛미술관", category="gallery", address=street, source="museums")
    other = make_draft(name="한빛유리미술관", category="gallery", address=street, source="museums")
    elsewhere = make_draft(name="한빛유리미술관", category="gallery", address=street, source="city")

    assert len(clusters([one, other])) == 2
    assert len(clusters([one, elsewhere])) == 1


@pytest.mark.parametrize(
    ("a", "b", "category", "apart_m"),
    [
        ("달릉과 별릉", "달별릉", "heritage", 200),
        ("문묘와 달학관", "문묘 및 달학관", "heritage", 60),
        ("성북구립달빛도서관", "달빛도서관", "library", 80),
        ("달빛각", "달빛각터", "heritage", 30),
        ("별빛시장", "별빛종합시장", "market", 180),
    ],
)
def test_owners_kinds_and_short_forms_do_not_part_a_place(
    a: str, b: str, category: str, apart_m: float
) -> None:
    drafts = [
        make_draft(name=a, category=category),
        make_draft(name=b, category=category, north_m=apart_m, source="other"),
    ]

    assert len(clusters(drafts)) == 1
