"""Bases of the admin's classes, generic for mypy and at run time too; the outbox for operators."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from .models import OutboxEntry
from .outbox import kick
from .relaying import retry_given_up

__all__ = ["ModelAdmin", "ReadOnly", "TabularInline"]

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin, TabularInline
else:

    class ModelAdmin(admin.ModelAdmin):
        def __class_getitem__(cls, _model):
            return cls

    class TabularInline(admin.TabularInline):
        def __class_getitem__(cls, _models):
            return cls


class ReadOnly:
    """A mixin, on the left, for what operators look at and nobody edits here."""

    def has_add_permission(self, _request: HttpRequest, *_args: Any) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(OutboxEntry)
class OutboxEntryAdmin(ReadOnly, ModelAdmin[OutboxEntry]):
    """Effects for operators: their kinds and fates, not what they say or to whom."""

    list_display = ("kind", "effect_id", "created_at", "attempts", "delivered_at", "given_up_at")
    list_filter = (("given_up_at", admin.EmptyFieldListFilter), "kind")
    search_fields = ("effect_id",)
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    fields = (
        "kind", "effect_id", "created_at", "available_at", "attempts", "delivered_at",
        "given_up_at", "last_error",
    )  # fmt: skip
    actions = ("retry",)

    @admin.action(description="포기한 항목을 다시 시도", permissions=["retry"])
    def retry(self, request: HttpRequest, queryset: QuerySet[OutboxEntry]) -> None:
        ids = list(queryset.values_list("pk", flat=True))
        retried = retry_given_up(ids=ids, now=timezone.now())
        kick()
        self.message_user(request, f"{retried}건을 다시 시도해요.")

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("common.change_outboxentry")
