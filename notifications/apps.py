"""Django's entry for notifications."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        from notifications.personal_data import enter_personal_data

        enter_personal_data()
