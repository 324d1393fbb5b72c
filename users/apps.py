"""Django's entry for users."""

from django.apps import AppConfig


class UsersConfig(AppConfig):
    name = "users"

    def ready(self) -> None:
        from common.outbox import OutboxHandler, outbox_handlers
        from users.services.mailing import KIND
        from users.tasks import deliver_account_mail

        outbox_handlers.add(
            OutboxHandler(name=KIND, deliver=deliver_account_mail, is_in_database=False)
        )
        import users.api.schema  # noqa: F401 - registers itself with drf-spectacular
        from users.personal_data import enter_personal_data

        enter_personal_data()
