"""Visitors who say that something is otherwise than shown, and take it back."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from django.db import transaction

from common.errors import DomainError, Kind
from common.languages import Bilingual
from places import selectors
from places.candidate_rows import read_stored_hours
from places.models import City, Place, PlaceReport
from places.opening.types import MalformedHours
from places.opening.windows import span, visit_windows
from places.reports.types import ReportKind, ReportStatus
from places.services.believing import Beliefs, lock_place

SEEN_WITHIN: Final = timedelta(days=30)
CLOCKS_DIFFER: Final = timedelta(minutes=5)  # between a phone and us
DAY_MIN: Final = 1440
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
_SPACES: Final = re.compile(r"\s+")


class ReportNotFound(DomainError):
    """The user has no such report; another's is not found either."""

    kind = Kind.NOT_FOUND
    code = "places/report-not-found"
    detail = Bilingual(ko="그런 제보가 없어요.", en="There is no such report.")


class SeenOutOfBounds(DomainError):
    """What is reported was seen in the future, or too long ago to say anything of today."""

    kind = Kind.INVALID
    code = "places/seen-out-of-bounds"
    detail = Bilingual(
        ko="지난 {days}일 안에 본 것만 알려 주세요.",
        en="Report what was seen within the last {days} days.",
    )


class ClosedAnyway(DomainError):
    """The place is shown as closed at that time: finding it shut says nothing."""

    kind = Kind.INVALID
    code = "places/closed-anyway"
    detail = Bilingual(
        ko="그 시간에는 원래 닫는 곳으로 안내하고 있어요. 영업시간이 다르면 wrong_hours로 알려 주세요.",
        en="It is shown as closed at that time. If its hours are wrong, report wrong_hours.",
    )


@dataclass(frozen=True, slots=True)
class Filed:
    """A report as it stands; `is_new` where the user had none like it that was open."""

    report: PlaceReport
    is_new: bool


@dataclass(frozen=True)
class PlaceReports:
    """Takes reports, and judges at once how far the facts of the place are still believed."""

    beliefs: Beliefs = field(default_factory=Beliefs)

    @transaction.atomic(durable=True)
    def file(
        self,
        *,
        user_id: int,
        place_id: UUID,
        kind: ReportKind,
        seen_at: datetime | None,
        note: str,
        now: datetime,
    ) -> Filed:
        """
        Report something of a place; what the user said of it before, and is still open, is renewed.

        Raises:
            PlaceNotFound: no active place has this id.
            SeenOutOfBounds: `seen_at` lies in the future, or more than SEEN_WITHIN ago.
            ClosedAnyway: it was found shut at a time for which nobody says that it is open.
        """
        place = _lock_shown(place_id)
        seen_at = now if seen_at is None else seen_at
        if not now - SEEN_WITHIN <= seen_at <= now + CLOCKS_DIFFER:
            raise SeenOutOfBounds(field="seen_at", days=SEEN_WITHIN.days)
        if kind is ReportKind.CLOSED_NOW and not _should_be_open(place, seen_at):
            raise ClosedAnyway(field="seen_at")
        # The place is locked, so nobody else files this one meanwhile.
        report = PlaceReport.objects.filter(
            user_id=user_id, place=place, kind=kind, status=ReportStatus.OPEN
        ).first()
        is_new = report is None
        if report is None:
            report = PlaceReport(user_id=user_id, place=place, kind=kind, reported_at=now)
            report.weight = self.beliefs.weigh(user_id=user_id, now=now)
        report.seen_at, report.said_at = seen_at, max(now, report.reported_at)
        report.note = clean_note(note)
        report.save()
        self.beliefs.judge(place_id=place.pk, now=now)
        return Filed(report, is_new=is_new)

    @transaction.atomic(durable=True)
    def withdraw(self, *, user_id: int, report_id: UUID, now: datetime) -> None:
        """
        Take back one's own report: it has no effect any more. Once more changes nothing.

        Raises:
            ReportNotFound: the user has no such report.
        """
        found = PlaceReport.objects.filter(user_id=user_id, public_id=report_id).first()
        if found is None:
            raise ReportNotFound
        lock_place(place_id=found.place_id)
        changed = PlaceReport.objects.filter(pk=found.pk, status=ReportStatus.OPEN).update(
            status=ReportStatus.WITHDRAWN, ended_at=now
        )
        if changed:  # it may have gone with its record while the lock was awaited
            found.refresh_from_db(fields=["place"])
            self.beliefs.judge(place_id=found.place_id, now=now)


def _lock_shown(public_id: UUID) -> Place:
    """Return an active place, locked; while the lock was awaited it may have become another."""
    place = lock_place(place_id=selectors.get_place(public_id=public_id).pk)
    if place.is_active:
        return place
    return lock_place(place_id=selectors.get_place(public_id=public_id).pk)


def clean_note(note: str, /) -> str:
    """Return the text in one spelling (NFC), on one line, without what nobody sees."""
    composed = unicodedata.normalize("NFC", _SPACES.sub(" ", note))
    seen = "".join(sign for sign in composed if unicodedata.category(sign) not in _INVISIBLE)
    return _SPACES.sub(" ", seen).strip()[: PlaceReport.NOTE_LENGTH]


def _should_be_open(place: Place, at: datetime) -> bool:
    """Tell whether a visitor could expect it to be open; of unknown hours, always."""
    text = None if place.hours is None else orjson.dumps(place.hours).decode()
    try:
        hours = read_stored_hours(text)
    except MalformedHours:
        return True
    if hours is None or not hours.has_times:
        return True
    country = City.objects.values_list("country", flat=True).get(slug=place.city_id)
    local = at.astimezone(ZoneInfo(place.time_zone))
    midnight = datetime.combine(local.date(), time(), local.tzinfo)
    days = span(starts_at=midnight, horizon_min=DAY_MIN, country=country)
    elapsed_min = (at - midnight).total_seconds() / 60
    windows = visit_windows(hours, category=place.category, span=days, country=country)
    return any(window.opens <= elapsed_min < window.closes for window in windows)
