import os
import pty
import select
import termios
from contextlib import redirect_stderr
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from places.management.commands.ingest import follow
from places.models import ContentSource, IngestionJob, JobKind, JobStatus, Place, RawRecord
from places.services.ingestion.running import LEASE, Progress, new_job
from tests.builders import open_data
from tests.builders.places import make_city

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    open_data.write_districts(tmp_path)
    open_data.write_museums(tmp_path, [open_data.museum("달빛박물관"), open_data.museum("별빛집")])
    make_city()
    return tmp_path


def run(**options: Any) -> list[str]:
    out = StringIO()
    call_command("ingest", "museums-standard", city="seoul", stdout=out, **options)
    return out.getvalue().splitlines()


def test_a_source_of_a_folder_is_ingested_and_a_second_time_changes_nothing(folder: Path) -> None:
    first, again = run(folder=folder), run(folder=folder)

    assert first[0] == "received: 2 read, 2 new, 0 changed, 0 unchanged, 0 refused"
    assert first[-2:] == [
        "published: 2 created, 0 updated, 0 unchanged, 0 deactivated",
        "tags follow: a worker makes them, or manage.py tag_places --city seoul at once",
    ]
    assert again[0].startswith("received: 2 read, 0 new, 0 changed, 2 unchanged")
    assert Place.objects.count() == 2


def test_what_another_parser_made_is_cleaned_anew_and_by_force_all(folder: Path) -> None:
    run(folder=folder)

    same, forced = run(reparse=True), run(reparse=True, force=True)
    RawRecord.objects.filter(pk=RawRecord.objects.earliest("pk").pk).update(parser_version=0)
    changed = run(reparse=True)

    assert [lines[0].split(",")[0] for lines in (forced, changed)] == [
        "received: 2 read", "received: 1 read",
    ]  # fmt: skip
    assert not any(line.startswith("received") for line in same)


def test_a_city_is_merged_anew_without_its_files(folder: Path) -> None:
    run(folder=folder)
    Place.objects.all().delete()

    lines = run(merge=True)

    assert lines[0] == "published: 2 created, 0 updated, 0 unchanged, 0 deactivated"
    assert IngestionJob.objects.latest("pk").kind == JobKind.MERGE


def test_a_job_that_was_cut_off_is_resumed(folder: Path) -> None:
    run(folder=folder)
    cut_off = new_job(
        source="museums-standard",
        city="seoul",
        now=timezone.now(),
        options={"folder": str(folder)},
    )
    IngestionJob.objects.filter(pk=cut_off.pk).update(cursor={"rows": 1}, status=JobStatus.FAILED)
    new_job(source="museums-standard", city="seoul", now=timezone.now(), options={"file": "absent"})

    lines = run(resume=True)

    cut_off.refresh_from_db()
    assert lines[0].startswith("received: 1 read")
    assert cut_off.status == JobStatus.SUCCEEDED


def test_a_job_that_was_just_killed_is_resumed_when_its_lease_has_run_out(folder: Path) -> None:
    run(folder=folder)
    killed = new_job(
        source="museums-standard",
        city="seoul",
        now=timezone.now(),
        options={"folder": str(folder)},
    )
    beat_at = timezone.now() - LEASE + timedelta(seconds=1)
    held = {"status": JobStatus.RUNNING, "runner": uuid4(), "heartbeat_at": beat_at}
    IngestionJob.objects.filter(pk=killed.pk).update(**held)

    run(resume=True)

    killed.refresh_from_db()
    assert (killed.status, timezone.now() > beat_at + LEASE) == (JobStatus.SUCCEEDED, True)


def test_a_window_and_options_reach_the_job(folder: Path) -> None:
    run(
        folder=folder,
        window=["2026-11-01", "2026-11-21T09:00:00+09:00"],
        option=["mapping=x.toml"],
    )

    job = IngestionJob.objects.get()
    assert job.options == {"folder": str(folder), "mapping": "x.toml"}
    assert job.window_start is not None
    assert job.window_end is not None
    assert job.window_start.isoformat() == "2026-11-01T00:00:00+00:00"
    assert job.window_end.isoformat() == "2026-11-21T00:00:00+00:00"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"resume": True}, "No job of this source was cut off"),
        ({"window": ["yesterday", "today"]}, "is no time such as"),
        ({"option": ["mapping"]}, "is no NAME=VALUE"),
        ({"file": Path("absent.json")}, "museum"),
    ],
)
def test_what_cannot_be_done_ends_in_one_line(
    folder: Path, options: dict[str, Any], said: str
) -> None:
    run(folder=folder)

    with pytest.raises(CommandError, match=said):
        run(**options)


def test_a_source_that_nobody_reads_is_named() -> None:
    with pytest.raises(CommandError, match="No adapter reads a source unheard-of"):
        call_command("ingest", "unheard-of", city="seoul")

    assert ContentSource.objects.count() == 0


def draw() -> None:
    with follow() as show:
        for done in (5_000, 10_000):
            show(Progress(stage="receiving", done=done))
        show(Progress(stage="publishing", done=10, pending=30))


def read_until(terminal: int, awaited: str) -> str:
    """Return what was drawn; a terminal hands it over in pieces, and some of them later."""
    said = ""
    while awaited not in said and select.select([terminal], [], [], 10.0)[0]:
        said += os.read(terminal, 1 << 16).decode()
    return said


def test_progress_is_drawn_on_a_terminal() -> None:
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 100))

    with os.fdopen(theirs, "w") as terminal, redirect_stderr(terminal):
        draw()
        said = read_until(ours, "publishing:  25%")

    os.close(ours)
    assert "publishing:  25%" in said


def test_progress_is_not_drawn_into_a_file() -> None:
    log = StringIO()

    with redirect_stderr(log):
        draw()

    assert log.getvalue() == ""
