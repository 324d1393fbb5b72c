"""Django's entry for users."""

from django.apps import AppConfig


class UsersConfig(AppConfig):
    name = "users"

    def ready(self) -> None:
        import users.api.schema  # noqa: F401 - registers itself with drf-spectacular
        from users import checks  # noqa: F401 - importing registers them
        from users.effects import register_effects
        from users.personal_data import enter_personal_data

        enter_personal_data()
        register_effects()
