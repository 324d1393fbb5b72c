"""Reports of visitors over HTTP."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.idempotency import idempotent
from common.languages import current_language
from common.limits import LimitedView, Rate, ViewLimit
from common.pagination import CursorPages, PageQuery
from common.parameters import AwareTime, StrictSerializer, StrictText, read_body, read_query
from places.models import PlaceReport
from places.reports import selectors
from places.reports.types import ReportKind, ReportStatus
from places.services.reporting import SEEN_WITHIN, PlaceReports
from users.authentication import signed_in_user

FILING = ViewLimit(scope="place_reports", user=Rate(20, 3600), address=Rate(20, 3600))
OWN = ViewLimit(scope="own_reports", user=Rate(60), address=Rate(60))
KINDS = [kind.value for kind in ReportKind]


class ReportSaid(StrictSerializer):
    kind = serializers.ChoiceField(
        choices=KINDS,
        help_text="`closed_now`: shut at a time at which it should be open; `not_a_place`: there is no "
        "such thing there",
    )
    seen_at = AwareTime(
        required=False,
        help_text=f"When it was found so; now if not said, {SEEN_WITHIN.days} days ago at most",
    )
    note = StrictText(
        required=False, allow_blank=True, max_length=PlaceReport.NOTE_LENGTH, default=""
    )


class ReportedPlace(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField(help_text="In the caller's language")


class Report(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    place = ReportedPlace()
    kind = serializers.ChoiceField(choices=KINDS)
    status = serializers.ChoiceField(choices=[status.value for status in ReportStatus])
    seen_at = serializers.DateTimeField()
    note = serializers.CharField(allow_blank=True)
    reported_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class Reports(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = Report(many=True)


class PlaceReportsEndpoint(LimitedView):
    limits = {"post": FILING}
    reports = PlaceReports()

    @extend_schema(
        operation_id="report_place",
        request=ReportSaid,
        responses={HTTPStatus.CREATED: Report, HTTPStatus.OK: Report},
    )
    @idempotent
    def post(self, request: Request, place_id: UUID) -> Response:
        """
        Say that a place was closed, or that something of it is wrong.

        200 where one said so before: that report is renewed. One person alone closes no place.
        """
        body = read_body(request, ReportSaid)
        filed = self.reports.file(
            user_id=signed_in_user(request).pk,
            place_id=place_id,
            kind=ReportKind(body["kind"]),
            seen_at=body.get("seen_at"),
            note=body["note"],
            now=timezone.now(),
        )
        status = HTTPStatus.CREATED if filed.is_new else HTTPStatus.OK
        return Response(_show(filed.report), status=status)


class OwnReportsEndpoint(LimitedView):
    limits = {"get": OWN}

    @extend_schema(operation_id="own_reports", parameters=[PageQuery], responses=Reports)
    def get(self, request: Request) -> Response:
        """Return what one reported of places and what became of it, the newest first."""
        read_query(request, PageQuery)
        pages = CursorPages()
        found = selectors.own_reports(user_id=signed_in_user(request).pk)
        page = pages.paginate_queryset(found, request, view=self) or []
        return pages.get_paginated_response([_show(report) for report in page])


class OwnReportEndpoint(LimitedView):
    limits = {"delete": OWN}
    reports = PlaceReports()

    @extend_schema(
        operation_id="withdraw_report",
        responses={HTTPStatus.NO_CONTENT: OpenApiResponse(description="It counts no more.")},
    )
    def delete(self, request: Request, report_id: UUID) -> Response:
        """Take back one's own report, if it is open still."""
        read_query(request, StrictSerializer)
        self.reports.withdraw(
            user_id=signed_in_user(request).pk, report_id=report_id, now=timezone.now()
        )
        return Response(status=HTTPStatus.NO_CONTENT)


def _show(report: PlaceReport) -> dict[str, Any]:
    return {
        "id": report.public_id,
        "place": {
            "id": report.place.public_id,
            "name": report.place.names[current_language()],
        },
        "kind": report.kind,
        "status": report.status,
        "seen_at": report.seen_at,
        "note": report.note,
        "reported_at": report.reported_at,
        "ended_at": report.ended_at,
    }
