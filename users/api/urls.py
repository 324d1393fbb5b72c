"""Routes of accounts, under /api/v1/."""

from django.urls import path

from users.api import viewsets

urlpatterns = [
    path("auth/signup", viewsets.SignUpEndpoint.as_view(), name="auth-signup"),
    path("auth/token", viewsets.TokenEndpoint.as_view(), name="auth-token"),
    path("auth/token/refresh", viewsets.RefreshEndpoint.as_view(), name="auth-token-refresh"),
]
