"""Every route of the project."""

from django.contrib import admin
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.utils.functional import lazy
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from common.views import healthz, nothing_here, readyz

admin.site.site_header = "동네 운영"
admin.site.site_title = "동네 운영"
admin.site.index_title = "운영 홈"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="docs"), name="home"),
    # What browsers ask every site for, whatever its pages name.
    path("favicon.ico", RedirectView.as_view(url=lazy(static, str)("common/icon.svg"))),
    path("admin/", admin.site.urls),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    # The only ones under a name of their own come first: a question for a trip tries no others.
    path("api/v1/trips/", include("trips.api.urls")),
    path("api/v1/", include("users.api.urls")),
    path("api/v1/", include("places.api.urls")),
    path("api/v1/", include("notifications.api.urls")),
    re_path(r"^api/", nothing_here),
    path("healthz", healthz),
    path("readyz", readyz),
]

handler400 = "common.problems.bad_request"
handler403 = "common.problems.permission_denied"
handler404 = "common.problems.not_found"
handler500 = "common.problems.server_error"
