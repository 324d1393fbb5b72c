import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection
from django.utils import timezone

from places.adapters.osm import OpenStreetMap
from places.models import IngestionJob, JobStatus, Place, RawRecord
from places.services.ingestion.running import LEASE, JobRunner
from places.services.storing import store_terms
from tests.builders import open_data
from tests.builders.ingestion import empty_raw_tables, prepare_city

ROOT = Path(__file__).resolve().parents[4]
BANKS = 30_000
PATIENCE_S = 120
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.promise]


@pytest.fixture(autouse=True)
def _empty_raw() -> Iterator[None]:
    yield
    empty_raw_tables()


def write_export(folder: Path) -> Path:
    """Write many banks, which are no stops, with five cafés behind them."""
    banks = [
        open_data.feature(node=n, amenity="bank", name=f"달빛은행 {n}") for n in range(1, BANKS + 1)
    ]
    cafes = [
        open_data.feature(node=BANKS + n, amenity="cafe", name=f"별빛다락{n}") for n in range(1, 6)
    ]
    path = folder / "seoul.geojson"
    document = {"type": "FeatureCollection", "features": [*banks, *cafes]}
    path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    return path


def start(path: Path) -> "subprocess.Popen[bytes]":
    name = str(connection.settings_dict["NAME"])
    url = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
    command = [sys.executable, "manage.py", "ingest", "osm", "--city", "seoul", "--file", str(path)]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def wait_for_rows() -> IngestionJob:
    """Wait until the first batch of a job is stored."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        job = IngestionJob.objects.first()
        if job is not None and job.cursor.get("rows", 0) > 0:
            return job
        time.sleep(0.05)
    pytest.fail("no batch was stored in time")


def test_a_killed_run_goes_on_where_its_last_batch_ended(tmp_path: Path) -> None:
    prepare_city_in(tmp_path)
    path = write_export(tmp_path)
    process = start(path)
    try:
        wait_for_rows()
        process.send_signal(signal.SIGKILL)
    finally:
        process.kill()
        process.wait()
    job = IngestionJob.objects.get()
    cut_off = (job.status, 0 < job.cursor["rows"] < BANKS, RawRecord.objects.count())
    rows = job.cursor["rows"]

    later = timezone.now() + LEASE + timedelta(seconds=1)
    job = JobRunner(clock=lambda: later).run(job_id=job.pk)

    assert cut_off == (JobStatus.RUNNING, True, rows)
    assert (job.status, job.attempt) == (JobStatus.SUCCEEDED, 2)
    assert job.counts["received"]["read"] == job.counts["received"]["new"] == BANKS + 5
    assert RawRecord.objects.count() == BANKS + 5
    assert Place.objects.active().count() == 5


def prepare_city_in(folder: Path) -> None:
    open_data.write_districts(folder)
    prepare_city(folder, now=timezone.now())
    store_terms([OpenStreetMap().terms])
