"""Django's entry for the shared kernel."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "common"

    def ready(self) -> None:
        from .checks import register_health_checks

        register_health_checks()
