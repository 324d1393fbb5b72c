"""Routes of places, under /api/v1/."""

from django.urls import path

from places.api.reports import OwnReportEndpoint, OwnReportsEndpoint, PlaceReportsEndpoint
from places.api.viewsets import (
    PlaceEndpoint,
    PlacesEndpoint,
    TagsEndpoint,
    TileEndpoint,
    TileJsonEndpoint,
)

urlpatterns = [
    path("places", PlacesEndpoint.as_view(), name="places"),
    path("places/tiles.json", TileJsonEndpoint.as_view(), name="places-tilejson"),
    path("places/tiles/<int:z>/<int:x>/<int:y>.mvt", TileEndpoint.as_view(), name="places-tile"),
    path("places/<uuid:place_id>", PlaceEndpoint.as_view(), name="place"),
    path("places/<uuid:place_id>/reports", PlaceReportsEndpoint.as_view(), name="place-reports"),
    path("users/me/reports", OwnReportsEndpoint.as_view(), name="own-reports"),
    path("users/me/reports/<uuid:report_id>", OwnReportEndpoint.as_view(), name="own-report"),
    path("tags", TagsEndpoint.as_view(), name="tags"),
]
