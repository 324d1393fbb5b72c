"""Routes of accounts, under /api/v1/."""

from django.urls import path

from users.api import auth

urlpatterns = [
    path("auth/signup", auth.SignUpEndpoint.as_view(), name="auth-signup"),
    path("auth/token", auth.TokenEndpoint.as_view(), name="auth-token"),
    path("auth/token/refresh", auth.RefreshEndpoint.as_view(), name="auth-token-refresh"),
]
