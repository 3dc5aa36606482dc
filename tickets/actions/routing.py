"""The evidence of matching, kept as it was."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from tickets.models import Routing, RoutingModel, Ticket


def save_routings(found: Iterable[tuple[Ticket, str, Mapping[str, Any]]]) -> None:
    """Keep what the matching found (匹配依据), replacing earlier findings.

    Each with the version of the model and the evidence: categories, units and decision.
    """
    now = timezone.now()
    Routing.objects.bulk_create(
        [
            Routing(ticket=t, model_version=model, at=now, **evidence)
            for t, model, evidence in found
        ],
        update_conflicts=True,
        unique_fields=["ticket"],
        update_fields=["categories", "units", "decision", "model_version", "at"],
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
