"""A table that a mapping describes, ingested, and its mapping edited afterwards."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from places.adapters.tables import MappedTable
from places.models import Place
from tests.builders.ingestion import ingest, prepare_city, versions
from tests.places.services.conftest import NOW

pytestmark = pytest.mark.django_db

MAPPING = """\
source: {slug: guild, name: Guild, licence: CC BY 4.0, attribution: Guild}
files: [guild.csv]
columns: {ref: "no", name: name, category: kind, latitude: lat, longitude: lon}
categories: {찻집: cafe, 떡집: dessert}
"""
TABLE = """\
no,name,kind,lat,lon
1,달빛다락,찻집,37.5563,126.9236
2,별빛떡집,떡집,37.5573,126.9236
"""


@pytest.fixture(autouse=True)
def _city(folder: Path) -> None:
    prepare_city(folder, now=NOW)


def receive(folder: Path, mapping: str, *, days: int = 0) -> dict[str, Any]:
    (folder / "guild.csv").write_text(TABLE, "utf-8")
    path = folder / "guild.yaml"
    path.write_text(mapping, "utf-8")
    job = ingest(
        MappedTable.of(path), now=NOW + timedelta(days=days), options={"folder": str(folder)}
    )
    received: dict[str, Any] = job.counts["received"]
    return received


def test_an_edited_mapping_cleans_the_same_rows_anew(folder: Path) -> None:
    receive(folder, MAPPING)

    received = receive(folder, MAPPING.replace("찻집: cafe", "찻집: dessert"), days=1)

    assert (received["new"], received["changed"], received["unchanged"]) == (0, 2, 0)
    kinds = dict(Place.objects.values_list("name", "category"))
    assert kinds == {"달빛다락": "dessert", "별빛떡집": "dessert"}


def test_a_mapping_that_says_the_same_in_other_words_writes_nothing(folder: Path) -> None:
    receive(folder, MAPPING)
    before = versions()

    turned = MAPPING.replace("{찻집: cafe, 떡집: dessert}", "{떡집: dessert, 찻집: cafe}")
    received = receive(folder, f"# of the guild's list\n{turned}", days=1)

    assert received["unchanged"] == 2
    assert versions() == before
