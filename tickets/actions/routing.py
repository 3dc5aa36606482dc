"""The evidence of matching, kept as it was, and which classifier is in force."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from city.models import Category
from tickets import policy
from tickets.actions.moves import Actor
from tickets.errors import Invalid, NotAllowed, WrongState
from tickets.models import Confirmation, Pause, Routing, RoutingModel, Ticket
from tickets.workflow import Kind

CANDIDATE, LIVE = RoutingModel.State.CANDIDATE, RoutingModel.State.LIVE
FORMER, REFUSED = RoutingModel.State.FORMER, RoutingModel.State.REFUSED


def save_routings(found: Iterable[tuple[Ticket, str, Mapping[str, Any]]]) -> None:
    """Keep what the matching found (匹配依据) behind earlier findings, which stay.

    Each with the version of the model and the evidence: categories, units and decision. A finding
    that says what the last one said is not kept twice.
    """
    now, pairs = timezone.now(), list(found)
    rows = Routing.objects.filter(ticket__in=[ticket.pk for ticket, _, _ in pairs])
    last = {row.ticket_id: row for row in rows.order_by("id")}
    Routing.objects.bulk_create(
        Routing(ticket=ticket, model_version=model, at=now, **evidence)
        for ticket, model, evidence in pairs
        if not _said(last.get(ticket.pk), model, evidence)
    )


def _said(row: Routing | None, model: str, evidence: Mapping[str, Any]) -> bool:
    if row is None or row.model_version != model:
        return False
    return all(getattr(row, name) == value for name, value in evidence.items())


def confirm(
    heard: Mapping[str, str], *, outcome: str, by: User, ticket: Ticket | None = None
) -> None:
    """Keep what an agent made of the suggestions at the door (受理确认), once for a ticket.

    `heard` has the outcome, kind and matter that were suggested, as codes.
    """
    suggested = {f"suggested_{name}": heard.get(name, "") for name in ("outcome", "kind", "matter")}
    chosen = {"outcome": outcome, "by": by, "at": timezone.now()}
    if ticket is None:
        Confirmation.objects.create(**suggested, **chosen)
        return
    chosen["kind"] = "" if ticket.kind == Kind.OTHER else ticket.kind
    chosen["matter"] = ticket.category.code if ticket.category else ""
    Confirmation.objects.get_or_create(ticket=ticket, defaults=suggested | chosen)


@transaction.atomic
def keep_candidate(
    version: str,
    *,
    samples: int,
    metrics: dict[str, Any],
    thresholds: dict[str, float],
    backtest: dict[str, Any] | None = None,
) -> RoutingModel:
    """Keep a trained version until somebody decides on it (候选模型); older candidates lapse."""
    waiting = RoutingModel.objects.filter(state=CANDIDATE)
    waiting.update(state=REFUSED, note="已由更新的候选版本取代")
    return RoutingModel.objects.create(
        version=version,
        trained_at=timezone.now(),
        samples=samples,
        metrics=metrics,
        thresholds=thresholds,
        backtest=backtest or {},
    )


def promote(model: RoutingModel, *, by: Actor, note: str = "") -> RoutingModel:
    """Put a candidate in force (启用模型); the version before becomes a former one."""
    return _put_in_force(model, CANDIDATE, by, note)


def return_to(model: RoutingModel, *, by: Actor, note: str = "") -> RoutingModel:
    """Put a former version in force again (退回上一版)."""
    return _put_in_force(model, FORMER, by, note)


@transaction.atomic
def refuse(model: RoutingModel, *, by: Actor, note: str = "") -> RoutingModel:
    """Decide not to use a candidate (不采用)."""
    row = _taken(model, CANDIDATE, by)
    return _decide(row, REFUSED, by, note)


@transaction.atomic
def _put_in_force(model: RoutingModel, source: str, by: Actor, note: str) -> RoutingModel:
    now = timezone.now()
    row = _taken(model, source, by)
    RoutingModel.objects.filter(state=LIVE).update(state=FORMER, until=now)
    row.promoted_at, row.until = now, None
    return _decide(row, LIVE, by, note)


def _taken(model: RoutingModel, source: str, by: Actor) -> RoutingModel:
    """Lock all versions that matter: of two people who decide at once one comes too late."""
    if isinstance(by, User) and not policy.may_run_routing(by):
        raise NotAllowed("只有督办员和管理员可以决定启用哪一版模型。")
    rows = RoutingModel.objects.select_for_update().order_by("pk")
    row = {each.pk: each for each in rows.exclude(state=REFUSED)}.get(model.pk)
    if row is None or row.state != source:
        raise WrongState(f"版本 {model.version} 的状态已经变了，请刷新页面再看。")
    return row


def _decide(row: RoutingModel, state: str, by: Actor, note: str) -> RoutingModel:
    row.state, row.note = state, note[:200]
    row.decided_by = by if isinstance(by, User) else None
    row.save()
    return row


def set_thresholds(model: RoutingModel, thresholds: Mapping[str, float], wished: float) -> None:
    """Put thresholds in force that were checked anew (门槛复核)."""
    metrics = model.metrics | {"wished_precision": wished}
    RoutingModel.objects.filter(pk=model.pk).update(thresholds=thresholds, metrics=metrics)


@transaction.atomic
def pause(category: Category | None, *, sent: int, wrong: int, wished: float) -> Pause:
    """Stop dispatching a matter by the platform itself (暂停自动派单), all matters with None."""
    waiting = Pause.objects.filter(category=category, lifted_at=None).first()
    return waiting or Pause.objects.create(
        category=category, sent=sent, wrong=wrong, wished=wished, at=timezone.now()
    )


@transaction.atomic
def lift(pause: Pause, *, by: User, note: str) -> Pause:
    """Let the platform dispatch a matter by itself again (恢复自动派单), with a reason."""
    if not policy.may_run_routing(by):
        raise NotAllowed("只有督办员和管理员可以恢复自动派单。")
    if not note.strip():
        raise Invalid(note="请写明恢复的理由。")
    row = Pause.objects.select_for_update().filter(pk=pause.pk, lifted_at=None).first()
    if row is None:
        raise WrongState("自动派单已经恢复了。")
    row.lifted_at, row.lifted_by, row.note = timezone.now(), by, note.strip()[:200]
    row.save()
    return row
