"""What visitors reported follows the record that it was said of, through uniting and parting."""

from datetime import timedelta
from pathlib import Path

import pytest

from places.models import FactConfidence, Place, PlaceReport
from places.reports.types import ReportKind
from places.services.ingestion.uniting import PlaceRulings
from places.services.reporting import PlaceReports
from tests.builders.ingestion import ListedPlaces, ingest, prepare_city
from tests.builders.open_data import write_districts
from tests.builders.reports import make_reporter
from tests.places.services.conftest import NOW
from tests.places.services.ingestion.test_publishing import museum, publish
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _city(tmp_path: Path) -> None:
    write_districts(tmp_path)
    prepare_city(tmp_path, now=NOW)


def two_places() -> tuple[Place, Place]:
    """Let two sources tell of a museum each, which no rule takes for one."""
    ingest(ListedPlaces([museum()], slug="one"), now=NOW)
    ingest(ListedPlaces([museum(name="옛 물건의 집", latitude=37.57)], slug="two"), now=NOW)
    first, second = Place.objects.order_by("pk")
    return first, second


def file(place: Place, user: User, kind: ReportKind = ReportKind.WRONG_HOURS) -> PlaceReport:
    filed = PlaceReports().file(
        user_id=user.pk, place_id=place.public_id, kind=kind, seen_at=None, note="", now=NOW
    )
    return filed.report


def unite(*places: Place) -> Place:
    ids = [place.pk for place in places]
    PlaceRulings().unite(place_ids=ids, operator="kim", now=NOW)
    publish()
    return Place.objects.active().get()


def part(place: Place, slug: str) -> Place:
    """Part the record of a source from a place; return the place that it makes now."""
    (row,) = place.sources.filter(source__slug=slug)
    PlaceRulings().part(place_id=place.pk, row_ids=[row.pk], operator="kim", now=NOW)
    publish()
    return Place.objects.active().get(sources__source__slug=slug)


def places_of(*reports: PlaceReport) -> list[int]:
    for report in reports:
        report.refresh_from_db()
    return [report.place_id for report in reports]


def doubted() -> list[tuple[int, int, bool]]:
    """Return each place of which something is believed less: by how many, and whether doubted."""
    found = FactConfidence.objects.order_by("place_id")
    return list(found.values_list("place_id", "reporters", "is_doubted"))


def test_reports_of_both_places_count_together_once_these_are_one() -> None:
    first, second = two_places()
    one, other = file(first, make_reporter(now=NOW)), file(second, make_reporter(now=NOW))
    apart = doubted()

    united = unite(first, second)

    assert places_of(one, other) == [united.pk, united.pk]
    assert apart == [(first.pk, 1, False), (second.pk, 1, False)]
    assert doubted() == [(united.pk, 2, True)]


def test_each_goes_back_with_its_record_when_that_is_parted() -> None:
    first, second = two_places()
    of_one, of_other = file(first, make_reporter(now=NOW)), file(second, make_reporter(now=NOW))
    united = unite(first, second)
    of_both = file(united, make_reporter(now=NOW))
    (lead,) = [place for place in (first, second) if place.name == united.name]
    stays, goes = (of_one, of_other) if lead == first else (of_other, of_one)

    parted = part(united, "two" if lead == first else "one")

    assert places_of(stays, of_both, goes) == [united.pk, united.pk, parted.pk]
    assert parted.pk != united.pk
    assert doubted() == [(united.pk, 2, True), (parted.pk, 1, False)]


def test_of_one_person_the_same_of_both_places_counts_once_and_goes_back() -> None:
    first, second = two_places()
    user = make_reporter(now=NOW)
    reports = [file(first, user), file(second, user)]
    others = [file(second, user, ReportKind.WRONG_NAME), file(second, make_reporter(now=NOW))]

    united = unite(first, second)
    at_once = places_of(*reports, *others)
    part(united, "two")

    closed = ({first.pk, second.pk} - {united.pk}).pop()
    assert sorted(at_once[:2]) == sorted([united.pk, closed])
    assert at_once[2:] == [united.pk, united.pk]
    now_at = places_of(*reports, *others)
    assert now_at[0] != now_at[2]
    assert now_at[2] == now_at[3]
    assert len(set(doubted())) == 3


def test_reports_that_are_settled_go_along_and_change_no_belief() -> None:
    first, second = two_places()
    report = file(second, make_reporter(now=NOW))
    ended = NOW + timedelta(hours=1)
    PlaceReport.objects.filter(pk=report.pk).update(status="dismissed", ended_at=ended)
    FactConfidence.objects.all().delete()

    united = unite(first, second)

    report.refresh_from_db()
    assert (report.place_id, report.status, report.ended_at) == (united.pk, "dismissed", ended)
    assert doubted() == []


def test_a_record_that_only_changes_leaves_its_reports() -> None:
    first, _ = two_places()
    report = file(first, make_reporter(now=NOW))

    ingest(ListedPlaces([museum(name="달빛 새 박물관")], slug="one"), now=NOW)

    report.refresh_from_db()
    assert (report.place_id, report.record_ref) == (first.pk, "")
