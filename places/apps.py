"""Django's entry for places."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "places"
