"""Registers the front with Django."""

from django.apps import AppConfig


class HotlineConfig(AppConfig):
    name = "hotline"
    verbose_name = "热线"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Know the checks and the subscribers."""
        from hotline import checks  # noqa: F401
        from hotline.realtime import subscribers  # noqa: F401
