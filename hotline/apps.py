"""Registers the front with Django."""

from django.apps import AppConfig
from django.conf import settings

from search import analysis


class HotlineConfig(AppConfig):
    name = "hotline"
    verbose_name = "热线"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Know the checks and the subscribers, and keep jieba's cache among our own files."""
        from hotline import checks  # noqa: F401
        from hotline.realtime import subscribers  # noqa: F401

        analysis.set_cache_dir(settings.DATA_DIR / "jieba")
