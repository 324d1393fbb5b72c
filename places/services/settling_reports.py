"""What operators make of reports: right, and the place follows, or not, and the reporter is told by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction

from analytics.services.auditing import Auditing
from common.acting import acting_as_system
from common.errors import DomainError, Kind
from common.languages import Bilingual
from places.models import Place, PlaceReport, PlaceSyncLog
from places.reports.types import FACT_OF, PlaceFact, ReportKind, ReportStatus
from places.services.believing import Beliefs, lock_place
from places.services.editing import OPERATOR

if TYPE_CHECKING:
    from users.models import User

SWEPT_AT_ONCE: Final = 1_000


class ReportsSettled(DomainError):
    """None of the reports is open any more: they were withdrawn, or somebody was quicker."""

    kind = Kind.CONFLICT
    code = "places/reports-settled"
    detail = Bilingual(
        ko="이미 처리됐거나 거둬들인 제보예요.",
        en="These reports are settled or withdrawn already.",
    )


@dataclass(frozen=True)
class ReportDesk:
    """Settles reports of one place at a time, and writes down who did."""

    beliefs: Beliefs = field(default_factory=Beliefs)
    auditing: Auditing = field(default_factory=Auditing)

    def accept(self, *, report_ids: Sequence[int], operator: User, now: datetime) -> Sequence[int]:
        """
        Find reports right; return the ids of their places.

        A place that is said to be closed for good, or to be none, is closed; whatever else is wrong is
        corrected in the place editor.

        Raises:
            ReportsSettled: none of them is open.
        """
        return self._settle(report_ids, ReportStatus.ACCEPTED, operator, now)

    def dismiss(self, *, report_ids: Sequence[int], operator: User, now: datetime) -> Sequence[int]:
        """
        Find reports wrong; what their reporters say weighs less from now on.

        Raises:
            ReportsSettled: none of them is open.
        """
        return self._settle(report_ids, ReportStatus.DISMISSED, operator, now)

    def list_open(self, *, place_id: int, fact: PlaceFact) -> Sequence[int]:
        """Return the ids of the open reports of one fact, the oldest first. One query."""
        kinds = [kind for kind, of in FACT_OF.items() if of is fact]
        found = PlaceReport.objects.filter(
            place_id=place_id, kind__in=kinds, status=ReportStatus.OPEN
        )
        return list(found.order_by("pk").values_list("pk", flat=True))

    def sweep(self, *, now: datetime) -> int:
        """Delete the reports whose time is over; return how many."""
        before = now - timedelta(days=self.beliefs.rules.doubt["kept_days"])
        deleted = 0
        with acting_as_system():  # of everybody
            while chosen := list(
                PlaceReport.objects.filter(said_at__lt=before).values_list("pk", flat=True)[
                    :SWEPT_AT_ONCE
                ]
            ):
                deleted += PlaceReport.objects.filter(pk__in=chosen).delete()[0]
        return deleted

    @transaction.atomic(durable=True)
    def _settle(
        self, report_ids: Sequence[int], status: ReportStatus, operator: User, now: datetime
    ) -> Sequence[int]:
        found = PlaceReport.objects.filter(pk__in=report_ids, status=ReportStatus.OPEN)
        places = sorted(set(found.values_list("place_id", flat=True)))
        if not places:
            raise ReportsSettled
        locked = [lock_place(place_id=place_id) for place_id in places]
        for place in locked:
            self._settle_one(place, list(report_ids), status, operator, now)
        return places

    def _settle_one(
        self,
        place: Place,
        report_ids: Sequence[int],
        status: ReportStatus,
        operator: User,
        now: datetime,
    ) -> None:
        reports = list(
            PlaceReport.objects.filter(
                pk__in=report_ids, place=place, status=ReportStatus.OPEN
            ).order_by("pk")
        )
        for report in reports:
            report.status, report.ended_at = status, now
            report.save(update_fields=["status", "ended_at"])
            self.auditing.record(
                actor=operator,
                action=f"place_report.{status}",
                target=report,
                before={"status": ReportStatus.OPEN.value},
                after={"status": status.value, "kind": report.kind},
                at=now,
            )
        facts = {FACT_OF.get(ReportKind(report.kind)) for report in reports}
        if status is ReportStatus.ACCEPTED and PlaceFact.EXISTENCE in facts and place.is_active:
            self._close(place, operator, now)
        self.beliefs.judge(place_id=place.pk, now=now)

    def _close(self, place: Place, operator: User, now: datetime) -> None:
        """Close a place so that no sync opens it again: that, too, is an operator's correction."""
        place.is_active, place.closed_at = False, now
        place.edited_fields = sorted({*place.edited_fields, "is_active"})
        place.save(update_fields=["is_active", "closed_at", "edited_fields", "updated_at"])
        PlaceSyncLog.objects.create(
            place=place, source=OPERATOR, diff={"is_active": [True, False]}, at=now
        )
        self.auditing.record(
            actor=operator,
            action="place.closed",
            target=place,
            before={"is_active": True},
            after={"is_active": False},
            at=now,
        )
