import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from places.models import Area, City, ContentSource, IngestionJob, Place, PlaceSource
from places.services.exporting import PLACES, CityExport, NothingToExport
from places.services.importing import CityImport
from places.services.loading import CityDamaged, CityLoad, CityNotShipped
from places.types import StoreCounts
from tests.builders import open_data

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
COMPARED = (
    "name",
    "names",
    "category",
    "cost_high",
    "hours",
    "mood_scores",
    "facts",
    "as_of",
    "site",
)


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """Return a folder of cities that holds a small Seoul; nothing of it stays stored."""
    open_data.write_districts(tmp_path)
    open_data.write_museums(tmp_path, [open_data.museum("달빛박물관"), open_data.museum("별빛집")])
    CityImport().run(folder=tmp_path, city="seoul", now=NOW)
    CityExport().run(city="seoul", folder=tmp_path / "cities" / "seoul")
    return tmp_path / "cities"


def forget_everything() -> None:
    Place.objects.all().delete()
    City.objects.all().delete()
    IngestionJob.objects.all().delete()
    ContentSource.objects.all().delete()


def test_what_is_loaded_is_what_was_exported(shipped: Path) -> None:
    exported = list(Place.objects.order_by("name").values(*COMPARED))
    forget_everything()

    report = CityLoad(folder=shipped).run(city="seoul", now=NOW)

    assert report.counts == StoreCounts(created=2)
    assert list(Place.objects.order_by("name").values(*COMPARED)) == exported
    assert PlaceSource.objects.count() == 2
    assert City.objects.get().data_version == report.data_version
    assert Area.objects.filter(name_ko="홍대").exists()


def test_loading_the_same_version_again_does_nothing(shipped: Path) -> None:
    forget_everything()
    CityLoad(folder=shipped).run(city="seoul", now=NOW)

    report = CityLoad(folder=shipped).run(city="seoul", now=NOW)

    assert report.counts is None
    assert report.is_imported is False


def test_a_sample_does_not_replace_an_import(shipped: Path) -> None:
    report = CityLoad(folder=shipped).run(city="seoul", now=NOW)

    assert (report.counts, report.is_imported) == (None, True)


def test_a_damaged_file_loads_nothing(shipped: Path) -> None:
    forget_everything()
    path = shipped / "seoul" / PLACES
    path.write_bytes(path.read_bytes()[:-1])

    with pytest.raises(CityDamaged):
        CityLoad(folder=shipped).run(city="seoul", now=NOW)

    assert not City.objects.exists()


def test_a_city_that_is_not_shipped_is_named(shipped: Path) -> None:
    with pytest.raises(CityNotShipped, match="atlantis"):
        CityLoad(folder=shipped).run(city="atlantis", now=NOW)


def test_what_may_not_be_shipped_is_left_out(shipped: Path) -> None:
    ContentSource.objects.update(may_ship=False)

    with pytest.raises(NothingToExport):
        CityExport().run(city="seoul", folder=shipped / "other")

    assert not (shipped / "other").exists()


@pytest.mark.promise
def test_the_shipped_seoul_loads_whole() -> None:
    manifest = json.loads((CityLoad().folder / "seoul" / "manifest.json").read_text("utf-8"))

    report = CityLoad().run(city="seoul", now=NOW)

    assert report.counts == StoreCounts(created=manifest["places"])
    assert Place.objects.filter(name="경복궁", category="heritage").count() == 1
    assert sum(part["bytes"] for part in manifest["parts"].values()) < 3 * 1024 * 1024
