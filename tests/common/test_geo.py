import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import DomainError
from common.geo import (
    DEPTH_HIGH,
    VERTICES_HIGH,
    BoundingBox,
    BoxEmpty,
    GeometryMalformed,
    Position,
    PositionOutOfBounds,
    PositionSwapped,
    parse_bounding_box,
    parse_geometry,
    parse_position,
    read_position,
)

SQUARE = [[[127, 37], [127.1, 37], [127.1, 37.1], [127, 37.1], [127, 37]]]


def nest(depth: int) -> dict[str, Any]:
    geometry: dict[str, Any] = {"type": "Point", "coordinates": [127, 37]}
    for _ in range(depth - 1):
        geometry = {"type": "GeometryCollection", "geometries": [geometry]}
    return geometry


def test_reads_a_position() -> None:
    assert parse_position("37.5563,126.9236", field="near") == Position(lat=37.5563, lon=126.9236)


@pytest.mark.parametrize(
    "text",
    ["", "37.5", "37.5,126.9,3", "nan,126.9", "37.5,inf", "a,b", "3_7,126", "３７,126", "1e400,3",
     "37.5;126.9", "37.5,126.9\x00", "9" * 50 + ",1"],
)  # fmt: skip
def test_refuses_what_is_no_position(text: str) -> None:
    with pytest.raises(GeometryMalformed) as refused:
        parse_position(text, field="near")

    assert refused.value.field == "near"


@pytest.mark.parametrize(("lat", "lon"), [(999, 0), (91, 127), (37, 181), (10**400, 1)])
def test_refuses_what_is_not_on_earth(lat: float, lon: float) -> None:
    with pytest.raises(PositionOutOfBounds):
        read_position(lat=lat, lon=lon, field="near")


def test_notices_swapped_coordinates() -> None:
    with pytest.raises(PositionSwapped) as refused:
        parse_position("126.9236,37.5563", field="near")

    assert refused.value.values == {"lat": 37.5563, "lon": 126.9236}


def test_reads_a_box() -> None:
    assert parse_bounding_box("126,37,127,38", field="bbox") == (BoundingBox(126, 37, 127, 38),)


def test_splits_a_box_over_the_antimeridian() -> None:
    assert parse_bounding_box("170,-10,-170,10", field="bbox") == (
        BoundingBox(170, -10, 180, 10),
        BoundingBox(-180, -10, -170, 10),
    )


def test_a_box_up_to_the_antimeridian_is_one() -> None:
    assert parse_bounding_box("170,-10,-180,10", field="bbox") == (BoundingBox(170, -10, 180, 10),)


@pytest.mark.parametrize("text", ["126,38,127,37", "126,37,126,38", "126,37,127,37"])
def test_refuses_a_box_without_area(text: str) -> None:
    with pytest.raises(BoxEmpty) as refused:
        parse_bounding_box(text, field="bbox")

    assert refused.value.field == "bbox"


@pytest.mark.parametrize("text", ["nan,nan,nan,nan", "126,37,127"])
def test_refuses_what_is_no_box(text: str) -> None:
    with pytest.raises(GeometryMalformed):
        parse_bounding_box(text, field="bbox")


@pytest.mark.parametrize(
    ("geometry", "wkt"),
    [
        ({"type": "Point", "coordinates": [127, 37]}, "POINT (127 37)"),
        (
            {"type": "LineString", "coordinates": [[127, 37], [128, 38]]},
            "LINESTRING (127 37, 128 38)",
        ),
        ({"type": "MultiPoint", "coordinates": [[127, 37]]}, "MULTIPOINT (127 37)"),
        (nest(2), "GEOMETRYCOLLECTION (POINT (127 37))"),
    ],
)
def test_builds_the_geometry(geometry: dict[str, Any], wkt: str) -> None:
    built = parse_geometry(geometry, allowed=[geometry["type"]], field="area")

    assert (built.wkt, built.srid) == (wkt, 4326)


@pytest.mark.parametrize("kind", ["Polygon", "MultiPolygon", "MultiLineString"])
def test_builds_areas_and_lines(kind: str) -> None:
    coordinates = [SQUARE] if kind == "MultiPolygon" else SQUARE

    built = parse_geometry({"type": kind, "coordinates": coordinates}, allowed=[kind], field="area")

    assert built.geom_type == kind
    assert built.num_coords == 5


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        "POINT(1 1)",
        "SRID=3857;POINT(1 1)",
        [],
        {},
        {"type": "Point"},
        {"type": "Point", "coordinates": []},
        {"type": "Point", "coordinates": [math.nan, 1]},
        {"type": "Point", "coordinates": [1, math.inf]},
        {"type": "Point", "coordinates": ["1", "1"]},
        {"type": "Point", "coordinates": [True, 1]},
        {"type": "Point", "coordinates": [1, 1, 1]},
        {"type": "Point", "coordinates": [1, 1], "crs": {"name": "EPSG:3857"}},
        {"type": "Point", "coordinates": [1, 1], "extra": 1},
        {"type": ["Point"], "coordinates": [1, 1]},
        {"type": "point", "coordinates": [1, 1]},
        {"type": "Point", "geometries": []},
        {"type": "LineString", "coordinates": [[1, 1]]},
        {"type": "LineString", "coordinates": [[1, 1]] * (VERTICES_HIGH + 1)},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]},
        {"type": "MultiPolygon", "coordinates": [[[[0, 0]]]]},
        {"type": "GeometryCollection", "geometries": [{}] * 5000},
        {"type": "Feature", "geometry": None},
        nest(DEPTH_HIGH + 1),
        nest(2000),
    ],
)
def test_refuses_hostile_geometry(geometry: Any) -> None:
    kinds = ["Point", "LineString", "Polygon", "MultiPolygon", "GeometryCollection", "Feature"]

    with pytest.raises(GeometryMalformed):
        parse_geometry(geometry, allowed=kinds, field="area")


def test_refuses_a_type_not_asked_for() -> None:
    with pytest.raises(GeometryMalformed):
        parse_geometry(nest(2), allowed=["Point"], field="area")


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=5)
            | st.fixed_dictionaries(
                {
                    "type": st.sampled_from(["Point", "Polygon", "GeometryCollection", "x"]),
                    "coordinates": inner,
                }
            )
        ),
        max_leaves=30,
    )
)
def test_anything_is_a_geometry_or_is_refused(value: Any) -> None:
    try:
        built = parse_geometry(value, allowed=["Point", "Polygon"], field="area")
    except DomainError:
        return
    assert built.valid
