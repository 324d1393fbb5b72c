"""What visitors reported: the facts in doubt as a queue, and each report with its note."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from django.contrib import admin
from django.db.models import Case, IntegerField, QuerySet, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.admin import ModelAdmin, ReadOnly
from places.admin_acting import attempt
from places.models import FactConfidence, PlaceReport
from places.reports.types import FACT_OF, PlaceFact, ReportKind
from places.services.settling_reports import ReportDesk

if TYPE_CHECKING:
    from users.models import User

# What is looked at first: a place that is gone spoils a trip, a name does not.
GRAVITY = Case(
    When(fact=PlaceFact.EXISTENCE, then=0),
    When(fact=PlaceFact.HOURS, then=1),
    default=2,
    output_field=IntegerField(),
)


@admin.register(FactConfidence)
class FactConfidenceAdmin(ReadOnly, ModelAdmin[FactConfidence]):
    """The queue: doubted facts, the gravest first; their open reports are settled together."""

    list_display = (
        "place_link", "fact", "confidence", "reporters", "is_doubted", "last_seen_at", "reports",
    )  # fmt: skip
    list_display_links = None
    list_filter = ("is_doubted", "fact", "place__city")
    list_select_related = ("place",)
    search_fields = ("place__name_search__contains",)
    ordering = ("-is_doubted", GRAVITY.asc(), "confidence", "pk")
    list_per_page = 50
    fields = ("place", "fact", "confidence", "reporters", "is_doubted", "last_seen_at", "judged_at")
    actions = ("accept", "dismiss")
    desk: ClassVar[ReportDesk] = ReportDesk()

    def has_settle_permission(self, request: HttpRequest) -> bool:
        """Tell whether the actions that settle are offered."""
        return request.user.has_perm("places.change_placereport")

    @admin.display(description="place")
    def place_link(self, row: FactConfidence) -> SafeString:
        return _place_link(row.place_id, row.place.name)

    @admin.display(description="reports")
    def reports(self, row: FactConfidence) -> SafeString:
        address = reverse("admin:places_placereport_changelist")
        return format_html('<a href="{}?place__id__exact={}">제보 보기</a>', address, row.place_id)

    @admin.action(description="제보가 맞아요", permissions=["settle"])
    def accept(self, request: HttpRequest, chosen: QuerySet[FactConfidence]) -> HttpResponse | None:
        places = [row.place_id for row in chosen if self._settle(request, row, accepts=True)]
        return redirect("admin:places_place_change", places[0]) if len(places) == 1 else None

    @admin.action(description="제보가 틀려요", permissions=["settle"])
    def dismiss(self, request: HttpRequest, chosen: QuerySet[FactConfidence]) -> None:
        for row in chosen:
            self._settle(request, row, accepts=False)

    def _settle(self, request: HttpRequest, row: FactConfidence, *, accepts: bool) -> bool:
        settle = self.desk.accept if accepts else self.desk.dismiss
        ids = self.desk.list_open(place_id=row.place_id, fact=PlaceFact(row.fact))
        act = partial(settle, report_ids=ids, operator=_operator(request), now=timezone.now())
        return attempt(self, request, f"{row.place.name} · {row.fact}", act)


@admin.register(PlaceReport)
class PlaceReportAdmin(ReadOnly, ModelAdmin[PlaceReport]):
    """Each report with its note; who reports is not shown, only what their word weighs."""

    list_display = (
        "place_link", "kind", "fact", "status", "weight", "note", "seen_at", "said_at", "ended_at",
    )  # fmt: skip
    list_display_links = None
    list_filter = ("status", "kind", "place__city")
    list_select_related = ("place",)
    search_fields = ("place__name_search__contains", "note")
    date_hierarchy = "said_at"
    ordering = ("-said_at", "-pk")
    list_per_page = 50
    fields = (
        "place",
        "kind",
        "status",
        "weight",
        "note",
        "seen_at",
        "reported_at",
        "said_at",
        "ended_at",
    )
    actions = ("accept", "dismiss")
    desk: ClassVar[ReportDesk] = ReportDesk()

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == "place__id__exact" or super().lookup_allowed(lookup, value, request)

    def has_settle_permission(self, request: HttpRequest) -> bool:
        """Tell whether the actions that settle are offered."""
        return request.user.has_perm("places.change_placereport")

    @admin.display(description="place")
    def place_link(self, row: PlaceReport) -> SafeString:
        return _place_link(row.place_id, row.place.name)

    @admin.display(description="fact")
    def fact(self, row: PlaceReport) -> str:
        return FACT_OF.get(ReportKind(row.kind), "")

    @admin.action(
        description="맞아요: 닫힌 곳은 닫고, 나머지는 고치러 가기", permissions=["settle"]
    )
    def accept(self, request: HttpRequest, chosen: QuerySet[PlaceReport]) -> HttpResponse | None:
        act = partial(
            self.desk.accept,
            report_ids=list(chosen.values_list("pk", flat=True)),
            operator=_operator(request),
            now=timezone.now(),
        )
        places = {row.place_id for row in chosen}
        if attempt(self, request, f"{len(chosen)}건", act) and len(places) == 1:
            return redirect("admin:places_place_change", places.pop())
        return None

    @admin.action(description="틀려요", permissions=["settle"])
    def dismiss(self, request: HttpRequest, chosen: QuerySet[PlaceReport]) -> None:
        act = partial(
            self.desk.dismiss,
            report_ids=list(chosen.values_list("pk", flat=True)),
            operator=_operator(request),
            now=timezone.now(),
        )
        attempt(self, request, f"{len(chosen)}건", act)


def _place_link(place_id: int, name: str) -> SafeString:
    return format_html(
        '<a href="{}">{}</a>', reverse("admin:places_place_change", args=[place_id]), name
    )


def _operator(request: HttpRequest) -> User:
    return cast("User", request.user)  # the admin lets nobody else in
