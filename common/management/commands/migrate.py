"""`manage.py migrate`, as the role that owns the tables."""

from typing import Any

from django.core.management.commands import migrate

from common.postgis.base import connected_as
from common.postgis.roles import DatabaseRole


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with connected_as(DatabaseRole.OWNER, using=options["database"]):
            super().handle(*args, **options)
