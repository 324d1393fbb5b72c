"""Trips for operators: read only."""

from django.contrib import admin

from common.admin import ModelAdmin, ReadOnly, TabularInline
from trips.models import Trip, TripNode


class TripNodeInline(ReadOnly, TabularInline[TripNode, Trip]):
    model = TripNode
    fields = ("sequence", "place", "arrives_at", "planned_stay_min", "travel_min", "cost_high")
    ordering = ("sequence",)
    extra = 0


@admin.register(Trip)
class TripAdmin(ReadOnly, ModelAdmin[Trip]):
    list_display = ("title", "variant", "status", "starts_at", "duration_min", "cost_high")
    list_filter = ("status", "variant", "mode")
    search_fields = ("public_id", "title", "context_hash")
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    # Where somebody asked from is nobody else's business.
    exclude = ("context",)
    inlines = (TripNodeInline,)
