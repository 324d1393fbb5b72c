"""Django's entry for trips."""

from django.apps import AppConfig


class TripsConfig(AppConfig):
    name = "trips"
