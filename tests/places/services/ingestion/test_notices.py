from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from pytest_django import Settings

from common.http import HttpFailed
from common.models import OutboxEntry
from common.outbox import Effect
from places.adapters.osm import OpenStreetMap
from places.models import JobStatus
from places.services.ingestion.notices import KIND, send_failure
from tests.builders.ingestion import ListedPlaces, ingest, make_job, make_runner, prepare_city
from tests.builders.routers import Reply, RouterServer
from tests.places.services.conftest import NOW

pytestmark = pytest.mark.django_db

CAFES = [{"id": 1, "name": "달빛다락"}]


@pytest.fixture(autouse=True)
def _city(folder: Path) -> None:
    prepare_city(folder, now=NOW)


def fail(attempts: int) -> None:
    adapter = ListedPlaces(CAFES, fails_behind=0)
    job = make_job(adapter, now=NOW)
    for _ in range(attempts):
        job = make_runner(adapter, now=NOW).run(job_id=job.pk)
        assert job.status == JobStatus.FAILED


def effect() -> Effect:
    entry = OutboxEntry.objects.get(kind=KIND)
    return Effect(effect_id=uuid4(), kind=entry.kind, payload=entry.payload, attempt=1)


def test_each_attempt_that_fails_is_told_once_in_words(
    settings: Settings, router: RouterServer
) -> None:
    settings.SLACK_WEBHOOK_URL = f"{router.url}/services/T/B/x"
    router.reply = Reply(body=b"ok", content_type="text/plain")
    fail(attempts=1)

    send_failure(effect())

    again = (NOW + timedelta(minutes=2)).isoformat()
    (said,) = router.questions
    assert router.asked == ["/services/T/B/x"]
    assert said["text"].startswith("Ingestion of listed for seoul failed (job ")
    assert said["text"].endswith(
        f", attempt 1): OSError: the line is dead. Next attempt at {again}."
    )


def test_the_last_attempt_says_that_it_was_the_last(settings: Settings) -> None:
    settings.SLACK_WEBHOOK_URL = "https://hooks.example/x"

    fail(attempts=5)

    told = OutboxEntry.objects.filter(kind=KIND).order_by("pk")
    assert [entry.payload["attempt"] for entry in told] == [1, 2, 3, 4, 5]
    assert [entry.payload["next_attempt_at"] is None for entry in told] == [False] * 4 + [True]


def test_a_file_that_cannot_be_read_is_told_with_its_reason(
    settings: Settings, tmp_path: Path
) -> None:
    settings.SLACK_WEBHOOK_URL = "https://hooks.example/x"
    path = tmp_path / "export.geojson"
    path.write_text("<html>Not Found</html>")

    ingest(OpenStreetMap(), now=NOW, options={"file": str(path)})

    told = OutboxEntry.objects.get(kind=KIND).payload
    assert told["error"].startswith("UnreadableFile: ")
    assert told["next_attempt_at"] is None


def test_without_a_webhook_nothing_is_recorded(settings: Settings) -> None:
    settings.SLACK_WEBHOOK_URL = ""

    fail(attempts=1)

    assert not OutboxEntry.objects.filter(kind=KIND).exists()


@pytest.mark.parametrize("status", [302, 404, 429, 500])
def test_a_webhook_that_does_not_take_it_is_tried_again_later(
    settings: Settings, router: RouterServer, status: int
) -> None:
    settings.SLACK_WEBHOOK_URL = f"{router.url}/services/T/B/x"
    router.reply = Reply(status=status, location="http://169.254.169.254/")
    fail(attempts=1)

    with pytest.raises(HttpFailed):
        send_failure(effect())

    assert len(router.asked) == 1  # a redirect is not followed
