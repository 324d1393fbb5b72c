"""What operators make of reports, by the service and in the admin."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from analytics.models import AuditEntry
from places.models import FactConfidence, Place, PlaceReport, PlaceSyncLog
from places.reports.types import PlaceFact, ReportKind
from places.services.believing import Beliefs
from places.services.reporting import PlaceReports
from places.services.settling_reports import ReportDesk, ReportsSettled
from tests.builders.places import make_place
from tests.builders.reports import make_report, make_reporter
from tests.builders.users import make_user
from users.models import User

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def file(place: Place, kind: ReportKind, user: User | None = None) -> PlaceReport:
    filed = PlaceReports().file(
        user_id=(user or make_reporter()).pk,
        place_id=place.public_id,
        kind=kind,
        seen_at=None,
        note="",
        now=NOW,
    )
    return filed.report


def test_a_place_found_to_be_gone_is_closed_and_no_sync_opens_it() -> None:
    place, operator = make_place(), make_user(is_staff=True)
    reports = [file(place, ReportKind.CLOSED_FOR_GOOD) for _ in range(3)]

    ReportDesk().accept(report_ids=[one.pk for one in reports], operator=operator, now=NOW)

    place.refresh_from_db()
    assert (place.is_active, place.closed_at, place.edited_fields) == (False, NOW, ["is_active"])
    assert PlaceSyncLog.objects.get().diff == {"is_active": [True, False]}
    assert set(PlaceReport.objects.values_list("status", flat=True)) == {"accepted"}
    assert not FactConfidence.objects.exists()
    assert sorted(AuditEntry.objects.values_list("action", "actor_id")) == [
        ("place.closed", operator.pk),
        *[("place_report.accepted", operator.pk)] * 3,
    ]


def test_other_reports_found_right_leave_the_place_to_the_editor() -> None:
    place = make_place()
    report = file(place, ReportKind.WRONG_NAME)

    ReportDesk().accept(report_ids=[report.pk], operator=make_user(is_staff=True), now=NOW)

    place.refresh_from_db()
    assert place.is_active
    assert not PlaceSyncLog.objects.exists()


def test_who_was_found_wrong_counts_less_and_who_was_right_more() -> None:
    wrong, right = make_reporter(), make_reporter()
    dismissed, accepted = (
        file(make_place(), ReportKind.WRONG_PRICE, user) for user in (wrong, right)
    )
    operator = make_user(is_staff=True)

    ReportDesk().dismiss(report_ids=[dismissed.pk], operator=operator, now=NOW)
    ReportDesk().accept(report_ids=[accepted.pk], operator=operator, now=NOW)

    weights = [Beliefs().weigh(user_id=user.pk, now=NOW) for user in (wrong, right)]
    assert weights == pytest.approx([1 / 3, 2 / 3])


def test_what_is_settled_is_not_settled_again() -> None:
    operator, report = make_user(is_staff=True), file(make_place(), ReportKind.OTHER)
    ReportDesk().dismiss(report_ids=[report.pk], operator=operator, now=NOW)

    with pytest.raises(ReportsSettled):
        ReportDesk().accept(report_ids=[report.pk], operator=operator, now=NOW)

    report.refresh_from_db()
    assert report.status == "dismissed"
    assert AuditEntry.objects.count() == 1


def test_reports_fade_and_old_ones_are_deleted() -> None:
    place = make_place()
    for _ in range(2):
        file(place, ReportKind.CLOSED_NOW)
    make_report(user=make_reporter(), now=NOW - timedelta(days=731))
    later = NOW + timedelta(days=60)

    deleted = ReportDesk().sweep(now=NOW)
    judged = Beliefs().judge_all(now=later)

    assert (deleted, judged) == (1, 1)
    belief = FactConfidence.objects.get()
    assert (belief.is_doubted, belief.judged_at) == (False, later)
    assert 0.85 < belief.confidence < 0.95
    assert Beliefs().judge_all(now=later) == 0


def test_reports_of_the_banned_count_no_more() -> None:
    place, user = make_place(), make_reporter()
    file(place, ReportKind.WRONG_PRICE)
    file(place, ReportKind.WRONG_PRICE, user)
    User.objects.filter(pk=user.pk).update(is_active=False)

    Beliefs().judge(place_id=place.pk, now=NOW)

    belief = FactConfidence.objects.get(fact=PlaceFact.PRICE)
    assert (belief.reporters, belief.is_doubted) == (1, False)


def test_an_operator_settles_the_queue_in_the_admin(client: Client) -> None:
    place, operator = make_place(), make_user(is_staff=True)
    for _ in range(3):
        file(place, ReportKind.CLOSED_FOR_GOOD)
    file(make_place(name="다른 곳"), ReportKind.WRONG_NAME)
    client.force_login(operator)
    queue = reverse("admin:places_factconfidence_changelist")

    page = client.get(queue).content.decode()
    doubted = FactConfidence.objects.get(is_doubted=True)
    done = client.post(queue, {"action": "accept", "_selected_action": [doubted.pk]})

    place.refresh_from_db()
    assert page.index("조용한카페") < page.index("다른 곳")
    assert done["Location"] == reverse("admin:places_place_change", args=[place.pk])
    assert not place.is_active


def test_an_operator_dismisses_a_report_by_its_note(client: Client) -> None:
    client.force_login(make_user(is_staff=True))
    report = make_report(user=make_reporter(), note="<b>문 닫음</b>")
    reports = reverse("admin:places_placereport_changelist")

    page = client.get(reports).content.decode()
    client.post(reports, {"action": "dismiss", "_selected_action": [report.pk]})

    report.refresh_from_db()
    assert "&lt;b&gt;문 닫음&lt;/b&gt;" in page
    assert report.status == "dismissed"
