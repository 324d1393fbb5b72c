from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import osmium
import osmium.osm.mutable as osm
import pytest

from places.adapters.osm import OpenStreetMap
from places.adapters.reading import UnreadableFile
from places.adapters.source import Bounds, Feed
from places.types import Draft, Refusal, Row

EDITED = datetime(2024, 5, 6, tzinfo=UTC)
SQUARE = ((0.0, 0.0), (0.001, 0.0), (0.001, 0.001), (0.0, 0.001))


class Extract:
    """Writes an extract of a square of nodes 10 to 13 at 126.9, 37.5, and what a test adds."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = osmium.SimpleWriter(str(path))
        for at, (x, y) in enumerate(SQUARE):
            self.node(10 + at, 126.9 + x, 37.5 + y, {})

    def node(self, ref: int, x: float, y: float, tags: Mapping[str, str]) -> None:
        self.file.add_node(
            osm.Node(id=ref, location=(x, y), tags=tags, timestamp=EDITED, version=1)
        )

    def way(self, ref: int, nodes: list[int], tags: Mapping[str, str]) -> None:
        self.file.add_way(osm.Way(id=ref, nodes=nodes, tags=tags, timestamp=EDITED, version=1))

    def relation(
        self, ref: int, members: list[tuple[str, int, str]], tags: Mapping[str, str]
    ) -> None:
        self.file.add_relation(
            osm.Relation(id=ref, members=members, tags=tags, timestamp=EDITED, version=1)
        )


@pytest.fixture
def extract(tmp_path: Path) -> Iterator[Extract]:
    made = Extract(tmp_path / "seoul.osm.pbf")
    yield made
    made.file.close()


def read(extract: Extract, bounds: Bounds | None = None) -> list[Row | Refusal]:
    extract.file.close()
    feed = Feed(city="seoul", folder=extract.path.parent, bounds=bounds)
    assert OpenStreetMap().is_found(feed)
    return list(OpenStreetMap().fetch(feed))


def clean(row: Row | Refusal) -> Draft:
    assert isinstance(row, Row)
    draft = OpenStreetMap().clean(row)
    assert isinstance(draft, Draft)
    return draft


def test_a_node_is_what_it_is_in_a_geojson_export(extract: Extract) -> None:
    tags = {"amenity": "cafe", "name": "달빛다방", "opening_hours": "10:00-22:00"}
    extract.node(20, 126.98, 37.57, tags)

    (row,) = read(extract)

    assert row == Row(
        "node/20",
        {
            "type": "Feature",
            "id": "node/20",
            "properties": tags,
            "geometry": {"type": "Point", "coordinates": [126.98, 37.57]},
            "as_of": "2024-05-06",
        },
        ref="node/20",
    )
    draft = clean(row)
    assert (draft.ref, draft.category, draft.hours.osm) == ("node/20", "cafe", "10:00-22:00")
    assert (draft.latitude, draft.longitude, draft.as_of) == (37.57, 126.98, date(2024, 5, 6))


def test_a_closed_way_and_a_multipolygon_keep_their_outline(extract: Extract) -> None:
    extract.way(5, [10, 11, 12, 13, 10], {"leisure": "park", "name": "달빛공원"})
    extract.way(6, [10, 11, 12, 13, 10], {})
    extract.relation(
        7, [("w", 6, "outer")], {"type": "multipolygon", "tourism": "museum", "name": "달빛박물관"}
    )

    park, museum = map(clean, read(extract))

    assert (park.ref, park.category, park.outline[:7]) == ("way/5", "park", "POLYGON")
    assert (museum.ref, museum.category, museum.outline[:12]) == (
        "relation/7",
        "museum",
        "MULTIPOLYGON",
    )
    assert (round(park.longitude, 4), round(park.latitude, 4)) == (126.9005, 37.5005)


def test_an_open_way_is_a_point_on_it(extract: Extract) -> None:
    extract.way(5, [10, 11, 12], {"historic": "ruins", "name": "달빛성터"})

    (row,) = read(extract)

    draft = clean(row)
    assert (draft.longitude, draft.latitude, draft.outline) == (126.901, 37.5, "")


def test_relations_that_hold_each_other_are_gone_through_once(extract: Extract) -> None:
    extract.node(20, 126.9, 37.5, {})
    extract.relation(
        8, [("r", 9, ""), ("n", 20, "")], {"type": "site", "historic": "castle", "name": "달빛성"}
    )
    extract.relation(9, [("r", 8, ""), ("r", 9, ""), ("r", 404, "")], {"type": "site"})

    (row,) = read(extract)

    draft = clean(row)
    assert (draft.ref, draft.longitude, draft.latitude) == ("relation/8", 126.9, 37.5)


def test_what_misses_its_members_is_refused(extract: Extract) -> None:
    extract.way(5, [900, 901, 902, 900], {"leisure": "park", "name": "먼 공원"})
    extract.relation(8, [("n", 900, "")], {"type": "site", "historic": "fort", "name": "먼 성"})

    assert read(extract) == [
        Refusal("way/5", "members are not in the extract", "먼 공원"),
        Refusal("relation/8", "members are not in the extract", "먼 성"),
    ]


def test_a_way_that_crosses_itself_is_still_somewhere(extract: Extract) -> None:
    extract.way(5, [10, 12, 11, 13, 10], {"leisure": "park", "name": "나비공원"})

    (row,) = read(extract)

    draft = clean(row)
    assert 126.9 <= draft.longitude <= 126.901
    assert 37.5 <= draft.latitude <= 37.501


def test_what_has_no_name_or_lies_outside_the_city_is_not_even_a_row(extract: Extract) -> None:
    extract.node(20, 126.98, 37.57, {"amenity": "cafe"})
    extract.node(21, 126.98, 37.57, {"name": "이름뿐"})
    extract.node(22, 129.0, 35.1, {"amenity": "cafe", "name": "부산다방"})

    assert read(extract, bounds=(126.7, 37.4, 127.2, 37.7)) == []


def test_an_extract_that_breaks_off_is_no_whole_listing(extract: Extract) -> None:
    for ref in range(20, 9_000):
        extract.node(ref, 126.98, 37.57, {"amenity": "cafe", "name": f"다방 {ref}"})
    extract.file.close()
    whole = extract.path.read_bytes()
    extract.path.write_bytes(whole[: len(whole) * 2 // 3])

    with pytest.raises(UnreadableFile, match="no whole extract"):
        list(OpenStreetMap().fetch(Feed(city="seoul", file=extract.path)))


def test_an_area_of_which_a_member_is_missing_is_told(extract: Extract) -> None:
    extract.way(30, [10, 11, 12, 13, 10], {})
    extract.relation(
        40,
        [("w", 30, "outer"), ("w", 99, "outer")],
        {"type": "multipolygon", "leisure": "park", "name": "달빛공원"},
    )

    assert read(extract) == [Refusal("relation/40", "members are not in the extract", "달빛공원")]


@pytest.mark.parametrize(
    ("tags", "outcome"),
    [
        ({"disused": "yes"}, True),
        ({"construction": "minor"}, True),
        ({"end_date": "2019-05"}, True),
        ({"end_date": "2030"}, False),
        ({"opening_hours": "closed"}, True),
        ({"opening_hours": "Mo-Fr 10:00-18:00; PH off"}, False),
        ({"historic": "castle", "end_date": "1592"}, False),
        ({"disused:amenity": "cafe"}, False),
    ],
)
def test_what_is_out_of_use_is_closed(
    extract: Extract, *, tags: dict[str, str], outcome: bool
) -> None:
    extract.node(20, 126.98, 37.57, {"tourism": "museum", "name": "달빛관", **tags})

    (row,) = read(extract)

    assert clean(row).is_closed is outcome


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        ({"opening_date": "2030-01-01"}, "not open yet"),
        ({"access": "private"}, "not for the public"),
    ],
)
def test_where_nobody_is_let_in_is_no_stop(
    extract: Extract, tags: dict[str, str], reason: str
) -> None:
    extract.node(20, 126.98, 37.57, {"tourism": "museum", "name": "달빛관", **tags})

    (row,) = read(extract)

    assert isinstance(row, Row)
    assert OpenStreetMap().clean(row) == Refusal("node/20", reason, "달빛관", expected=True)


@pytest.mark.parametrize(
    ("tags", "cost"),
    [
        ({"tourism": "museum", "fee": "no"}, (0, 0)),
        ({"tourism": "museum", "fee": "yes"}, None),
        ({"tourism": "museum", "charge": "3000 KRW"}, (3000, 3000)),
        ({"tourism": "museum", "charge": "250 CZK"}, (25_000, 25_000)),
        ({"tourism": "museum", "charge": "5 EUR"}, None),
        ({"amenity": "cafe", "fee": "no"}, None),
    ],
)
def test_the_fee_of_a_sight_is_read(
    extract: Extract, tags: dict[str, str], cost: tuple[int, int] | None
) -> None:
    extract.node(20, 126.98, 37.57, {"name": "달빛관", **tags})

    (row,) = read(extract)

    assert clean(row).cost == cost
