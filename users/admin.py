"""Accounts for operators."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from common.admin import ModelAdmin, ReadOnly
from users.models import DataExport, Leaving, User


@admin.register(User)
class UserAdmin(ModelAdmin[User]):
    """People sign themselves up; an operator finds them and may close or open an account."""

    list_display = ("email", "public_id", "is_active", "is_staff", "created_at", "last_login")
    list_filter = ("is_active", "is_staff", "groups")
    search_fields = ("email", "public_id")
    ordering = ("-created_at",)
    fields = (
        "email", "public_id", "is_active", "is_staff", "groups", "locale", "time_zone",
        "time_budget_min", "budget_band", "mobility_mode", "last_login", "created_at", "updated_at",
    )  # fmt: skip
    filter_horizontal = ("groups",)

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    # Who may make operators is decided by superusers alone; nobody locks himself out.
    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        fixed: tuple[str, ...] = (
            "email", "public_id", "locale", "time_zone", "time_budget_min", "budget_band",
            "mobility_mode", "last_login", "created_at", "updated_at",
        )  # fmt: skip
        if not request.user.is_superuser:
            fixed = (*fixed, "is_staff", "groups")
        if obj is not None and obj.pk == request.user.pk:
            fixed = (*fixed, "is_active")
        return fixed


@admin.register(DataExport)
class DataExportAdmin(ReadOnly, ModelAdmin[DataExport]):
    """Copies of data: that they were asked for and what became of them, not what is in them."""

    list_display = (
        "public_id",
        "status",
        "requested_at",
        "finished_at",
        "expires_at",
        "size_bytes",
    )
    list_filter = ("status",)
    search_fields = ("public_id",)
    date_hierarchy = "requested_at"
    ordering = ("-requested_at",)
    fields = list_display


@admin.register(Leaving)
class LeavingAdmin(ReadOnly, ModelAdmin[Leaving]):
    """Erasures: when, and how many rows of what. One that is not finished for long is a fault."""

    list_display = ("user", "left_at", "finished_at")
    list_filter = (("finished_at", admin.EmptyFieldListFilter),)
    date_hierarchy = "left_at"
    ordering = ("-left_at",)
    list_select_related = ("user",)
    fields = ("user", "left_at", "finished_at", "erased")
