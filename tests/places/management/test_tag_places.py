from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction

from common.models import OutboxEntry
from places.models import Place, PlaceReading
from places.services.exporting import CityExport
from places.services.importing import CityImport
from places.services.ingestion.running import new_job
from places.services.loading import CityLoad
from places.services.tagging.asking import ASKED, REST, ask_to_tag
from places.tasks import run_ingestion, tag_places
from tests.builders import open_data
from tests.builders.ingestion import prepare_city
from tests.builders.places import make_place, make_source

pytestmark = pytest.mark.django_db


def tell(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("tag_places", "--city", "seoul", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_the_command_tells_what_became_of_each_tag_and_changes_nothing_twice() -> None:
    place = make_place(name="고요", description="중구 카페 · 조용하고 한적한 곳")

    first, second, again = tell(), tell(), tell("--again")

    place.refresh_from_db()
    assert list(place.mood_scores) == ["quiet"]
    assert first[0].split() == ["tag", "accepted", "to", "review"]
    assert ["quiet", "1", "0"] in [line.split() for line in first]
    assert "1 places read, 0 unchanged; 1 changed by it" in first
    assert second[0] == "0 places read, 1 unchanged; 0 changed by it"
    assert again[0] == "1 places read, 0 unchanged; 0 changed by it"


def test_the_command_goes_on_behind_a_place() -> None:
    places = [make_place(name=f"곳 {n}") for n in range(3)]

    told = tell("--after", str(places[0].pk))

    assert "2 places read, 0 unchanged; 0 changed by it" in told


def test_the_task_tags_a_city_and_survives_a_second_delivery() -> None:
    place = make_place(name="고요", description="중구 카페 · 조용하고 한적한 곳")

    tag_places(city="seoul")
    tag_places(city="seoul")

    assert list(Place.objects.get(pk=place.pk).mood_scores) == ["quiet"]
    assert PlaceReading.objects.count() == 1


NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def cities_to_tag() -> list[str]:
    """Return the cities that a worker was asked to tag, each as often as it was, and forget them."""
    entries = OutboxEntry.objects.filter(kind=ASKED).order_by("pk")
    found = [entry.payload["city"] for entry in entries]
    entries.delete()
    return found


def test_what_an_ingestion_brings_is_tagged_after_it_and_nothing_where_it_brings_nothing(
    tmp_path: Path,
) -> None:
    open_data.write_districts(tmp_path)
    now = NOW
    prepare_city(tmp_path, now=now)
    make_source(slug="osm")
    file = open_data.write_osm(
        tmp_path, [open_data.feature(node=1, name="고요한 쉼터", amenity="cafe")]
    )
    job = new_job(source="osm", city="seoul", now=now, options={"file": str(file)})

    run_ingestion(job_id=job.pk)
    asked = cities_to_tag()
    again = new_job(source="osm", city="seoul", now=now, options={"file": str(file)})
    run_ingestion(job_id=again.pk)

    job.refresh_from_db()
    assert job.status == "succeeded"
    assert (asked, cities_to_tag()) == (["seoul"], [])


def test_an_import_and_a_sample_city_ask_for_their_tags_once(tmp_path: Path) -> None:
    open_data.write_districts(tmp_path)
    open_data.write_museums(tmp_path, [open_data.museum("달빛박물관")])
    open_data.write_osm(tmp_path, [open_data.feature(node=1, name="고요한 쉼터", amenity="cafe")])
    importing = CityImport()
    importing.run(folder=tmp_path, city="seoul", now=NOW, is_dry_run=True)
    after_dry_run = cities_to_tag()

    importing.run(folder=tmp_path, city="seoul", now=NOW)
    after_import = cities_to_tag()
    CityExport().run(city="seoul", folder=tmp_path / "cities" / "seoul")
    for _ in range(2):
        CityLoad(folder=tmp_path / "cities").run(city="seoul", now=NOW, is_forced=True)

    assert (after_dry_run, after_import, cities_to_tag()) == ([], ["seoul"], ["seoul", "seoul"])


def test_who_has_just_loaded_a_city_is_served_first() -> None:
    with transaction.atomic():
        ask_to_tag(city="seoul", now=NOW)

    entry = OutboxEntry.objects.get(kind=ASKED)

    assert entry.available_at == NOW + REST
