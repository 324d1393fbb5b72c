"""Places, areas and cities for operators, each on a map whose base is our own outlines."""

from __future__ import annotations

import json
from functools import partial
from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Media, ModelForm, Script
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse, reverse_lazy
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from leaflet.admin import LeafletGeoAdminMixin

from common.admin import ModelAdmin, ReadOnly, TabularInline
from places import (  # importing them registers their pages
    admin_of_reports,  # noqa: F401 - as above
    admin_of_sources,  # noqa: F401 - as above
    admin_of_tags,  # noqa: F401 - as above
    admin_of_visits,  # noqa: F401 - as above
)
from places.admin_acting import attempt, operator_of
from places.models import Area, City, Place, PlaceSource, PlaceSyncLog
from places.services.cities import loaded_outlines
from places.services.editing import PlaceEdits, check_hours, check_moods, check_names
from places.services.event_days import check_days
from places.services.ingestion.uniting import PlaceRulings, list_makers


class MapAdmin(LeafletGeoAdminMixin):  # type: ignore[misc] # django-leaflet has no types
    """Shows geometry over the outlines of the loaded cities; nothing comes from another host."""

    settings_overrides: ClassVar[dict[str, Any]] = {
        "TILES": [],
        "DEFAULT_CENTER": (37.56, 126.98),
        "DEFAULT_ZOOM": 11,
        "MIN_ZOOM": 8,
        "MAX_ZOOM": 19,
        "ATTRIBUTION_PREFIX": "동네",
        "RESET_VIEW": False,
    }

    @property
    def media(self) -> Media:
        outlines = reverse_lazy("admin:places_outlines")
        own = Media(
            css={"screen": ["places/outline_map.css"]},
            # The stubs know only paths here; Django takes script objects since 5.2.
            js=[Script("places/outline_map.js", **{"data-outlines": outlines})],  # type: ignore[list-item] # the stubs know texts alone
        )
        return super().media + own  # type: ignore[no-any-return] # as above


class FixedMapAdmin(MapAdmin):
    """Shows geometry that only a load changes."""

    modifiable = False


class SourceInline(ReadOnly, TabularInline[PlaceSource, Place]):
    model = PlaceSource
    extra = 0
    fields = readonly_fields = ("source", "external_ref", "source_class", "as_of", "as_read")

    @admin.display(description="as read")
    def as_read(self, row: PlaceSource) -> SafeString:
        return _details(row.payload, "payload")


class SyncLogInline(ReadOnly, TabularInline[PlaceSyncLog, Place]):
    model = PlaceSyncLog
    extra = 0
    fields = readonly_fields = ("at", "source", "changes")
    ordering = ("-at",)

    @admin.display(description="changes")
    def changes(self, row: PlaceSyncLog) -> SafeString:
        return _details(row.diff, ", ".join(row.diff))


class PlaceForm(ModelForm):  # type: ignore[type-arg] # generic in the stubs alone
    """Takes only what the planner can read; the rules are those of the service."""

    class Meta:
        model = Place
        fields = ("names", "hours", "mood_scores", "valid_from", "valid_until")

    def clean_names(self) -> Any:
        names = self.cleaned_data["names"]
        check_names(names)
        return names

    def clean_hours(self) -> Any:
        hours = self.cleaned_data["hours"]
        check_hours(hours)
        return hours

    def clean_mood_scores(self) -> Any:
        moods = self.cleaned_data["mood_scores"] or {}  # an emptied field reads as None
        check_moods(moods)
        return moods

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        days = {"valid_from", "valid_until"}
        if days & set(self.changed_data) and not days & set(self.errors):
            check_days(said.get("valid_from"), said.get("valid_until"))
        return said


@admin.register(Place)
class PlaceAdmin(MapAdmin, ModelAdmin[Place]):
    """An operator finds a place by either name, sees where each fact came from, and corrects it."""

    form = PlaceForm
    list_display = (
        "name", "english", "category", "district", "chain", "cost", "hours_provenance",
        "popularity", "as_of", "is_active",
    )  # fmt: skip
    list_filter = (
        "city", "category", "is_active", "hours_provenance", "cost_provenance", "district",
    )  # fmt: skip
    search_fields = ("name_search__contains",)  # in lower case, so that the trigram index serves
    ordering = ("-popularity", "name")
    list_per_page = 50
    inlines = (SourceInline, SyncLogInline)
    actions = ("unite",)
    rulings = PlaceRulings()
    readonly_fields = (
        "public_id", "records", "provenance", "source_class", "site", "hours_text", "last_synced_at", "as_of",
        "freshness", "cost_provenance", "stay_provenance", "hours_provenance",
    )  # fmt: skip
    fieldsets = (
        (None, {"fields": (
            "name", "names", "category", "chain", "is_active", "public_id", "source_class", "site",
        )}),
        ("Where", {"fields": ("location", "address", "district")}),
        ("Provenance", {"fields": (
            "records", "provenance", "as_of", "last_synced_at", "freshness",
        )}),
        ("Cost and stay", {"fields": (
            ("cost_low", "cost_high"), ("cost_band", "cost_provenance"),
            ("stay_min", "stay_provenance"),
        )}),
        ("Hours", {"fields": ("hours", "hours_provenance", "hours_text")}),
        ("Days of an event", {"fields": (("valid_from", "valid_until"),)}),
        ("What it is like", {"fields": (
            "mood_scores", "description", ("quality", "popularity", "congestion_score"),
            ("indoor", "pets_allowed", "wheelchair", "parking"),
        )}),
    )  # fmt: skip

    def get_urls(self) -> list[URLPattern]:
        outlines = self.admin_site.admin_view(self.outlines)
        part = self.admin_site.admin_view(self.part)
        return [
            path("outlines.json", outlines, name="places_outlines"),
            path("<int:place_id>/part/", part, name="places_place_part"),
            *super().get_urls(),
        ]

    def outlines(self, _request: HttpRequest) -> HttpResponse:
        """Answer with the outlines of the loaded cities' districts, as GeoJSON."""
        return HttpResponse(loaded_outlines(), content_type="application/geo+json")

    @admin.action(description="한 장소로 합치기", permissions=["change"])
    def unite(self, request: HttpRequest, chosen: QuerySet[Place]) -> None:
        ids = list(chosen.values_list("pk", flat=True))
        act = partial(
            self.rulings.unite, place_ids=ids, operator=operator_of(request), now=timezone.now()
        )
        attempt(self, request, f"{len(ids)}곳", act)

    def part(self, request: HttpRequest, place_id: int) -> HttpResponse:
        """Show the records that make a place, and part from it those that are chosen."""
        place = get_object_or_404(Place, pk=place_id)
        if not self.has_change_permission(request, place):
            raise PermissionDenied
        if request.method == "POST":
            act = partial(
                self.rulings.part,
                place_id=place.pk,
                row_ids={int(one) for one in request.POST.getlist("row") if one.isdecimal()},
                operator=operator_of(request),
                now=timezone.now(),
            )
            if attempt(self, request, place.name, act):
                return redirect("admin:places_place_change", place.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": f"{place.name}: 기록 나누기",
            "place": place,
            "rows": list_makers(place),
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/places/place/part.html", context)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Place]:
        return super().get_queryset(request).defer("embedding")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Place], search_term: str
    ) -> tuple[QuerySet[Place], bool]:
        return super().get_search_results(request, queryset, search_term.lower())

    def save_model(
        self, _request: HttpRequest, obj: Place, form: ModelForm[Place], _change: Any
    ) -> None:
        PlaceEdits().save(place=obj, changed=form.changed_data, now=timezone.now())

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    # A place that something points at is deactivated, never deleted.
    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    @admin.display(description="English name")
    def english(self, place: Place) -> str:
        return str(place.names.get("en", ""))

    @admin.display(description="cost", ordering="cost_high")
    def cost(self, place: Place) -> str:
        return f"{place.cost_low:,}–{place.cost_high:,} {place.currency} ({place.cost_provenance})"

    @admin.display(description="records")
    def records(self, place: Place) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>',
            reverse("admin:places_place_part", args=[place.pk]),
            "이 장소를 이루는 기록 보기, 나누기",
        )

    @admin.display(description="where each fact came from")
    def provenance(self, place: Place) -> SafeString:
        rows = (
            (
                name,
                fact.get("provenance", ""),
                fact.get("from", "") or "prior of the city",
                fact.get("rule", ""),
                fact.get("confidence", ""),
                "; ".join(
                    f"{other['said']} ({other['from']}, {other['as_of']}, {other['confidence']})"
                    for other in fact.get("rivals", ())
                ),
            )
            for name, fact in sorted(place.facts.items())
        )
        cells = "<td>{}</td>" * 5
        body = format_html_join("", f"<tr><th>{{}}</th>{cells}</tr>", rows)
        return format_html("<table>{}</table>", body)


@admin.register(Area)
class AreaAdmin(FixedMapAdmin, ModelAdmin[Area]):
    """The gazetteer, as it was loaded."""

    list_display = ("name_ko", "name_en", "kind", "city", "radius_m", "source")
    list_filter = ("city", "kind")
    search_fields = ("name_ko", "name_en", "aliases")
    ordering = ("city", "kind", "name_ko")
    readonly_fields = (
        "city", "slug", "name_ko", "name_en", "aliases", "kind", "radius_m", "source",
    )  # fmt: skip
    fields = (*readonly_fields, "outline", "centre")

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False


@admin.register(City)
class CityAdmin(FixedMapAdmin, ModelAdmin[City]):
    """The loaded cities, which version of their data, and where they end."""

    list_display = (
        "slug",
        "name_ko",
        "name_en",
        "currency",
        "time_zone",
        "data_version",
        "updated_at",
    )
    search_fields = ("slug", "name_ko", "name_en")
    ordering = ("slug",)
    readonly_fields = (
        "slug", "name_ko", "name_en", "country", "currency", "time_zone", "data_version",
        "updated_at",
    )  # fmt: skip
    fields = (*readonly_fields, "outline")

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False


def _details(value: Any, summary: str) -> SafeString:
    text = json.dumps(value, ensure_ascii=False, indent=1)
    return format_html("<details><summary>{}</summary><pre>{}</pre></details>", summary, text)
