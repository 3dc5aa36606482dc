"""Hot topics as a person may see them (热点)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet

from accounts.models import User
from tickets import policy
from tickets.models import HotTopic, Incident, Mention, Ticket, Topic
from tickets.topics.stream import compared

COOLED_DAYS = 30
MOST = 1_000


def hot(user: User) -> QuerySet[HotTopic]:
    """The topics that burst now (当前热点), the most sudden first, for those who may see them."""
    return _seen(user).filter(ended_at=None).order_by("-score", "id")


def cooled(user: User, now: datetime) -> QuerySet[HotTopic]:
    """The topics that burst within the last weeks and went quiet (已回落热点), the latest first."""
    since = now - timedelta(days=COOLED_DAYS)
    return _seen(user).filter(ended_at__gte=since).order_by("-ended_at", "-id")


def seen(user: User) -> QuerySet[HotTopic]:
    """All hot topics that USER may see (热点)."""
    return _seen(user)


def tickets_of(topic: Topic, user: User) -> QuerySet[Ticket]:
    """The tickets of a topic (话题工单) that still count and USER may see."""
    mine = policy.visible_to(user).filter(pk__in=compared().filter(mention__topic=topic))
    return mine.select_related("lead", "category", "region")


def tickets_in(topic_id: int) -> tuple[int, ...]:
    """The keys of a topic's tickets (话题工单), the latest; who may see them is asked elsewhere."""
    latest = Mention.objects.filter(topic=topic_id).order_by("-at")
    return tuple(latest.values_list("ticket", flat=True)[:MOST])


@dataclass(frozen=True)
class Together:
    """How far a topic's tickets are one incident: that incident, and how many are not in it."""

    incident: Incident | None
    inside: int
    outside: int


def together(rows: QuerySet[Ticket]) -> Together:
    """Tell how far tickets are set as one incident (已列入同一事件)."""
    held = dict(rows.order_by().values_list("incident").annotate(n=Count("pk")))
    outside = held.pop(None, 0)
    largest = max(held, key=held.__getitem__, default=None)
    incident = Incident.objects.filter(pk=largest).first() if largest else None
    return Together(incident, sum(held.values()), outside)


def _seen(user: User) -> QuerySet[HotTopic]:
    if not policy.may_see_topics(user):
        return HotTopic.objects.none()
    return HotTopic.objects.select_related("category", "region", "topic")
