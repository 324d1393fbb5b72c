"""Django's entry for places."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "places"

    def ready(self) -> None:
        from places import checks  # noqa: F401 - importing registers them
        from places.personal_data import enter_personal_data
        from places.services.ingestion.controlling import register_asking
        from places.services.ingestion.notices import register_notices
        from places.services.tagging.asking import register_tagging

        enter_personal_data()
        register_asking()
        register_notices()
        register_tagging()
