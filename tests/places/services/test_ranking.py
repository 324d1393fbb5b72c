from typing import Any

import pytest

from places.services.ranking import popularity
from tests.builders.drafts import make_draft


def rank(name: str, source_class: str, *, kind: str = "", **fields: Any) -> float:
    draft = make_draft(
        name=name, category="heritage", source_class=source_class, source="seoul-heritage", **fields
    )
    return popularity(
        [draft], [], category="heritage", kind=kind, name=name, chain="", hotspots=frozenset()
    )


@pytest.mark.parametrize(
    ("known", "passed_by"),
    [
        (("달궁", "사적", "palace"), ("달릉", "사적", "royal tomb or shrine")),
        (("달인지문", "보물", ""), ("달정총국", "사적", "")),
        (("종묘", "국보", ""), ("달산신학교", "사적", "")),
        (("달산성", "사적", ""), ("달사동 민씨 가옥", "민속문화유산", "")),
        (("달사동 민씨 가옥", "민속문화유산", ""), ("달성공 묘역", "기념물", "")),
    ],
)
def test_landmarks_outrank_what_visitors_pass_by(
    known: tuple[str, str, str], passed_by: tuple[str, str, str]
) -> None:
    grave = {"ground_mark": "name"} if passed_by[0].endswith("묘역") else {}

    first = rank(known[0], known[1], kind=known[2])
    second = rank(passed_by[0], passed_by[1], kind=passed_by[2], signs=grave)

    assert first >= second + 0.03


def test_the_site_of_what_is_gone_is_hardly_known() -> None:
    assert rank("달정승 집터", "기념물", signs={"ground_mark": "name"}) == 0.0


def test_a_cathedral_is_no_village_shrine() -> None:
    assert rank("달빛성당", "유형문화유산") == 0.28
    assert rank("달빛동 부군당", "유형문화유산") == 0.14


def test_an_area_whose_crowds_the_city_watches_is_known() -> None:
    draft = make_draft(name="달빛각", category="heritage", source_class="사적")

    watched, other = (
        popularity(
            [draft], [], category="heritage", kind="", name="달빛각", chain="", hotspots=names
        )
        for names in (frozenset({"달빛각"}), frozenset[str]())
    )

    assert watched == pytest.approx(other + 0.25)
