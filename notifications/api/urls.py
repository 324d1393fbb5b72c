"""Routes of notifications, under /api/v1/."""

from django.urls import path

from notifications.api.viewsets import DeviceRoutes, PreferenceRoutes

urlpatterns = [
    path("devices", DeviceRoutes.as_view({"get": "list_own", "post": "register"}), name="devices"),
    path("devices/<uuid:device_id>", DeviceRoutes.as_view({"delete": "remove"}), name="device"),
    path(
        "notifications/preferences",
        PreferenceRoutes.as_view({"get": "show", "patch": "edit"}),
        name="notification-preferences",
    ),
]
