"""How people sign in, and the mails about it: a part of `base`."""

import tomllib

from .environment import BASE_DIR, check_google, env

AUTH_USER_MODEL = "users.User"
# The admin's login: django-axes asks our own counts, which hold however many guess at once.
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "users.authorisation.RoleBackend",
]
# Role → model → what it may do in the admin.
ROLE_PERMISSIONS: dict[str, dict[str, list[str]]] = tomllib.loads(
    (BASE_DIR / "config" / "access.toml").read_text("utf-8")
)
AXES_HANDLER = "users.lockout.GuardedLogins"
AXES_LOCKOUT_CALLABLE = "users.lockout.answer_locked_login"
AXES_CLIENT_IP_CALLABLE = "common.addresses.client_address"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "username"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
PASSWORD_HASHERS = ["users.hashers.StatedArgon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "users.passwords.PlainTextValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Mails by URL: smtp+tls://user:password@host:587, or printed (consolemail://) where nobody says.
_email = env.email_url("EMAIL_URL", default="consolemail://")
EMAIL_BACKEND: str = _email["EMAIL_BACKEND"]
EMAIL_HOST: str = _email["EMAIL_HOST"] or ""
EMAIL_PORT: int = _email["EMAIL_PORT"] or 25
EMAIL_HOST_USER: str = _email["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD: str = _email["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS: bool = _email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL: bool = _email.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", default="동네 <no-reply@localhost>")
# Where an app or page takes up what mails about accounts ask: {url}/confirm_email#token=…
ACCOUNT_LINK_URL: str = env.str("ACCOUNT_LINK_URL", default="").rstrip("/")

# Signing in with Google: the client ids of our apps there; none, and it is not offered.
GOOGLE_CLIENT_IDS: list[str] = env.list("GOOGLE_CLIENT_IDS", default=[])
GOOGLE_JWKS_URL: str = env.str(
    "GOOGLE_JWKS_URL", default="https://www.googleapis.com/oauth2/v3/certs"
)
# The keys come from a mirror inside our own network.
GOOGLE_JWKS_IS_PRIVATE: bool = env.bool("GOOGLE_JWKS_IS_PRIVATE", default=False)
check_google(
    client_ids=GOOGLE_CLIENT_IDS, keys_url=GOOGLE_JWKS_URL, keys_are_private=GOOGLE_JWKS_IS_PRIVATE
)
