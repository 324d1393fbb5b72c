"""What comes in wrong is refused row by row with its reason, and the rest goes on."""

import gzip
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from places.adapters.files import UNPACKED_FREE_BYTES
from places.adapters.osm import OpenStreetMap
from places.models import CleanPlace, IngestionJob, JobStatus, Place, RawRecord
from tests.builders import open_data
from tests.builders.ingestion import ListedPlaces, ingest, prepare_city, versions
from tests.places.services.conftest import NOW

pytestmark = pytest.mark.django_db

GOOD: dict[str, Any] = {"id": 1, "name": "달빛다락"}


@pytest.fixture(autouse=True)
def _city(folder: Path) -> None:
    prepare_city(folder, now=NOW)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"name": "<script>alert(1)</script>"}, "markup in the name"),
        ({"name": "달빛<img src=x onerror=alert(1)>"}, "markup in the name"),
        ({"name": "달빛", "name_en": "Moon<!-- -->"}, "markup in the name"),
        ({"name": " \t "}, "unnamed"),
        ({"name": "달" * 161}, "name too long"),
        ({"name": "달빛", "category": "volcano"}, "category unknown"),
        ({"name": "달빛", "latitude": 91.0}, "coordinates out of range"),
        (
            {"name": "달빛", "latitude": 126.92, "longitude": 37.55},
            "latitude and longitude swapped",
        ),
        ({"name": "달빛", "latitude": float("nan")}, "coordinates out of range"),
        ({"name": "달빛", "longitude": float("inf")}, "coordinates out of range"),
        ({"name": "달빛", "stay_min": 0}, "stay out of range"),
        ({"name": "달빛", "stay_min": 721}, "stay out of range"),
        ({"name": "달빛", "latitude": "37.55"}, "not understood"),
        ({"name": None}, "not understood"),
        ({"latitude": 37.55}, "unnamed"),
        ({"name": "달빛", "surprise": 1}, "not understood"),
    ],
)
def test_a_row_that_is_wrong_is_kept_with_its_reason_and_the_next_is_a_place(
    fields: dict[str, Any], reason: str
) -> None:
    job = ingest(ListedPlaces([{"id": 2, **fields}, GOOD]), now=NOW)

    assert job.status == JobStatus.SUCCEEDED
    assert job.counts["received"]["refused"] == 1
    assert RawRecord.objects.get(external_ref="2").refusal == reason
    assert [place.name for place in Place.objects.all()] == ["달빛다락"]


def test_a_lone_surrogate_and_a_nul_in_a_text_stop_nothing() -> None:
    rows = [{"id": 2, "name": "달\ud800빛"}, {"id": 3, "name": "별\0빛다락"}, GOOD]

    job = ingest(ListedPlaces(rows), now=NOW)

    assert job.status == JobStatus.SUCCEEDED
    assert RawRecord.objects.filter(refusal="no JSON").count() == 1
    assert set(Place.objects.values_list("name", flat=True)) == {"달빛다락", "별빛다락"}


def write_export(path: Path, *, rows: int) -> str:
    cafes = [open_data.feature(node=n, amenity="cafe", name=f"별빛다락{n}") for n in range(rows)]
    return json.dumps({"type": "FeatureCollection", "features": cafes}, ensure_ascii=False)


def run(path: Path, *, minutes: int = 0) -> IngestionJob:
    options = {"file": str(path)}
    return ingest(OpenStreetMap(), now=NOW + timedelta(minutes=minutes), options=options)


def test_a_file_that_is_cut_off_is_read_up_to_there_and_nothing_of_before_vanishes(
    tmp_path: Path,
) -> None:
    path = tmp_path / "export.geojson"
    text = write_export(path, rows=6)
    path.write_text(text, "utf-8")
    run(path)
    path.write_text(text[: len(text) // 2], "utf-8")

    job = run(path, minutes=1)

    assert (job.status, job.counts["received"]["ended_early"]) == (JobStatus.SUCCEEDED, True)
    assert "vanished" not in job.counts
    assert Place.objects.active().count() == 6


def zipped(text: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        # Of no time: each process that runs tests makes the same.
        archive.writestr(zipfile.ZipInfo("export.geojson"), text, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def scrambled(packed: bytes) -> bytes:
    """Return it with what lies in the middle turned over."""
    middle = len(packed) // 2
    return packed[: middle - 8] + b"\xff" * 16 + packed[middle + 8 :]


LISTED = b'{"type": "FeatureCollection", "features": ['


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x00\x01\x02\x03" * 100, "not found in"),
        (b"<html><body>503 Service Unavailable</body></html>", "not found in"),
        (b"", "not found in"),
        (gzip.compress(b"{" * 4_000, mtime=0)[:30], "cannot be unpacked"),
        (zipped(LISTED * 90)[:80], "cannot be unpacked"),
        (scrambled(gzip.compress(bytes(range(256)) * 8, mtime=0)), "cannot be unpacked"),
        (b'{"features": "see our website", "type": "FeatureCollection"}', "not a list of records"),
        (LISTED, "file ends inside the list"),
        (LISTED + b'{"type": "Feature", "geom', "malformed JSON"),
        (LISTED + b'"a", "b", "c"]}', "record 1: not an object"),
    ],
    ids=[
        *("noise", "a page", "nothing", "half a gzip", "half a zip", "a broken gzip"),
        *("no list", "no record", "half a record", "no objects"),
    ],
)
def test_a_file_of_something_else_fails_the_job_for_good_and_touches_nothing(
    tmp_path: Path, data: bytes, said: str
) -> None:
    path = tmp_path / "export.geojson"
    path.write_text(write_export(path, rows=2), "utf-8")
    run(path)
    path.write_bytes(data)
    before = versions()

    job = run(path, minutes=1)

    assert (job.status, job.next_attempt_at) == (JobStatus.FAILED, None)
    assert job.error.startswith("UnreadableFile: ")
    assert said in job.error
    assert versions() == before


def test_what_took_a_file_s_place_does_not_hinder_the_next_run(tmp_path: Path) -> None:
    path = tmp_path / "export.geojson"
    path.write_bytes(b"<html><body>503 Service Unavailable</body></html>")
    failed = run(path)
    path.write_text(write_export(path, rows=2), "utf-8")

    job = run(path, minutes=1)

    assert (failed.status, job.status) == (JobStatus.FAILED, JobStatus.SUCCEEDED)
    assert Place.objects.active().count() == 2


def test_a_bomb_behind_a_good_start_is_no_file_to_be_believed(tmp_path: Path) -> None:
    path = tmp_path / "export.geojson"
    text = write_export(path, rows=2).removesuffix("]}")
    path.write_bytes(gzip.compress(text.encode() + b" " * (UNPACKED_FREE_BYTES + 1)))

    job = run(path)

    # The export's day is looked for in all of it first, so that not even a row of it is believed.
    assert job.status == JobStatus.FAILED
    assert "unpacks to more than" in job.error
    assert CleanPlace.objects.count() == 0
