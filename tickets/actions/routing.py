"""The evidence of matching, kept as it was."""

from typing import Any

from django.utils import timezone

from tickets.models import Routing, Ticket


def save_routing(
    ticket: Ticket,
    *,
    categories: list[dict[str, Any]],
    units: list[dict[str, Any]],
    decision: dict[str, Any],
    model_version: str = "",
) -> Routing:
    """Keep what the matching found for a ticket (匹配依据), replacing an earlier finding."""
    row, _ = Routing.objects.update_or_create(
        ticket=ticket,
        defaults={
            "categories": categories,
            "units": units,
            "decision": decision,
            "model_version": model_version,
            "at": timezone.now(),
        },
    )
    return row
