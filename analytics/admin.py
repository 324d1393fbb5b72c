"""The audit log for operators: read only, as the database has it."""

from django.contrib import admin

from analytics.models import AuditEntry
from common.admin import ModelAdmin, ReadOnly


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly, ModelAdmin[AuditEntry]):
    list_display = ("at", "actor", "acted_as", "action", "object_type", "object_id", "address")
    list_filter = ("acted_as", "action", "object_type")
    list_select_related = ("actor",)
    search_fields = ("object_id", "request_id", "actor__email", "actor__public_id")
    date_hierarchy = "at"
    ordering = ("-at", "-id")
