"""The rows of visits that were not counted, for whoever sent the file."""

from __future__ import annotations

from django.contrib import admin

from common.admin import ModelAdmin, ReadOnly
from places.models import RefusedVisit


@admin.register(RefusedVisit)
class RefusedVisitAdmin(ReadOnly, ModelAdmin[RefusedVisit]):
    """Which line of which file was set aside, and why."""

    list_display = ("file", "line", "reason", "refused_at")
    list_display_links = None
    list_filter = ("reason",)
    search_fields = ("file",)
    date_hierarchy = "refused_at"
    ordering = ("-refused_at", "file", "line")
    list_per_page = 100
    fields = ("file", "line", "reason", "refused_at")
