import json
from pathlib import Path
from typing import Any

import pytest

from places.adapters.source import Feed
from places.adapters.walks import Walks
from places.types import Draft, Refusal, Row

# Points of one course as the city's list has them, positions in metres (EPSG:5181).
COURSE = {
    "course_name": "흥인지문구간", "course_category_nm": "한양도성길", "course_level": "1",
    "distance": "1.8km", "lead_time": " 1시간", "area_gu": "종로구,중구",
    "relate_subway": "1호선,2호선", "detail_course": "", "reg_date": 1402295746000,
}  # fmt: skip
POINTS = [
    ("장충체육관", "200619.506208349", "450955.627553104"),
    ("광희문", "200882.392483971", "451647.568584813"),
    ("동대문문화역사공원역 지하철 2, 4, 5호선", "200780.697944281", "451804.842977036"),
]


def read(tmp_path: Path, *courses: dict[str, Any]) -> list[Row | Refusal]:
    data = [
        {**course, "cpi_name": name, "x": x, "y": y}
        for course in courses
        for name, x, y in course.pop("points", POINTS)
    ]
    path = tmp_path / "walks_dudeurim.json"
    path.write_text(json.dumps({"DESCRIPTION": {}, "DATA": data}), "utf-8")
    return list(Walks().fetch(Feed(city="seoul", folder=tmp_path)))


def clean(tmp_path: Path, **fields: Any) -> Draft | Refusal:
    (row,) = read(tmp_path, COURSE | fields)
    assert isinstance(row, Row)
    return Walks().clean(row)


def test_a_course_is_one_stop_where_one_walks_into_it(tmp_path: Path) -> None:
    draft = clean(tmp_path)

    assert isinstance(draft, Draft)
    assert (draft.name, draft.category, draft.source_class) == (
        "흥인지문구간",
        "park",
        "한양도성길",
    )
    # 광희문, which of the points that are no station lies nearest to one.
    assert (round(draft.latitude, 4), round(draft.longitude, 4)) == (37.5644, 127.01)
    assert draft.signs == {"walk": "걷기 60분 · 1.8km"}
    assert draft.stay_min == 60


def test_courses_follow_one_another(tmp_path: Path) -> None:
    rows = read(tmp_path, dict(COURSE), COURSE | {"course_name": "인왕산구간"})

    assert [len(row.values["points"]) for row in rows if isinstance(row, Row)] == [3, 3]
    assert len({row.ref for row in rows if isinstance(row, Row)}) == 2


def test_a_point_whose_axes_are_swapped_is_turned(tmp_path: Path) -> None:
    draft = clean(tmp_path, points=[("중랑천", "454500.655207824", "203879.821809826")])

    assert isinstance(draft, Draft)
    assert (round(draft.latitude, 3), round(draft.longitude, 3)) == (37.59, 127.044)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        (
            {"lead_time": "8시간"},
            Refusal("record 1", "longer than a stop", "흥인지문구간: 8시간", expected=True),
        ),
        ({"lead_time": "하루"}, Refusal("record 1", "no length in time", "흥인지문구간")),
        ({"points": [("광희문", "", "")]}, Refusal("record 1", "no coordinates", "흥인지문구간")),
    ],
)
def test_a_course_that_is_no_stop_is_refused(
    tmp_path: Path, fields: dict[str, Any], refusal: Refusal
) -> None:
    assert clean(tmp_path, **fields) == refusal
