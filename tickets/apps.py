"""Registers tickets with Django."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "tickets"
    verbose_name = "工单"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to events and name what feeds the index."""
        from search import feed
        from tickets import published, subscribers  # noqa: F401
        from tickets.indexes import FEED

        feed.register(FEED)
        feed.register(published.FEED)
