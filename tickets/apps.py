"""Registers tickets with Django."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "tickets"
    verbose_name = "工单"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to events, name what feeds the index, guard the history."""
        from accounts import ledgers
        from search import feed
        from tickets import published, subscribers  # noqa: F401
        from tickets.indexes import FEED
        from tickets.models import Entry

        feed.register(FEED)
        feed.register(published.FEED)
        ledgers.register(ledgers.Ledger("history", "流转记录", Entry, ("seal", "ticket_id")))
        ledgers.keep_guarded(self, Entry)
