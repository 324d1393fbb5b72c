import math
import random

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon

from places.adapters.geography import District
from places.services.locating import CityShape
from places.types import Draft, Refusal
from tests.builders.drafts import make_draft

# A diamond, of which most cells lie on an edge, and a square that overlaps it.
DIAMOND = Polygon(((126.90, 37.55), (126.93, 37.58), (126.96, 37.55), (126.93, 37.52), (126.90, 37.55)))  # fmt: skip
SQUARE = Polygon.from_bbox((126.945, 37.54, 126.99, 37.60))


def make_shape() -> CityShape:
    outlines = {"마포구": DIAMOND, "종로구": SQUARE}
    districts = [
        District(name, "", MultiPolygon(outline, srid=4326)) for name, outline in outlines.items()
    ]
    return CityShape(districts=districts, name="서울")


def test_a_point_lies_where_the_first_outline_that_holds_it_says() -> None:
    shape, rng = make_shape(), random.Random(7)
    points = [(rng.uniform(126.88, 127.0), rng.uniform(37.51, 37.61)) for _ in range(3_000)]
    points += [(126.90, 37.55), (126.945, 37.54), (126.99, 37.60), (126.96, 37.55)]

    found = [shape.district_at(x, y) for x, y in points]

    expected = []
    for x, y in points:
        held = [name for name, one in (("마포구", DIAMOND), ("종로구", SQUARE)) if one.contains(Point(x, y))]  # fmt: skip
        expected.append(held[0] if held else "")
    assert found == expected
    assert {"마포구", "종로구", ""} == set(found)


def test_no_point_at_all_lies_nowhere() -> None:
    assert make_shape().district_at(math.nan, math.inf) == ""


@pytest.mark.parametrize(
    ("stated", "x", "y", "outcome"),
    [
        ("", 126.93, 37.55, "마포구"),
        ("종로구", 126.944, 37.57, "종로구"),  # 90 m west of its edge
        ("종로구", 126.91, 37.55, "coordinate disagrees with the gu of the address"),
        ("종로구", 37.55, 126.96, "latitude and longitude swapped"),
        ("", 37.55, 126.96, "latitude and longitude swapped"),
        ("종로구", 10.0, 10.0, "outside the city"),
        ("", 126.88, 37.60, "outside the city"),
    ],
)
def test_a_stated_district_is_believed_near_its_edge(
    stated: str, x: float, y: float, outcome: str
) -> None:
    draft = make_draft(name="달빛다락", longitude=x, latitude=y, district=stated)

    found = make_shape().locate(draft)

    told = found.district if isinstance(found, Draft) else found.reason
    assert told == outcome
    assert isinstance(found, Refusal) == (outcome not in ("마포구", "종로구"))
