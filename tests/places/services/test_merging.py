import pytest

from places.services.grouping import clusters, judge, sites
from places.services.merging import is_entrance_of
from tests.builders.drafts import make_draft


@pytest.mark.parametrize(
    ("a", "b", "category", "apart_m"),
    [
        ("전쟁기념관", "전쟁 기념관", "museum", 900),
        ("숭례문(남대문)", "숭례문", "heritage", 200),
        ("남대문", "숭례문(남대문)", "heritage", 200),
        ("남산도시자연공원", "남산공원", "park", 900),
        ("N서울타워", "남산서울타워", "viewpoint", 80),
        ("STARBUCKS", "starbucks", "cafe", 20),
    ],
)
def test_records_of_one_place_merge(a: str, b: str, category: str, apart_m: float) -> None:
    drafts = [
        make_draft(name=a, category=category),
        make_draft(name=b, category=category, north_m=apart_m, source="other"),
    ]

    assert len(clusters(drafts)) == 1


@pytest.mark.parametrize(
    ("a", "b", "category", "apart_m"),
    [
        ("서울대학교 박물관", "서울시립대학교 박물관", "museum", 100),
        ("호림박물관(신림)", "호림박물관(신사)", "museum", 100),
        ("국립중앙박물관", "국립중앙박물관 극장 용", "museum", 50),
        ("동해횟집", "동해횟집", "restaurant", 400),
        ("조계사", "조계사", "heritage", 1500),
    ],
)
def test_different_places_stay_apart(a: str, b: str, category: str, apart_m: float) -> None:
    drafts = [
        make_draft(name=a, category=category),
        make_draft(name=b, category=category, north_m=apart_m, source="other"),
    ]

    assert len(clusters(drafts)) == 2


def test_a_restaurant_never_merges_with_the_sight_it_is_named_after() -> None:
    drafts = [
        make_draft(name="경복궁", category="heritage"),
        make_draft(name="경복궁", category="restaurant", north_m=10, source="other"),
    ]

    assert len(clusters(drafts)) == 2


def test_one_museum_named_in_full_and_by_an_aside_merges_at_one_address() -> None:
    drafts = [
        make_draft(name="현대관 서울", category="gallery", address="종로구 삼청로 30"),
        make_draft(
            name="현대관(서울관)",
            category="gallery",
            address="서울 종로구 삼청로 30",
            source="other",
        ),
    ]

    assert len(clusters(drafts)) == 1


@pytest.mark.parametrize(
    ("name", "address", "places"),
    [
        ("달섬 · 달다리 무지개분수", "서울특별시 서초구 강변대로 2085-14", 1),
        ("달섬&달다리", "서울특별시 서초구 강변대로 2085-14", 1),
        ("해산/달섬", "서울특별시 서초구 강변대로 2085-14", 1),
        ("달섬 · 달다리 무지개분수", "서울특별시 서초구 강변대로 1", 2),
        ("별섬 · 달다리 무지개분수", "서울특별시 서초구 강변대로 2085-14", 2),
    ],
)
def test_a_record_that_joins_two_names_is_the_place_of_one_at_its_address(
    name: str, address: str, places: int
) -> None:
    a = make_draft(name="달섬", category="park", address="서울 서초구 강변대로 2085-14")
    b = make_draft(
        name=name, category="park", source="tourist-sites", address=address, north_m=150.0
    )

    assert len(clusters([a, b])) == places


def test_a_gate_of_a_market_is_no_restaurant() -> None:
    market = make_draft(name="구로시장", category="market")

    assert is_entrance_of(make_draft(name="구로시장 영프라쟈 입구", north_m=50), [market])
    assert not is_entrance_of(make_draft(name="구로식당", north_m=50), [market])


def test_places_of_one_building_and_of_one_sight_share_a_site() -> None:
    hall = make_draft(name="아트홀", category="theatre", address="종로구 세종대로 175")
    gallery = make_draft(name="미술관", category="gallery", address="서울 종로구 세종대로 175")
    palace = make_draft(name="덕수궁", category="heritage", north_m=3000)
    wall = make_draft(name="덕수궁 돌담길", category="heritage", north_m=3100)
    lone = make_draft(name="외딴집", category="heritage", north_m=9000)

    found = sites([hall, gallery, palace, wall, lone])

    assert found[hall.key] == found[gallery.key] == "address:세종대로175"
    assert found[palace.key] == found[wall.key] == "site:덕수궁"
    assert lone.key not in found


@pytest.mark.parametrize(
    ("source", "value", "apart_m", "count"),
    [
        ("foursquare", "4b05", 400, 1),  # another name, another kind, but their own number
        ("foursquare", "4b06", 5, 2),
        ("foursquare", "4b05", 5_000, 2),  # one of them holds the other's number
        ("overture", "4b05", 5, 2),  # who lists both knows of two
    ],
)
def test_an_identifier_of_a_third_joins_what_two_sources_list(
    source: str, value: str, apart_m: float, count: int
) -> None:
    one = make_draft(name="달빛다락", source="overture", identifiers={"foursquare": "4b05"})
    other = make_draft(
        name="Moonlight Attic",
        category="gallery",
        source=source,
        north_m=apart_m,
        identifiers={"foursquare": value},
    )

    groups, judged = judge([one, other])

    assert len(groups) == count
    assert [told.rule for told in judged] == ["same identifier"] * (2 - count)
