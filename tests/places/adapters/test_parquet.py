import struct
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from places.adapters.foursquare_open import FoursquareOpenPlaces
from places.adapters.overture import OverturePlaces
from places.adapters.reading import UnreadableFile
from places.adapters.source import Feed, SourceAdapter
from places.types import Draft, Refusal, Row

SEOUL = (126.76, 37.41, 127.19, 37.71)

# The columns of the 2025 releases, in their types; a shape is a point in little-endian WKB.
OVERTURE = """
SELECT id, wkb AS geometry,
    {'xmin': x::FLOAT, 'xmax': x::FLOAT, 'ymin': y::FLOAT, 'ymax': y::FLOAT} AS bbox,
    1 AS version,
    [{'property': '', 'dataset': 'Foursquare', 'record_id': 'fsq-' || id,
      'update_time': '2025-02-24T08:00:00.000Z', 'confidence': 0.9::DOUBLE}] AS sources,
    {'primary': name, 'common': MAP {'en': english}, 'rules': NULL::VARCHAR[]} AS names,
    {'primary': class, 'alternate': ['eat_and_drink']} AS categories,
    confidence::DOUBLE AS confidence, ['https://example.org'] AS websites,
    NULL::VARCHAR[] AS phones,
    [{'freeform': '와우산로 1', 'locality': '마포구', 'postcode': '04000', 'region': '서울',
      'country': 'KR'}] AS addresses,
    status AS operating_status
FROM given ORDER BY n
"""
FOURSQUARE = """
SELECT id AS fsq_place_id, name, y AS latitude, x AS longitude, '와우산로 1' AS address,
    '마포구' AS locality, '서울' AS region, '04000' AS postcode, 'KR' AS country,
    '2015-01-02' AS date_created, '2025-04-08' AS date_refreshed,
    CASE WHEN status = 'permanently_closed' THEN '2024-12-01' END AS date_closed,
    '02-123-4567' AS tel, NULL AS website, ['4bf58dd8d48988d16d941735'] AS fsq_category_ids,
    [class] AS fsq_category_labels, CASE WHEN status = 'doubted' THEN ['delete'] END
        AS unresolved_flags, wkb AS geom,
    {'xmin': x, 'ymin': y, 'xmax': x, 'ymax': y} AS bbox
FROM given ORDER BY n
"""


GEO = (
    '{"version": "1.1.0", "primary_column": "geometry",'
    ' "columns": {"geometry": {"encoding": "WKB", "geometry_types": ["Point"]}}}'
)


def row(name: str, **fields: Any) -> dict[str, Any]:
    usual = {"english": "", "x": 126.9236, "y": 37.5563, "class": "cafe", "confidence": 0.9}
    return usual | {"id": f"id-{name}", "name": name, "status": "open"} | fields


def write(path: Path, query: str, rows: list[dict[str, Any]]) -> Path:
    connection = duckdb.connect()
    connection.execute(
        "CREATE TABLE given (n INT, id TEXT, name TEXT, english TEXT, x DOUBLE, y DOUBLE,"
        " class TEXT, confidence DOUBLE, status TEXT, wkb BLOB)"
    )
    connection.executemany(
        "INSERT INTO given SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, unhex(?)",
        [
            [n, *(one[key] for key in ("id", "name", "english", "x", "y", "class", "confidence", "status")), one.get("wkb", wkb(one["x"], one["y"]))]
            for n, one in enumerate(rows)
        ],
    )  # fmt: skip
    connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet, KV_METADATA {{geo: '{GEO}'}})")
    return path


def wkb(x: float, y: float) -> str:
    return struct.pack("<BIdd", 1, 1, x, y).hex()


def fetch(adapter: SourceAdapter, path: Path) -> list[Row | Refusal]:
    return list(adapter.fetch(Feed(city="seoul", file=path, bounds=SEOUL)))


def clean(adapter: SourceAdapter, path: Path) -> list[Draft | Refusal]:
    return [adapter.clean(one) if isinstance(one, Row) else one for one in fetch(adapter, path)]


def test_an_overture_place_becomes_a_draft(tmp_path: Path) -> None:
    rows = [row("달빛다방", english="Moonlight Cafe", **{"class": "coffee_shop"})]
    path = write(tmp_path / "places.parquet", OVERTURE, rows)

    (draft,) = clean(OverturePlaces(), path)

    assert isinstance(draft, Draft)
    assert (draft.ref, draft.name, draft.name_en) == ("id-달빛다방", "달빛다방", "Moonlight Cafe")
    assert (draft.category, draft.source_class) == ("cafe", "coffee_shop")
    assert (draft.latitude, draft.longitude) == (37.5563, 126.9236)
    assert (draft.address, draft.district) == ("서울 마포구 와우산로 1", "마포구")
    assert draft.identifiers == {"foursquare": "fsq-id-달빛다방"}
    assert draft.as_of == date(2025, 2, 24)


def test_what_overture_doubts_or_calls_no_stop_is_left_out(tmp_path: Path) -> None:
    rows = [
        row("의심", confidence=0.2),
        row("은행", **{"class": "bank_credit_union"}),
        row("---"),
        row("닫힌 카페", status="permanently_closed"),
    ]
    path = write(tmp_path / "places.parquet", OVERTURE, rows)

    doubted, bank, unnamed, closed = clean(OverturePlaces(), path)

    assert doubted == Refusal("row 1", "low confidence", "의심: 0.20", expected=True)
    assert bank == Refusal("row 2", "not a trip stop", "은행: bank_credit_union", expected=True)
    assert unnamed == Refusal("row 3", "unnamed", expected=True)
    assert isinstance(closed, Draft)
    assert closed.is_closed


def test_an_open_place_of_foursquare_becomes_a_draft(tmp_path: Path) -> None:
    label = "Dining and Drinking > Cafe, Coffee, and Tea House > Coffee Shop"
    rows = [
        row("달빛다방 (Moonlight)", **{"class": label}),
        row("문 닫은 집", **{"class": label}, status="permanently_closed"),
        row("없는 집", **{"class": label}, status="doubted"),
        row("사무실", **{"class": "Business and Professional Services > Office"}),
    ]
    path = write(tmp_path / "places.parquet", FOURSQUARE, rows)

    cafe, closed, doubted, office = clean(FoursquareOpenPlaces(), path)

    assert isinstance(cafe, Draft)
    assert isinstance(closed, Draft)
    assert (cafe.name, cafe.name_en, cafe.category) == ("달빛다방", "Moonlight", "cafe")
    assert (cafe.source_class, cafe.as_of) == ("Coffee Shop", date(2025, 4, 8))
    assert (cafe.latitude, cafe.longitude, cafe.is_closed) == (37.5563, 126.9236, False)
    assert closed.is_closed
    assert doubted == Refusal("row 3", "reported by others", "없는 집: delete", expected=True)
    assert office == Refusal("row 4", "not a trip stop", "사무실: Office", expected=True)


def test_only_what_lies_in_the_box_is_read(tmp_path: Path) -> None:
    rows = [row("부산", x=129.07, y=35.18), row("서울"), row("도쿄", x=139.7, y=35.6)]
    path = write(tmp_path / "places.parquet", OVERTURE, rows)

    (only,) = fetch(OverturePlaces(), path)

    assert isinstance(only, Row)
    assert only.ref == "id-서울"


@pytest.mark.parametrize("shape", ["", "0101", "0102000000", "ff01000000" + "00" * 16])
def test_a_shape_that_is_no_point_is_refused(tmp_path: Path, shape: str) -> None:
    path = write(tmp_path / "places.parquet", OVERTURE, [row("집", wkb=shape), row("옆집")])

    broken, good = fetch(OverturePlaces(), path)

    assert broken == Refusal("row 1", "malformed geometry", "id-집")
    assert isinstance(good, Row)


def test_a_file_that_breaks_off_or_is_none_is_unreadable(tmp_path: Path) -> None:
    path = write(tmp_path / "places.parquet", OVERTURE, [row("집")])
    path.write_bytes(path.read_bytes()[:-40])

    with pytest.raises(UnreadableFile, match="no whole Parquet file"):
        fetch(OverturePlaces(), path)


def test_a_file_without_its_columns_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "places.parquet"
    duckdb.connect().execute(f"COPY (SELECT 1 AS id) TO '{path}' (FORMAT parquet)")

    with pytest.raises(UnreadableFile, match="no column bbox"):
        fetch(OverturePlaces(), path)


def test_a_folder_of_parts_is_read_as_one(tmp_path: Path) -> None:
    for part in ("part-0", "part-1"):
        write(tmp_path / f"{part}.parquet", FOURSQUARE, [row(part)])

    found = fetch(FoursquareOpenPlaces(), tmp_path)

    assert [one.ref for one in found if isinstance(one, Row)] == ["id-part-0", "id-part-1"]


def test_a_point_lies_where_its_shape_does_if_the_columns_are_empty(tmp_path: Path) -> None:
    query = FOURSQUARE.replace("y AS latitude", "NULL::DOUBLE AS latitude")
    path = write(tmp_path / "foursquare_places.parquet", query, [row("달빛")])
    adapter = FoursquareOpenPlaces()

    (one,) = fetch(adapter, path)

    assert isinstance(one, Row)
    draft = adapter.clean(one)
    assert isinstance(draft, Draft)
    assert (draft.latitude, draft.longitude) == (37.5563, 126.9236)


def test_a_release_without_boxes_is_read_by_its_points(tmp_path: Path) -> None:
    query = f"SELECT * EXCLUDE (bbox, geom) FROM ({FOURSQUARE})"
    path = write(
        tmp_path / "foursquare_places.parquet", query, [row("달빛"), row("부산", x=129.1, y=35.1)]
    )

    rows = fetch(FoursquareOpenPlaces(), path)

    assert [one.ref for one in rows if isinstance(one, Row)] == ["id-달빛"]


def test_what_else_a_place_is_said_to_be_tells_where_its_class_is_wide(tmp_path: Path) -> None:
    query = (
        OVERTURE.replace("'primary': class,", "'primary': 'eat_and_drink',")
        .replace("['eat_and_drink']", "[class]")
        .replace("'서울'", "'KR-11'")
    )
    path = write(tmp_path / "overture_places.parquet", query, [row("달빛")])
    adapter = OverturePlaces()

    (one,) = fetch(adapter, path)

    assert isinstance(one, Row)
    draft = adapter.clean(one)
    assert isinstance(draft, Draft)
    assert (draft.category, draft.source_class) == ("cafe", "cafe")
    assert draft.address == "마포구 와우산로 1"
