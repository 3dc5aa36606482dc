"""The evidence of matching, kept as it was."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from tickets.models import DutyItem, Routing, RoutingModel, Ticket


def save_routing(
    ticket: Ticket,
    *,
    categories: list[dict[str, Any]],
    units: list[dict[str, Any]],
    decision: dict[str, Any],
    model_version: str = "",
) -> None:
    """Keep what the matching found for a ticket (匹配依据), replacing an earlier finding."""
    row = Routing(
        ticket=ticket,
        categories=categories,
        units=units,
        decision=decision,
        model_version=model_version,
        at=timezone.now(),
    )
    found = ["categories", "units", "decision", "model_version", "at"]
    Routing.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["ticket"], update_fields=found
    )


@transaction.atomic
def enable_model(
    version: str, *, samples: int, metrics: dict[str, Any], thresholds: dict[str, float]
) -> RoutingModel:
    """Put a trained version in force (启用模型), instead of the one before."""
    RoutingModel.objects.filter(live=True).update(live=False)
    return RoutingModel.objects.create(
        version=version,
        trained_at=timezone.now(),
        samples=samples,
        metrics=metrics,
        thresholds=thresholds,
        live=True,
    )


def add_duties(rows: Sequence[DutyItem]) -> int:
    """Add rows to the duty list (录入派单目录); returns how many."""
    return len(DutyItem.objects.bulk_create(rows, 500))
