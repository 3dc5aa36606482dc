"""How far the platform may dispatch by itself (自动派单权限), and when it loses that right.

Thresholds per matter are chosen from a wished precision and checked anew by what became of the
tickets; where more went wrong than chance explains, the matter is paused and people are told.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import comb

from django.db.models import Exists, OuterRef, QuerySet

from city.models import Category
from tickets import actions
from tickets.models import Entry, Pause, Routing, RoutingModel
from tickets.routing import store
from tickets.routing.backtest import wished
from tickets.routing.feedback import confirmed, matter_of
from tickets.workflow import Party

WINDOW = timedelta(days=30)
CHANCE = 0.05
"""A matter is paused where so many wrong ones would be a rarer accident than this."""
FEWEST = 5
FEWEST_ALL = 20
ENOUGH = 30
UNDONE = ("take_back", "redirect", "designate", "dispatch", "decide_return")


@dataclass(frozen=True)
class Sent:
    """A ticket that the platform dispatched by itself, for which matter, and whether wrongly."""

    ticket: int
    matter: str
    unit: str
    at: datetime
    wrong: bool


def paused() -> dict[str, str]:
    """Give the matters that wait for a person (已暂停), by code ("": all), with the reason."""
    return {
        row.category.code if row.category else "": (
            f"{row.matter}的自动派单已暂停：自动派出 {row.sent} 件，派错 {row.wrong} 件"
        )
        for row in pauses()
    }


def pauses() -> list[Pause]:
    """List what is paused and was not lifted (自动派单告警)."""
    return list(Pause.objects.filter(lifted_at=None).select_related("category"))


def sent_since(since: datetime) -> list[Sent]:
    """List what the platform dispatched by itself (自动派出) and whether a person undid it."""
    entries = _dispatches(since)
    guessed = _guessed({entry.ticket_id for entry in entries})
    return [
        Sent(
            entry.ticket_id,
            guessed.get(entry.ticket_id) or (matter.code if matter else ""),
            str(entry.extra.get("to", "")),
            entry.at,
            bool(entry.undone),  # type: ignore[attr-defined]  # annotated below
        )
        for entry in entries
        for matter in [matter_of(entry.ticket)]
    ]


def _dispatches(since: datetime) -> QuerySet[Entry]:
    later = Entry.objects.filter(ticket=OuterRef("ticket"), step__in=UNDONE, id__gt=OuterRef("id"))
    refused = {"step": "decide_return", "extra__accepted": False}
    rows = Entry.objects.filter(step="dispatch", party=Party.SYSTEM.value, at__gte=since)
    known = rows.annotate(undone=Exists(later.exclude(**refused)))
    return known.select_related("ticket__category__parent__parent")


def _guessed(tickets: Iterable[int]) -> dict[int, str]:
    """Name the matter that the machine took each ticket for, before anybody changed it."""
    keys, found = sorted(tickets), {}
    for start in range(0, len(keys), 500):
        rows = Routing.objects.filter(ticket__in=keys[start : start + 500], decision__auto=True)
        for row in rows.order_by("-id"):
            if row.categories:
                found[row.ticket_id] = str(row.categories[0]["code"])
    return found


def check(now: datetime) -> list[Pause]:
    """Pause what went wrong too often (熔断检查); names what is paused now and was not before."""
    sent, aim = sent_since(now - WINDOW), wished()
    codes = {row.code: row for row in Category.objects.filter(level=2)}
    groups: dict[Category | None, list[Sent]] = defaultdict(list)
    for row in sent:
        groups[None].append(row)
        if row.matter in codes:
            groups[codes[row.matter]].append(row)
    already = {row.category for row in pauses()}
    return [
        actions.pause(category, sent=len(rows), wrong=wrong, wished=aim)
        for category, mine in groups.items()
        if category not in already
        for rows in [_since_lifted(category, mine)]
        for wrong in [sum(row.wrong for row in rows)]
        if _too_many(len(rows), wrong, aim, FEWEST if category else FEWEST_ALL)
    ]


def _since_lifted(category: Category | None, rows: Iterable[Sent]) -> list[Sent]:
    """Forget what led to an earlier pause that a person lifted."""
    lifted = Pause.objects.filter(category=category).exclude(lifted_at=None).first()
    since = lifted.lifted_at if lifted else None
    return [row for row in rows if since is None or row.at > since]


def _too_many(sent: int, wrong: int, aim: float, fewest: int) -> bool:
    return sent >= fewest and wrong / sent > 1 - aim and chance_of(sent, wrong, 1 - aim) < CHANCE


def chance_of(sent: int, wrong: int, rate: float) -> float:
    """Tell how likely at least so many wrong ones are at a rate (二项分布尾概率)."""
    fewer = sum(comb(sent, k) * rate**k * (1 - rate) ** (sent - k) for k in range(wrong))
    return max(0.0, 1.0 - fewer)


def recheck() -> dict[str, float]:
    """Check the thresholds of the version in force anew (门槛复核); gives those that changed.

    They are chosen for the wished precision as it is now, on texts that the model had not seen;
    what became of real tickets may only raise them.
    """
    live = store.current()
    model = RoutingModel.objects.filter(state=RoutingModel.State.LIVE).first()
    if live is None or model is None:
        return {}
    aim = wished()
    judged = live.classifier.judged
    chosen = judged.thresholds(aim) if judged else dict(live.thresholds)
    for matter, least in _by_outcome(live.version, aim).items():
        chosen[matter] = max(least, chosen.get(matter, chosen[store.ALL]))
    chosen = {matter: round(threshold, 4) for matter, threshold in chosen.items()}
    changed = {m: t for m, t in chosen.items() if model.thresholds.get(m) != t}
    if chosen != model.thresholds or model.metrics.get("wished_precision") != aim:
        actions.set_thresholds(model, chosen, aim)
    return changed


def _by_outcome(version: str, aim: float) -> Mapping[str, float]:
    """Find the thresholds that held on the version's own tickets, by matter with enough of them."""
    import numpy as np

    from tickets.routing.classifier import threshold_for  # sklearn takes seconds to load

    found: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    rows = Routing.objects.filter(model_version=version, ticket__in=confirmed())
    for row in rows.select_related("ticket__category__parent__parent"):
        matter, best = matter_of(row.ticket), row.categories[:1]
        if matter and best:
            found[best[0]["code"]].append((best[0]["confidence"], best[0]["code"] == matter.code))
    return {
        matter: threshold_for(sure, right, aim)[0]
        for matter, pairs in found.items()
        if len(pairs) >= ENOUGH
        for sure, right in [np.array(pairs, dtype=float).T]
    }
