"""The registry of sources, the board of jobs, and the decisions about pairs of records."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from common.admin import ModelAdmin, ReadOnly
from places.admin_acting import attempt, operator_of
from places.models import ContentSource, IngestionJob, MergeDecision, Verdict
from places.services.ingestion.controlling import JobDesk
from places.services.ingestion.deciding import Rulership
from places.services.ingestion.uniting import judge_again

# What of the counts of a job is shown while it runs and after.
RECEIVED = ("read", "new", "changed", "refused")
PUBLISHED = ("created", "updated", "deactivated")


@admin.register(ContentSource)
class ContentSourceAdmin(ModelAdmin[ContentSource]):
    """Whose data it is and under what terms, which an import writes; how often it is asked."""

    list_display = (
        "slug", "name", "kind", "licence", "may_ship", "is_active", "every_min", "cities",
    )  # fmt: skip
    list_filter = ("kind", "is_active", "may_ship")
    search_fields = ("slug", "name", "attribution")
    ordering = ("slug",)
    readonly_fields = (
        "slug", "name", "kind", "licence", "terms", "attribution", "may_ship", "rate_per_s",
    )  # fmt: skip
    fields = (*readonly_fields, "is_active", "every_min", "cities", "grace_syncs")
    actions = ("fetch",)
    desk = JobDesk()

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    @admin.action(description="지금 가져오기", permissions=["change"])
    def fetch(self, request: HttpRequest, chosen: QuerySet[ContentSource]) -> None:
        now = timezone.now()
        for source in chosen:
            attempt(
                self, request, source.slug, partial(self.desk.fetch, source=source.slug, now=now)
            )


@admin.register(IngestionJob)
class IngestionJobAdmin(ReadOnly, ModelAdmin[IngestionJob]):
    """How far each job is, how it ended, and why; a failed one is tried again by hand too."""

    list_display = (
        "id", "source", "city", "kind", "status", "received", "published", "attempt", "why",
        "started_at", "heartbeat_at", "finished_at",
    )  # fmt: skip
    list_filter = ("status", "kind", "city", "source")
    search_fields = ("source__slug", "error")
    date_hierarchy = "created_at"
    ordering = ("-created_at", "-pk")
    list_per_page = 50
    fields = (
        "source", "city", "kind", "status", "window_start", "window_end", "options", "cursor",
        "counts", "error", "attempt", "next_attempt_at", "created_at", "started_at",
        "heartbeat_at", "finished_at",
    )  # fmt: skip
    actions = ("retry", "cancel")
    desk = JobDesk()

    def has_control_permission(self, request: HttpRequest) -> bool:
        """Tell whether the actions that start and stop jobs are offered."""
        return request.user.has_perm("places.change_ingestionjob")

    @admin.display(description="received")
    def received(self, job: IngestionJob) -> str:
        return _told(job.counts.get("received", {}), RECEIVED)

    @admin.display(description="published")
    def published(self, job: IngestionJob) -> str:
        return _told(job.counts.get("published", {}), PUBLISHED)

    @admin.display(description="error")
    def why(self, job: IngestionJob) -> str:
        return job.error[:80]

    @admin.action(description="다시 시도", permissions=["control"])
    def retry(self, request: HttpRequest, chosen: QuerySet[IngestionJob]) -> None:
        now = timezone.now()
        for job in chosen:
            attempt(self, request, str(job), partial(self.desk.retry, job_id=job.pk, now=now))

    @admin.action(description="취소", permissions=["control"])
    def cancel(self, request: HttpRequest, chosen: QuerySet[IngestionJob]) -> None:
        now = timezone.now()
        for job in chosen:
            attempt(self, request, str(job), partial(self.desk.cancel, job_id=job.pk, now=now))


@admin.register(MergeDecision)
class MergeDecisionAdmin(ReadOnly, ModelAdmin[MergeDecision]):
    """Which records are of one place and why; an operator decides otherwise, or leaves it again."""

    list_display = (
        "source_a", "ref_a", "source_b", "ref_b", "verdict", "rule", "alike", "metres",
        "decided_by", "decided_at",
    )  # fmt: skip
    list_filter = ("verdict", "rule", ("decided_by", admin.EmptyFieldListFilter), "source_a")
    search_fields = ("ref_a", "ref_b")
    ordering = ("-decided_at", "-pk")
    list_per_page = 50
    fields = (
        "source_a", "ref_a", "source_b", "ref_b", "verdict", "rule", "scores", "decided_by",
        "decided_at",
    )  # fmt: skip
    actions = ("are_one", "are_two", "leave_to_rules")
    rulership = Rulership()

    def has_rule_permission(self, request: HttpRequest) -> bool:
        """Tell whether the actions that decide are offered."""
        return request.user.has_perm("places.change_mergedecision")

    @admin.display(description="names")
    def alike(self, decision: MergeDecision) -> str:
        return str(decision.scores.get("names", ""))

    @admin.display(description="metres")
    def metres(self, decision: MergeDecision) -> str:
        return str(decision.scores.get("metres", ""))

    @admin.action(description="한 장소예요", permissions=["rule"])
    def are_one(self, request: HttpRequest, chosen: QuerySet[MergeDecision]) -> None:
        self._rule(request, chosen, Verdict.SAME)

    @admin.action(description="다른 장소예요", permissions=["rule"])
    def are_two(self, request: HttpRequest, chosen: QuerySet[MergeDecision]) -> None:
        self._rule(request, chosen, Verdict.DIFFERENT)

    @admin.action(description="규칙에 맡기기", permissions=["rule"])
    def leave_to_rules(self, request: HttpRequest, chosen: QuerySet[MergeDecision]) -> None:
        pairs = [((one.source_a, one.ref_a), (one.source_b, one.ref_b)) for one in chosen]
        for a, b in pairs:
            self.rulership.take_back(a=a, b=b)
        judge_again(pairs, now=timezone.now())
        self.message_user(request, f"{len(pairs)}건을 규칙에 맡겼어요.")

    def _rule(
        self, request: HttpRequest, chosen: QuerySet[MergeDecision], verdict: Verdict
    ) -> None:
        now, operator = timezone.now(), operator_of(request)
        pairs = [((one.source_a, one.ref_a), (one.source_b, one.ref_b)) for one in chosen]
        for a, b in pairs:
            self.rulership.rule(a=a, b=b, verdict=verdict, operator=operator, now=now)
        judge_again(pairs, now=now)
        self.message_user(request, f"{len(pairs)}건을 정했어요. 곧 장소에 반영돼요.")


def _told(counts: dict[str, Any], names: tuple[str, ...]) -> str:
    return ", ".join(f"{counts[name]:,} {name}" for name in names if counts.get(name))
