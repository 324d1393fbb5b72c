"""Django's entry for users."""

from django.apps import AppConfig


class UsersConfig(AppConfig):
    name = "users"
