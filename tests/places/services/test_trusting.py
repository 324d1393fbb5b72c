"""Whom to believe: every source has its place, and the place decides."""

from datetime import date
from pathlib import Path

import pytest

from places.adapters.registry import list_sources
from places.models import Place
from places.services import trusting
from tests.builders.ingestion import ListedPlaces, ingest, prepare_city
from tests.builders.open_data import write_districts
from tests.places.services.conftest import NOW

# What names places, or streets, and makes none.
NO_PLACES = {"naver-blogs", "blogs", "tour-streets"}
SOURCES = {adapter.terms.slug for adapter in list_sources().adapters} - NO_PLACES
OLD, NEW = date(2019, 5, 1), date(2026, 10, 1)


@pytest.mark.parametrize("order", [trusting.NAMES, trusting.POINTS, trusting.KINDS])
def test_every_source_that_makes_places_has_one_place_in_the_order(order: tuple[str, ...]) -> None:
    assert sorted(order) == sorted(SOURCES)


def test_of_hours_those_are_ranked_that_say_some() -> None:
    assert set(trusting.HOURS) <= SOURCES
    assert len(set(trusting.HOURS)) == len(trusting.HOURS)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("believed", "other"),
    [
        ("tourapi", "overture-places"),
        ("naver-local", "foursquare-open"),
        ("osm", "foursquare-api"),
        ("museums-standard", "visit-seoul"),
    ],
)
def test_the_name_is_that_of_whom_is_believed_though_the_other_is_newer(
    tmp_path: Path, believed: str, other: str
) -> None:
    write_districts(tmp_path)
    prepare_city(tmp_path, now=NOW)
    said = {"latitude": 37.5563, "longitude": 126.9236, "category": "museum"}
    newer = {"id": 1, "name": "달빛 박물관", "as_of": NEW, **said}
    older = {"id": 1, "name": "달빛박물관", "as_of": OLD, **said}

    ingest(ListedPlaces([newer], slug=other), now=NOW)
    ingest(ListedPlaces([older], slug=believed), now=NOW)

    place = Place.objects.get()
    assert place.name == "달빛박물관"
    assert place.facts["name"]["from"].startswith(f"{believed}:")
    assert place.facts["category"]["from"].startswith(f"{believed}:")
