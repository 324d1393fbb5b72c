"""What people use. It refuses to start with anything that only a developer may have."""

from .base import *
from .environment import env, refuse_exposed, refuse_unsafe, refuse_unsent_mail

for _secret in (SECRET_KEY, *SECRET_KEY_FALLBACKS):
    refuse_unsafe(
        secret_key=_secret,
        debug=env.bool("DEBUG", default=False),
        allowed_hosts=ALLOWED_HOSTS,
    )
refuse_unsent_mail(backend=EMAIL_BACKEND)

DATABASE_ROLES_ENFORCED = True

# TLS ends at a proxy of ours, which says so in this header; so it is believed only behind one. How
# many there are must be told: with the wrong number every request redirects, or shares one limit.
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT")
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}

refuse_exposed(globals())
