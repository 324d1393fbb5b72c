"""What operators do of sources, jobs and decisions, in the admin as in the services."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from common.models import OutboxEntry
from places.models import ContentSource, IngestionJob, JobStatus, MergeDecision, Place
from places.services.ingestion.controlling import (
    JobDesk,
    JobHasEnded,
    JobNotRestartable,
    SourceHasNoCity,
)
from places.services.ingestion.running import JobNotRunnable
from places.services.ingestion.uniting import (
    NothingLeft,
    NothingReceived,
    NotOfOneCity,
    PlaceRulings,
)
from tests.builders.ingestion import ListedPlaces, ingest, make_job, make_runner, prepare_city
from tests.builders.places import make_city, make_place
from tests.builders.users import make_user
from tests.places.services.conftest import NOW

from .test_publishing import museum, publish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _city(folder: Path) -> None:
    prepare_city(folder, now=NOW)


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(make_user(is_staff=True))
    return client


def act(operator: Client, page: str, action: str, *chosen: Any) -> list[str]:
    """Choose rows of a page and an action; return what the operator is told."""
    answer = operator.post(
        reverse(f"admin:places_{page}_changelist"),
        {"action": action, "_selected_action": [row.pk for row in chosen]},
        follow=True,
    )
    assert answer.status_code == 200
    return [str(message) for message in answer.context["messages"]]


def asked() -> list[Any]:
    """Return the ids of the jobs that workers were asked to run, and forget them."""
    entries = OutboxEntry.objects.filter(kind="places.ingestion_asked").order_by("pk")
    found = [entry.payload["job"] for entry in entries]
    entries.delete()
    return found


def two_alike() -> tuple[Place, Place]:
    """Let two sources tell of a museum and a gallery that no rule takes for one."""
    ingest(ListedPlaces([museum()], slug="one"), now=NOW)
    ingest(ListedPlaces([museum(name="옛 물건의 집", latitude=37.57)], slug="two"), now=NOW)
    first, second = Place.objects.order_by("pk")
    return first, second


def test_a_source_is_asked_for_each_of_its_cities(operator: Client) -> None:
    ingest(ListedPlaces([museum()], slug="one"), now=NOW)
    source = ContentSource.objects.get(slug="one")

    without = act(operator, "contentsource", "fetch", source)
    ContentSource.objects.update(cities=["seoul", "prague"])
    told = act(operator, "contentsource", "fetch", source)

    jobs = IngestionJob.objects.filter(status=JobStatus.QUEUED).order_by("pk")
    assert without == ["one: 이 출처를 가져올 도시가 정해지지 않았어요. cities를 먼저 채워 주세요."]
    assert told == ["one: 처리했어요."]
    assert [job.city for job in jobs] == ["seoul", "prague"]
    assert asked() == [job.pk for job in jobs]
    ContentSource.objects.update(cities=[])
    with pytest.raises(SourceHasNoCity):
        JobDesk().fetch(source="one", now=NOW)


def test_an_import_leaves_what_an_operator_set_of_a_source(operator: Client) -> None:
    ingest(ListedPlaces([museum()], slug="one"), now=NOW)
    source = ContentSource.objects.get(slug="one")
    url = reverse("admin:places_contentsource_change", args=[source.pk])

    answer = operator.post(
        url, {"every_min": 60, "cities": "seoul", "grace_syncs": 3, "licence": "mine"}
    )
    ingest(ListedPlaces([museum()], slug="one"), now=NOW)

    source.refresh_from_db()
    assert answer.status_code == 302
    assert (source.is_active, source.every_min, source.cities) == (False, 60, ["seoul"])
    assert (source.grace_syncs, source.licence) == (3, "CC0")


def test_a_failed_job_is_tried_again_from_where_it_stopped(operator: Client) -> None:
    rows = [museum(id=number, name=f"박물관 {number}") for number in range(3)]
    adapter = ListedPlaces(rows, slug="one", fails_behind=2)
    job = make_job(adapter, now=NOW)
    make_runner(adapter, now=NOW, batch=1).run(job_id=job.pk)
    job.refresh_from_db()

    told = act(operator, "ingestionjob", "retry", job)

    job.refresh_from_db()
    assert told == ["one seoul failed: 처리했어요."]
    assert (job.status, job.attempt, job.cursor["rows"]) == (JobStatus.QUEUED, 0, 2)
    assert asked() == [job.pk]
    with pytest.raises(JobNotRestartable):
        JobDesk().retry(job_id=job.pk, now=NOW)


def test_a_job_like_one_that_waits_is_not_tried_again() -> None:
    adapter = ListedPlaces([museum()], slug="one")
    failed = make_job(adapter, now=NOW)
    IngestionJob.objects.filter(pk=failed.pk).update(status=JobStatus.FAILED)
    waiting = make_job(adapter, now=NOW)

    with pytest.raises(JobNotRestartable):
        JobDesk().retry(job_id=failed.pk, now=NOW)

    assert waiting.pk != failed.pk
    assert asked() == []


def test_a_cancelled_job_does_not_run_and_one_that_ended_stays(operator: Client) -> None:
    adapter = ListedPlaces([museum()], slug="one")
    job = make_job(adapter, now=NOW)

    told = act(operator, "ingestionjob", "cancel", job)
    again = act(operator, "ingestionjob", "cancel", job)

    job.refresh_from_db()
    assert (told, again) == (
        ["one seoul queued: 처리했어요."],
        ["one seoul cancelled: 이미 끝난 작업이에요."],
    )
    assert job.status == JobStatus.CANCELLED
    with pytest.raises(JobNotRunnable):
        make_runner(adapter, now=NOW).run(job_id=job.pk)
    with pytest.raises(JobHasEnded):
        JobDesk().cancel(job_id=job.pk, now=NOW)
    assert not Place.objects.exists()


def test_places_that_an_operator_unites_are_one_and_can_be_parted_again(operator: Client) -> None:
    first, second = two_alike()

    act(operator, "place", "unite", first, second)
    (job_id,) = asked()
    publish()
    united = Place.objects.active().get()
    url = reverse("admin:places_place_part", args=[united.pk])
    shown = operator.get(url).content.decode()
    (row,) = united.sources.filter(source__slug="two")
    answer = operator.post(url, {"row": [row.pk]})
    publish()

    job = IngestionJob.objects.get(pk=job_id)
    decision = MergeDecision.objects.get()
    assert (job.kind, job.city) == ("merge", "seoul")
    assert 'id="row-' in shown
    assert (answer.status_code, Place.objects.active().count()) == (302, 2)
    assert decision.verdict == "different"
    assert decision.decided_by == str(answer.wsgi_request.user.pk)


def test_what_was_parted_can_be_united() -> None:
    for slug in ("one", "two", "three"):
        ingest(ListedPlaces([museum()], slug=slug), now=NOW)
    place = Place.objects.get()
    rows = {row.source_id: row.pk for row in place.sources.all()}
    PlaceRulings().part(place_id=place.pk, row_ids=[rows["two"]], operator="kim", now=NOW)
    publish()
    parted = list(Place.objects.active().values_list("pk", flat=True))

    PlaceRulings().unite(place_ids=parted, operator="kim", now=NOW)
    publish()

    assert len(parted) == 2
    assert Place.objects.active().get().sources.count() == 3


def test_decisions_are_turned_and_left_to_the_rules_again(operator: Client) -> None:
    ingest(ListedPlaces([museum()], slug="one"), now=NOW)
    ingest(ListedPlaces([museum()], slug="two"), now=NOW)
    found = MergeDecision.objects.get()

    act(operator, "mergedecision", "are_two", found)
    publish()
    parted = Place.objects.active().count()
    act(operator, "mergedecision", "leave_to_rules", MergeDecision.objects.get())
    publish()

    after = MergeDecision.objects.get()
    assert (found.rule, parted, Place.objects.active().count()) == ("same name", 2, 1)
    assert (after.verdict, after.rule, after.decided_by) == ("same", "same name", "")


def test_what_cannot_be_decided_is_refused_and_nothing_is_kept(operator: Client) -> None:
    first, second = two_alike()
    make_city(slug="prague")
    elsewhere = make_place(city_id="prague")
    unread = make_place()
    (row,) = first.sources.all()
    rulings = PlaceRulings()

    for chosen in ([first.pk], [first.pk, elsewhere.pk]):
        with pytest.raises(NotOfOneCity):
            rulings.unite(place_ids=chosen, operator="kim", now=NOW)
    with pytest.raises(NothingReceived):
        rulings.unite(place_ids=[first.pk, unread.pk], operator="kim", now=NOW)
    with pytest.raises(NothingReceived):
        rulings.part(place_id=unread.pk, row_ids=[1], operator="kim", now=NOW)
    for rows in ([], [row.pk], [second.sources.get().pk]):
        with pytest.raises(NothingLeft):
            rulings.part(place_id=first.pk, row_ids=rows, operator="kim", now=NOW)
    url = reverse("admin:places_place_part", args=[first.pk])
    told = operator.post(url, {"row": ["nonsense", "-1"]}).content.decode()

    assert "나눌 기록을 고르고" in told
    assert not MergeDecision.objects.exists()
    assert asked() == []


@pytest.mark.parametrize("page", ["contentsource", "ingestionjob", "mergedecision"])
def test_who_is_no_operator_sees_none_of_it(client: Client, page: str) -> None:
    client.force_login(make_user())

    answer = client.get(reverse(f"admin:places_{page}_changelist"))

    assert answer.status_code == 302
