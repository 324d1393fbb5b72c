"""Routes of accounts, under /api/v1/."""

from django.urls import path

from users.api import auth, sessions

urlpatterns = [
    path("auth/signup", auth.SignUpEndpoint.as_view(), name="auth-signup"),
    path("auth/token", auth.TokenEndpoint.as_view(), name="auth-token"),
    path("auth/token/refresh", auth.RefreshEndpoint.as_view(), name="auth-token-refresh"),
    path("auth/logout", auth.SignOutEndpoint.as_view(), name="auth-logout"),
    path("users/me/sessions", sessions.SessionsEndpoint.as_view(), name="sessions"),
    path("users/me/sessions/<uuid:session_id>", sessions.SessionEndpoint.as_view(), name="session"),
]
