import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon

from places.models import Area, City
from places.services.gazetteer_loading import GazetteerLoading, LoadedGazetteer

pytestmark = pytest.mark.django_db


def make_city() -> City:
    square = Polygon.from_bbox((126.7, 37.4, 127.2, 37.7))
    return City.objects.create(
        slug="seoul",
        name_ko="서울",
        name_en="Seoul",
        country="KR",
        currency="KRW",
        time_zone="Asia/Seoul",
        outline=MultiPolygon(square),
        bounds=square,
    )


def make_row(**changes: Any) -> dict[str, Any]:
    return {
        "slug": "hongdae",
        "name_ko": "홍대",
        "name_en": "Hongdae",
        "aliases": ["홍대입구"],
        "kind": "neighbourhood",
        "lat": 37.5568,
        "lon": 126.9237,
        "radius_m": 700,
        "outline": None,
        "source": "Dongne: made by hand",
        **changes,
    }


def write(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
    return path


def test_loads_the_shipped_gazetteer() -> None:
    city = make_city()

    loaded = GazetteerLoading().load(city=city)

    assert loaded.written == Area.objects.count() >= 500
    hongdae = Area.objects.get(slug="hongdae")
    assert (hongdae.name_ko, hongdae.kind, hongdae.radius_m) == ("홍대", "neighbourhood", 700)
    assert "홍대입구" in hongdae.aliases
    assert Area.objects.get(slug="mapo-gu").outline is not None


def test_loading_twice_keeps_the_rows(tmp_path: Path) -> None:
    city = make_city()
    loading = GazetteerLoading(path=write(tmp_path / "areas.gz", make_row()))
    loading.load(city=city)
    before = list(Area.objects.values())

    loaded = loading.load(city=city)

    assert loaded == LoadedGazetteer(written=1, removed=0)
    assert list(Area.objects.values()) == before


def test_a_changed_row_is_updated_and_a_dropped_one_removed(tmp_path: Path) -> None:
    city = make_city()
    first = write(tmp_path / "first.gz", make_row(), make_row(slug="sangsu", name_ko="상수"))
    second = write(tmp_path / "second.gz", make_row(radius_m=900))
    GazetteerLoading(path=first).load(city=city)
    kept = Area.objects.get(slug="hongdae").pk

    loaded = GazetteerLoading(path=second).load(city=city)

    assert loaded == LoadedGazetteer(written=1, removed=1)
    assert Area.objects.values_list("pk", "radius_m").get() == (kept, 900)


def test_keeps_an_outline(tmp_path: Path) -> None:
    ring = [[126.9, 37.5], [127.0, 37.5], [127.0, 37.6], [126.9, 37.5]]
    city = make_city()

    GazetteerLoading(path=write(tmp_path / "a.gz", make_row(outline=[[ring]]))).load(city=city)

    outline = Area.objects.get().outline
    assert outline is not None
    assert outline.coords == (((tuple(map(tuple, ring))),),)
