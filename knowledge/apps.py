"""Registers knowledge with Django, its subscribers with the outbox, its index with search."""

from django.apps import AppConfig

from search import feed


class KnowledgeConfig(AppConfig):
    name = "knowledge"
    verbose_name = "知识库"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to events and name what feeds the index."""
        from knowledge import subscribers  # noqa: F401
        from knowledge.indexes import FEED

        feed.register(FEED)
