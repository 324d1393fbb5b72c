"""Django's entry for trips."""

from django.apps import AppConfig


class TripsConfig(AppConfig):
    name = "trips"

    def ready(self) -> None:
        from trips.personal_data import enter_personal_data

        enter_personal_data()
