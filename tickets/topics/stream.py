"""Streaming topics: each ticket joins the topic it is nearest to, or opens one (单遍聚类).

The search engine names the few earlier tickets worth comparing, so that the work a ticket costs
does not grow with the day. What is kept is only who belongs together; a batch that comes twice,
or again after a crash, changes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import QuerySet

from accounts import vocabulary
from city.models import Parameter
from city.selectors import number
from search.query import Permission, Range
from tickets import actions
from tickets.indexes import nearest
from tickets.models import Mention, Ticket, Topic
from tickets.topics.nearness import Reader, Told, nearness
from tickets.workflow import Status

BATCH = 100
NEAREST = 12
WEIGHED = 40
SPEAKERS = 12
"""So many of its latest tickets speak for a topic."""
JOINS = 0.5
"""Mean nearness to a topic's speakers from which a ticket belongs to it."""
PUT_ASIDE = (Status.WITHDRAWN, Status.INVALID, Status.NOT_ACCEPTED)


def place(ids: Sequence[int]) -> None:
    """Put tickets into topics (归入话题), in the order they came; raises engine.Unavailable.

    Confidential ones, and those put aside, are part of no topic.
    """
    rows = list(compared().filter(pk__in=ids, mention=None).order_by("accepted_at", "pk"))
    if rows:
        vocabulary.refresh()
        _Stream(rows).run()


def catch_up(since: datetime, until: datetime) -> None:
    """Put the tickets of a time into topics that were written without telling (补归话题)."""
    told = compared().filter(accepted_at__gt=since, accepted_at__lte=until, mention=None)
    keys = list(told.order_by("accepted_at", "pk").values_list("pk", flat=True))
    for first in range(0, len(keys), BATCH):
        place(keys[first : first + BATCH])


def compared() -> QuerySet[Ticket]:
    """The tickets that may be part of a topic (可归入话题的工单)."""
    fitting = Ticket.objects.filter(confidential=False).exclude(status__in=PUT_ASIDE)
    return fitting.select_related("region", "category__parent")


@dataclass(eq=False)
class _Group:
    """A topic in the making, or one that is kept already, and who joins it now."""

    topic: Topic | None
    speakers: list[Told] = field(default_factory=list)
    fresh: list[Told] = field(default_factory=list)

    def mean(self, told: Told) -> float:
        """How near a ticket is to those that speak for the topic."""
        return sum(nearness(told, each) for each in self.speakers) / len(self.speakers)

    def take(self, told: Told) -> None:
        """Let a ticket join."""
        self.fresh.append(told)
        self.speakers = [*self.speakers, told][-SPEAKERS:]


class _Stream:
    """One batch of tickets on their way into topics."""

    def __init__(self, rows: Sequence[Ticket]) -> None:
        self.rows = rows
        self.reader = Reader()
        self.window = timedelta(days=number(Parameter.Name.TOPIC_DAYS))
        self.groups: dict[int, _Group] = {}
        self.homes: dict[int, _Group] = {}

    def run(self) -> None:
        """Place each ticket, then keep it all at once."""
        near = {row.pk: self._near(row) for row in self.rows}
        known = compared().in_bulk({pk for keys in near.values() for pk in keys})
        self._find_homes(known)
        everyone = known | {row.pk: row for row in self.rows}
        told = dict(zip(everyone, self.reader.read(list(everyone.values())), strict=True))
        for at, row in enumerate(self.rows):
            keys = dict.fromkeys([*(pk for pk in near[row.pk] if pk in told), *self._mates(at)])
            self._place(told[row.pk], [told[pk] for pk in keys])
        actions.join_topics(
            actions.Joining(group.topic, [(told.pk, told.at) for told in group.fresh])
            for group in dict.fromkeys(self.homes.values())
            if group.fresh
        )

    def _near(self, row: Ticket) -> list[int]:
        """The earlier tickets that are most like one, by the engine."""
        span = Range("accepted_at", gte=row.accepted_at - self.window, lte=row.accepted_at)
        hits = nearest(
            row.text,
            Permission.everything(),
            NEAREST + 1,
            title=row.title,
            candidates=WEIGHED,
            filters=[span],
        )
        return [int(hit.id) for hit in hits if hit.id != str(row.pk)]

    def _mates(self, at: int) -> Iterable[int]:
        """Those before it in the batch: the index may not know them yet."""
        first = self.rows[at].accepted_at - self.window
        return (row.pk for row in self.rows[:at] if row.accepted_at >= first)

    def _find_homes(self, known: Iterable[int]) -> None:
        mentions = Mention.objects.filter(ticket__in=list(known)).select_related("topic")
        for mention in mentions:
            group = self.groups.get(mention.topic_id)
            if group is None:
                group = self.groups[mention.topic_id] = self._group(mention.topic)
            self.homes[mention.ticket_id] = group

    def _group(self, topic: Topic) -> _Group:
        latest = list(topic.mentions.order_by("-at").values_list("ticket", flat=True)[:SPEAKERS])
        rows = compared().filter(pk__in=latest).order_by("accepted_at")
        return _Group(topic, self.reader.read(list(rows)))

    def _place(self, told: Told, near: Sequence[Told]) -> None:
        """Let a ticket join what it is near to: a topic, or tickets that are in none yet."""
        home = self._home(told, near)
        alone = [n for n in near if n.pk not in self.homes and nearness(told, n) >= JOINS]
        if home is None and not alone:
            return
        home = home or _Group(None)
        for each in (*alone, told):
            if each is told or not home.speakers or home.mean(each) >= JOINS:
                home.take(each)
                self.homes[each.pk] = home

    def _home(self, told: Told, near: Sequence[Told]) -> _Group | None:
        groups = dict.fromkeys(self.homes[each.pk] for each in near if each.pk in self.homes)
        means = {group: group.mean(told) for group in groups if group.speakers}
        best = max(means, key=means.__getitem__, default=None)
        return best if best and means[best] >= JOINS else None
