"""HTTP: `granian --interface wsgi config.wsgi:application`."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
os.environ.setdefault("PROCESS_KIND", "web")
application = get_wsgi_application()

from django.db import connection  # noqa: E402 - Django must be set up first

from trips.services.warming import warm_up  # noqa: E402 - as above

warm_up()
connection.close()  # a server that forks would share it

# What is there now stays: not to be looked through by every collection, which would hold up a request
# for a tenth of a second. What a request makes is mostly freed by counting.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
