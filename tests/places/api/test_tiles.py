"""Vector tiles: what is in them, how they thin out, and how long a map may keep them."""

import pytest
from rest_framework.test import APIClient

from places.models import PlaceSource
from tests.builders.places import make_place, make_source

pytestmark = pytest.mark.django_db

# 홍대: the tiles that hold 37.5563, 126.9236.
DEEP, FAR = "18/223494/101525", "8/218/99"
MVT = "application/vnd.mapbox-vector-tile"


def get_tile(address: str) -> bytes:
    response = APIClient().get(f"/api/v1/places/tiles/{address}.mvt")
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == MVT
    return bytes(response.content)


def test_a_tile_holds_its_places_and_no_others() -> None:
    make_place(name="안쪽")
    make_place(name="바깥", longitude=126.99)

    tile = get_tile(DEEP)

    assert "안쪽".encode() in tile
    assert "바깥".encode() not in tile
    assert b"places" in tile


def test_an_empty_tile_is_empty() -> None:
    assert get_tile(DEEP) == b""


def test_far_off_the_best_known_are_shown() -> None:
    for index in range(310):
        make_place(name=f"곳{index:03}.", popularity=index / 400)

    far, deep = get_tile(FAR), get_tile(DEEP)

    assert "곳309.".encode() in far
    assert "곳000.".encode() not in far
    assert "곳000.".encode() in deep


def test_a_map_may_keep_a_tile_and_ask_whether_it_is_still_good() -> None:
    make_place()
    address = f"/api/v1/places/tiles/{DEEP}.mvt"

    first = APIClient().get(address)
    again = APIClient().get(address, headers={"If-None-Match": first["ETag"]})

    assert first["Cache-Control"] == "public, max-age=600, stale-while-revalidate=3600"
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "address",
    ["7/0/0", "19/0/0", "8/256/0", "8/0/256", "99999999999999999999/0/0", f"18/{10**30}/0"],
)
def test_a_tile_that_there_is_not_is_not_found(address: str) -> None:
    response = APIClient().get(f"/api/v1/places/tiles/{address}.mvt")

    assert (response.status_code, response.json()["code"]) == (404, "places/tile-not-found")


def test_tilejson_names_the_sources_that_places_rest_on() -> None:
    make_source(slug="osm", attribution="© OpenStreetMap contributors")
    make_source(slug="walks", attribution="Walks <Seoul>")
    make_source(slug="unused", attribution="Nobody")
    place = make_place()
    for source, ref in (("walks", "1"), ("osm", "1"), ("osm", "2")):
        PlaceSource.objects.create(place=place, source_id=source, external_ref=ref)

    body = APIClient().get("/api/v1/places/tiles.json").json()

    assert body["attribution"] == "© OpenStreetMap contributors | Walks &lt;Seoul&gt;"


def test_tilejson_says_where_the_tiles_are() -> None:
    body = APIClient().get("/api/v1/places/tiles.json").json()

    assert body["tiles"] == ["http://testserver/api/v1/places/tiles/{z}/{x}/{y}.mvt"]
    assert (body["minzoom"], body["maxzoom"]) == (8, 18)
    assert body["vector_layers"][0]["id"] == "places"
