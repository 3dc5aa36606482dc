"""Topics are written here: who belongs to one, which of them is hot, what is forgotten."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Min

from tickets.models import HotTopic, Mention, Topic

FORGET_AT_ONCE = 1_000


@dataclass(frozen=True)
class Joining:
    """Tickets that go into a topic, each with the time it was accepted; None: a new topic."""

    topic: Topic | None
    tickets: Sequence[tuple[int, datetime]]


@transaction.atomic
def join_topics(joinings: Iterable[Joining]) -> None:
    """Put tickets into topics (归入话题); one that is in a topic by now stays there."""
    for joining in joinings:
        times = [at for _, at in joining.tickets]
        topic = joining.topic or Topic.objects.create(opened_at=min(times), last_at=max(times))
        Mention.objects.bulk_create(
            [Mention(ticket_id=pk, topic=topic, at=at) for pk, at in joining.tickets],
            ignore_conflicts=True,
        )
        _span(topic)


def _span(topic: Topic) -> None:
    """Note when the topic's first and last ticket came; one that nobody is in goes."""
    span = topic.mentions.aggregate(first=Min("at"), last=Max("at"))
    rows = Topic.objects.filter(pk=topic.pk)
    if span["first"] is None:
        rows.delete()
    else:
        rows.update(opened_at=span["first"], last_at=span["last"])


@transaction.atomic
def merge_topics(topic: Topic, *, into: Topic) -> None:
    """Let one topic be part of another (话题合并): they turned out to be one matter."""
    Mention.objects.filter(topic=topic).update(topic=into)
    Topic.objects.filter(pk=topic.pk).delete()
    _span(into)


def note_hot(topic: Topic, now: datetime, **counted: Any) -> HotTopic:
    """Keep what was counted of a topic that bursts (记为热点)."""
    fields = counted | {"counted_at": now, "ended_at": None}
    row, _ = HotTopic.objects.update_or_create(topic=topic, defaults=fields)
    return row


def end_hot(rows: Iterable[HotTopic], now: datetime) -> int:
    """Note that topics burst no longer (热点回落); what was counted last stays to be read."""
    keys = [row.pk for row in rows]
    return HotTopic.objects.filter(pk__in=keys, ended_at=None).update(ended_at=now)


def forget_topics(before: datetime) -> int:
    """Drop topics that never burst and went quiet before then (清理话题); returns how many."""
    quiet = Topic.objects.filter(last_at__lt=before, hot=None).order_by("last_at")
    keys = list(quiet.values_list("pk", flat=True)[:FORGET_AT_ONCE])
    Topic.objects.filter(pk__in=keys).delete()
    return len(keys)
