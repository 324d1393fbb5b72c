"""HTTP: `granian --interface wsgi config.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
application = get_wsgi_application()

from django.db import connection  # noqa: E402 - Django must be set up first

from trips.services.warming import warm_up  # noqa: E402 - as above

warm_up()
connection.close()  # a server that forks would share it
