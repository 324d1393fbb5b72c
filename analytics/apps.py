"""Django's entry for analytics."""

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    name = "analytics"

    def ready(self) -> None:
        from analytics.personal_data import enter_personal_data

        enter_personal_data()
