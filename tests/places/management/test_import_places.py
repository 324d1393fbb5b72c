from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from places.models import Place
from tests.builders import open_data

pytestmark = pytest.mark.django_db


def test_prints_what_became_of_every_row(tmp_path: Path) -> None:
    open_data.write_districts(tmp_path)
    nowhere = open_data.museum("무좌표관", 위도="")
    open_data.write_museums(tmp_path, [open_data.museum("달빛박물관"), nowhere])
    out = StringIO()

    call_command("import_places", str(tmp_path), city="seoul", stdout=out)

    lines = out.getvalue().splitlines()
    assert lines[1].split() == ["museums-standard", "2", "1", "0", "0", "1", "1", "1"]
    assert "       1  no coordinates" in lines
    assert "            record 2:" in lines
    assert lines[-2:] == [
        "1 places: 1 new, 0 changed, 0 unchanged, 0 no longer there",
        "tags follow: a worker makes them, or manage.py tag_places --city seoul at once",
    ]


def test_a_faulty_mapping_is_left_out_with_its_field_and_the_others_are_imported(
    tmp_path: Path, settings: Settings
) -> None:
    open_data.write_districts(tmp_path)
    open_data.write_museums(tmp_path, [open_data.museum("달빛박물관")])
    settings.PLACE_MAPPINGS = str(tmp_path / "mappings")
    (tmp_path / "mappings").mkdir()
    for name, slug, column in (
        ("fine", "guild", "name"),
        ("odd", "club", "nmae"),
        ("too", "osm", "name"),
    ):
        (tmp_path / "mappings" / f"{name}.yaml").write_text(
            f"source: {{slug: {slug}, name: Guild, licence: CC0, attribution: Guild}}\n"
            f"files: [guild.csv]\ncolumns: {{{column}: n, latitude: y, longitude: x}}\n"
            "default_category: cafe\n"
        )
    (tmp_path / "guild.csv").write_text("n,y,x\n달빛찻집,37.5600,126.9250\n", "utf-8")
    out = StringIO()

    call_command("import_places", str(tmp_path), city="seoul", stdout=out)

    told = [line for line in out.getvalue().splitlines() if line.startswith("left out")]
    assert [line.split(": ", 1)[1].split(" of ref")[0] for line in told] == [
        "odd.yaml, line 3: nmae is none", "too.yaml: slug: another source is called osm",
    ]  # fmt: skip
    assert set(Place.objects.values_list("name", flat=True)) == {"달빛박물관", "달빛찻집"}


def test_a_folder_that_is_none_ends_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is no folder"):
        call_command("import_places", str(tmp_path / "absent"), city="seoul")


def test_a_folder_with_nothing_to_import_ends_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No file of a known source"):
        call_command("import_places", str(tmp_path), city="seoul")


@pytest.mark.promise
@pytest.mark.shared
def test_the_shared_data_becomes_a_city(shared_data: Path) -> None:
    out = StringIO()

    call_command("import_places", str(shared_data / "places"), city="seoul", stdout=out)

    rows = {line.split()[0]: line.split() for line in out.getvalue().splitlines()[1:14]}
    assert rows["osm"][1] == "9,760"
    assert rows["museums-standard"][1] == "2,234"  # two of 2,236 lines repeat others whole
    assert Place.objects.filter(category="restaurant").count() > 1500
    palaces = Place.objects.filter(name__in=["경복궁", "창덕궁"], category="heritage")
    assert sorted(palaces.values_list("name", "cost_high", "cost_provenance")) == [
        ("경복궁", 3000, "stated"),
        ("창덕궁", 3000, "stated"),
    ]
    # One museum whose two rows differ, one tower under three names, one pair that must stay apart.
    assert Place.objects.filter(name="대림미술관").get().cost_high == 18000
    assert Place.objects.filter(name__contains="서울타워").count() == 1
    assert Place.objects.filter(name__startswith="호림박물관").count() == 2
    assert not Place.objects.filter(name__endswith="입구").exists()
