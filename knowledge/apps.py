"""Registers knowledge with Django, its index with search, its words with the cutter."""

from django.apps import AppConfig

from search import feed


class KnowledgeConfig(AppConfig):
    name = "knowledge"
    verbose_name = "知识库"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to events and name what feeds the index."""
        from accounts import vocabulary
        from knowledge import subscribers  # noqa: F401
        from knowledge.indexes import FEED
        from knowledge.selectors import keywords

        feed.register(FEED)
        vocabulary.also(keywords)
