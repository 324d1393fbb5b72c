"""Routes of trips, under /api/v1/trips/."""

from django.urls import path

from trips.api.viewsets import Recommend, Wonder

urlpatterns = [
    path(
        "recommendations",
        Recommend.as_view({"get": "ask", "post": "ask_at_length"}),
        name="recommend",
    ),
    path("<uuid:trip_id>/why-not", Wonder.as_view({"get": "why_not"}), name="why-not"),
]
