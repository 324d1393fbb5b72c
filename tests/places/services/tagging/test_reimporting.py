"""Tags outlive every import of the places that have them, and leave with none that is shipped."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.tagging.types import CostReading
from places.models import ContentSource, Place, PlaceSource, PlaceSyncLog, PlaceTag
from places.services.exporting import CityExport
from places.services.tagging.reading import TextTagging
from tests.builders import open_data
from tests.builders.ingestion import ListedPlaces, ingest, prepare_city, versions
from tests.builders.tagging import ToldTagger, make_guess, make_reading

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SURE = {"confidence": 0.9, "evidence": "by its own words"}
COST = CostReading(low=4000, high=9000, currency="KRW", confidence=0.95, evidence="4천원")


@pytest.fixture(autouse=True)
def _city(tmp_path: Path) -> None:
    open_data.write_districts(tmp_path)
    prepare_city(tmp_path, now=NOW)


def listed(**fields: Any) -> ListedPlaces:
    said = {"id": "1", "name": "달빛 찻집", "introduction": "골목 안 조용한 집", **fields}
    return ListedPlaces([said])


def tag(*guesses: Any, label: str = "told/1") -> None:
    tagger = ToldTagger({"조용한 집": make_reading(*guesses, cost=COST)}, label=label)
    for _ in TextTagging(tagger=tagger).run(city="seoul", now=NOW):
        pass


def test_the_introductions_of_sources_are_read_too() -> None:
    ingest(listed(), now=NOW)

    tag(make_guess("cozy", 0.9))

    assert Place.objects.get().mood_scores["cozy"] == SURE


def test_an_import_of_the_same_again_writes_nothing() -> None:
    ingest(listed(), now=NOW)
    tag(make_guess("cozy", 0.9))
    before = versions()

    job = ingest(listed(), now=NOW)

    after = versions()
    assert job.counts["received"]["unchanged"] == 1
    assert {table for table in before if before[table] != after[table]} == set()


def test_a_changed_record_keeps_the_tags_of_its_place() -> None:
    ingest(listed(), now=NOW)
    tag(make_guess("cozy", 0.9))
    usual = Place.objects.get().facts["cost"]["usual"]
    PlaceSyncLog.objects.all().delete()

    job = ingest(listed(address="서울 중구 1"), now=NOW)

    place = Place.objects.get()
    assert job.counts["published"]["updated"] == 1
    assert place.address == "서울 중구 1"
    assert place.mood_scores["cozy"] == SURE
    assert (place.cost_low, place.cost_high) == (4000, 9000)
    assert place.facts["cost"]["usual"] == usual
    assert set(PlaceSyncLog.objects.get().diff) == {"address", "content_hash"}


def test_judging_everything_anew_undoes_no_tag() -> None:
    ingest(listed(), now=NOW)
    tag(make_guess("cozy", 0.9))

    job = ingest(listed(), now=NOW, kind="merge")

    assert (
        "updated" not in job.counts.get("published", {}) or not job.counts["published"]["updated"]
    )
    assert Place.objects.get().mood_scores["cozy"] == SURE


def test_a_mood_that_a_record_comes_to_state_takes_the_place_of_the_guess() -> None:
    ingest(listed(), now=NOW)
    tag(make_guess("romantic", 0.9))

    ingest(listed(signs={"terrace": "yes"}), now=NOW)
    stated = Place.objects.get().mood_scores
    ingest(listed(), now=NOW)

    assert stated["romantic"]["evidence"] == "terrace: outdoor_seating=yes"
    assert Place.objects.get().mood_scores["romantic"] == SURE
    assert PlaceTag.objects.get().tag_id == "romantic"


def test_a_price_that_a_record_comes_to_state_takes_the_place_of_the_read_one() -> None:
    ingest(listed(), now=NOW)
    tag()

    ingest(listed(cost=(6000, 7000)), now=NOW)

    place = Place.objects.get()
    assert (place.cost_low, place.cost_high, place.cost_provenance) == (6000, 7000, "stated")
    assert "usual" not in place.facts["cost"]


def test_what_tags_say_is_not_handed_on(tmp_path: Path) -> None:
    ingest(listed(), now=NOW)
    usual = Place.objects.values_list("cost_low", "cost_high", "mood_scores").get()
    tag(make_guess("cozy", 0.9))
    ContentSource.objects.update(may_ship=True)

    CityExport().run(city="seoul", folder=tmp_path / "seoul")

    data = (tmp_path / "seoul" / "places.jsonl.gz").read_bytes()
    (fields,) = [json.loads(line)["fields"] for line in gzip.decompress(data).splitlines()]
    shipped = (fields["cost_low"], fields["cost_high"], fields.get("mood_scores", {}))
    assert shipped == usual
    assert fields["facts"]["cost"] == {"from": "", "provenance": "prior"}
    assert PlaceSource.objects.count() == 1
