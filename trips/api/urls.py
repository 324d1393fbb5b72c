"""Routes of trips, under /api/v1/trips/."""

from django.urls import path

from trips.api.viewsets import Recommend

urlpatterns = [
    path(
        "recommendations",
        Recommend.as_view({"get": "ask", "post": "ask_at_length"}),
        name="recommend",
    ),
]
