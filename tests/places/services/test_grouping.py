"""Judges the grouping by pairs of real records, labelled by hand."""

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from places.services.grouping import clusters, sites
from places.types import Draft
from tests.builders.drafts import make_draft

PAIRS = Path(__file__).resolve().parent.parent / "data" / "pairs.csv"


def read_draft(row: dict[str, str], side: str) -> Draft:
    fields: dict[str, Any] = {
        key: row[f"{key}_{side}"] for key in ("name", "category", "source", "address")
    }
    return make_draft(
        **fields,
        ref=side,
        latitude=float(row[f"latitude_{side}"]),
        longitude=float(row[f"longitude_{side}"]),
        payload={"제공기관코드": row[f"publisher_{side}"]},
    )


def judge(row: dict[str, str]) -> str:
    a, b = read_draft(row, "a"), read_draft(row, "b")
    if len(clusters([a, b])) == 1:
        return "merge"
    found = sites([a, b])
    return "site" if a.key in found and found[a.key] == found.get(b.key) else "different"


def judged_pairs() -> list[tuple[str, str, str]]:
    with PAIRS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [(row["label"], judge(row), f"{row['name_a']} / {row['name_b']}") for row in rows]


def test_pairs_that_are_two_places_never_merge() -> None:
    wrong = [
        names for label, judged, names in judged_pairs() if judged == "merge" and label != "merge"
    ]

    assert wrong == []


def test_most_records_of_one_place_merge_and_the_others_share_a_site() -> None:
    counts = Counter((label, judged) for label, judged, _ in judged_pairs())

    merges = sum(count for (label, _), count in counts.items() if label == "merge")
    assert counts["merge", "merge"] / merges >= 0.9
    assert counts["merge", "different"] == 0


def test_halls_of_one_house_share_a_site_and_neighbours_do_not() -> None:
    judged = judged_pairs()
    apart = [names for label, said, names in judged if (label, said) == ("site", "different")]
    together = [names for label, said, names in judged if (label, said) == ("different", "site")]

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
