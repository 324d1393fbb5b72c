"""Django's entry for the shared kernel."""

from importlib import import_module

from django.apps import AppConfig
from django.conf import settings


class CommonConfig(AppConfig):
    name = "common"

    def ready(self) -> None:
        # Tasks are queued by every process; one that never loaded the application would queue them
        # for a broker on some default address.
        import_module(settings.TASK_APPLICATION)

        from .checks import register_health_checks
        from .kernel_data import enter_kernel_data
        from .mailing import register_mailing
        from .postgis.checks import register_role_check

        register_health_checks()
        register_role_check()
        register_mailing()
        enter_kernel_data()
