"""Routes of accounts, under /api/v1/."""

from django.urls import path

from users.api import auth, consents, leaving, passwords, profile, sessions, taste

urlpatterns = [
    path("auth/signup", auth.SignUpEndpoint.as_view(), name="auth-signup"),
    path("auth/token", auth.TokenEndpoint.as_view(), name="auth-token"),
    path("auth/google", auth.GoogleEndpoint.as_view(), name="auth-google"),
    path("auth/token/refresh", auth.RefreshEndpoint.as_view(), name="auth-token-refresh"),
    path("auth/logout", auth.SignOutEndpoint.as_view(), name="auth-logout"),
    path("auth/password/reset", passwords.PasswordResetEndpoint.as_view(), name="password-reset"),
    path(
        "auth/password/reset/confirm",
        passwords.PasswordResetConfirmEndpoint.as_view(),
        name="password-reset-confirm",
    ),
    path("auth/email/confirm", passwords.EmailConfirmEndpoint.as_view(), name="email-confirm"),
    path("users/me/password", passwords.PasswordEndpoint.as_view(), name="password"),
    path(
        "users/me/email/confirmation",
        passwords.EmailConfirmationEndpoint.as_view(),
        name="email-confirmation",
    ),
    path("users/me/export", leaving.ExportEndpoint.as_view(), name="export"),
    path("users/exports/<str:token>", leaving.DownloadEndpoint.as_view(), name="export-download"),
    path("users/me/sessions", sessions.SessionsEndpoint.as_view(), name="sessions"),
    path("users/me/sessions/<uuid:session_id>", sessions.SessionEndpoint.as_view(), name="session"),
    path("onboarding/quiz", profile.QuizEndpoint.as_view(), name="onboarding-quiz"),
    path("users/me", profile.MyProfileEndpoint.as_view(), name="my-profile"),
    path("users/me/onboarding", profile.OnboardingEndpoint.as_view(), name="my-onboarding"),
    path("users/me/taste", taste.TasteEndpoint.as_view(), name="my-taste"),
    path("users/me/taste/undo", taste.TasteUndoEndpoint.as_view(), name="my-taste-undo"),
    path("users/me/taste/reset", taste.TasteResetEndpoint.as_view(), name="my-taste-reset"),
    path("users/me/consents", consents.ConsentsEndpoint.as_view(), name="my-consents"),
    path("consents/texts", consents.ConsentTextsEndpoint.as_view(), name="consent-texts"),
]
