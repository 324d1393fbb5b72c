import gzip
from pathlib import Path

import pytest
from django.core.management import call_command

from places.services.gazetteer_building import (
    SHIPPED,
    build_gazetteer,
    gazetteer_file,
    write_gazetteer,
)
from places.services.gazetteer_sources import GazetteerUnreadable

pytestmark = pytest.mark.shared


def test_the_shipped_file_is_what_the_raw_material_gives(shared_data: Path, tmp_path: Path) -> None:
    output = tmp_path / "areas.jsonl.gz"

    call_command("build_gazetteer", shared_data / "places" / "seoul_more", output=output)

    assert gzip.decompress(output.read_bytes()) == gzip.decompress(SHIPPED.read_bytes())


def test_every_area_has_names_a_source_and_its_own_slug(shared_data: Path) -> None:
    areas = build_gazetteer(folder=shared_data / "places" / "seoul_more").areas

    assert len({area.slug for area in areas}) == len(areas) >= 500
    assert sum(area.kind == "neighbourhood" for area in areas) >= 100
    assert all(area.name_ko and area.name_en and area.source for area in areas)
    assert all(area.outline is None or area.outline.valid for area in areas)


def test_a_name_given_by_hand_is_taken_from_the_others(shared_data: Path) -> None:
    areas = build_gazetteer(folder=shared_data / "places" / "seoul_more").areas

    assert [area.slug for area in areas if "강남" in area.aliases] == ["gangnam-station"]
    assert [area.slug for area in areas if area.name_ko == "홍대입구역"] == []


def test_says_what_was_left_out_and_why(shared_data: Path) -> None:
    refused = build_gazetteer(folder=shared_data / "places" / "seoul_more").refused

    assert ("양평", "two stations of one name, apart") in refused
    assert ("서울대공원", "outside the city") in refused
    assert ("김가네순대국", "no street by its name") in refused


def test_the_file_stays_small_and_the_same(shared_data: Path, tmp_path: Path) -> None:
    areas = build_gazetteer(folder=shared_data / "places" / "seoul_more").areas

    size = write_gazetteer(areas=areas, path=tmp_path / "one.gz")
    write_gazetteer(areas=areas, path=tmp_path / "two.gz")

    assert size <= 400_000
    assert (tmp_path / "one.gz").read_bytes() == (tmp_path / "two.gz").read_bytes()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(GazetteerUnreadable, match="seoul_municipalities_geo_simple"):
        build_gazetteer(folder=tmp_path)


def test_a_city_without_lists_of_its_own_is_what_was_written_by_hand(tmp_path: Path) -> None:
    output = tmp_path / "areas.jsonl.gz"

    call_command("build_gazetteer", city="prague", output=output)

    assert gzip.decompress(output.read_bytes()) == gzip.decompress(
        gazetteer_file("prague").read_bytes()
    )


def test_an_anchor_that_names_nothing_is_refused(shared_data: Path, tmp_path: Path) -> None:
    hand = tmp_path / "hand.csv"
    hand.write_text(
        "slug,name_ko,name_en,aliases,kind,anchor,radius_m\n"
        "nowhere,없는역,Nowhere,,station,station:없는역,400\n"
    )

    with pytest.raises(GazetteerUnreadable, match="없는역"):
        build_gazetteer(folder=shared_data / "places" / "seoul_more", hand_made=hand)
