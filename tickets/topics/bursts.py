"""Which topics burst: counted anew every few minutes, off the request path, the largest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from statistics import fmean

from django.db.models import Count, QuerySet
from django.utils import timezone

from accounts import vocabulary
from city.models import Parameter
from city.selectors import number
from search.engine import Unavailable
from tickets import actions
from tickets.models import HotTopic, Mention, Ticket, Topic
from tickets.topics.naming import About, about
from tickets.topics.nearness import Reader, Told, nearness
from tickets.topics.stream import JOINS, compared
from tickets.topics.usual import bursts, daily, usual

DAY = timedelta(days=1)
MOST = 50
"""Of more topics in one day the largest are counted."""
READ = 200
"""So many of its latest tickets say what a topic is about."""
SAMPLE = 8
TREND_DAYS = 14


@dataclass(frozen=True, eq=False)
class _Read:
    """A topic with its latest tickets and what they are about."""

    topic: Topic
    told: Sequence[Told]
    about: About

    def same(self, other: "_Read") -> bool:
        """Tell whether both are one matter: they began apart and grew together."""
        if self.about.matter != other.about.matter and self.about.place != other.about.place:
            return False
        pairs = product(self.told[:SAMPLE], other.told[:SAMPLE])
        return fmean(nearness(one, another) for one, another in pairs) >= JOINS


def count(now: datetime) -> list[HotTopic]:
    """Count which topics burst (热点统计); gives those that do now, the most sudden first.

    Where the engine is out of reach nothing is counted and what was hot stays so.
    """
    vocabulary.refresh()
    try:
        read = _read(_large(now), now)
    except Unavailable:
        return list(HotTopic.objects.filter(ended_at=None))
    hot = [row for each in _merged(read) if (row := _judged(each, now))]
    over = HotTopic.objects.filter(ended_at=None).exclude(pk__in=[row.pk for row in hot])
    actions.end_hot(over, now)
    actions.forget_topics(now - timedelta(days=number(Parameter.Name.TOPIC_DAYS, at=now)) - DAY)
    return sorted(hot, key=lambda row: -row.score)


def _large(now: datetime) -> list[Topic]:
    """The topics that enough tickets of the last 24 hours tell of."""
    least = number(Parameter.Name.TOPIC_PEOPLE, at=now)
    lately = Mention.objects.filter(at__gt=now - DAY, at__lte=now).order_by()
    sizes = lately.values("topic").annotate(n=Count("pk")).filter(n__gte=least)
    keys = [row["topic"] for row in sizes.order_by("-n", "topic")[:MOST]]
    topics = Topic.objects.in_bulk(keys)
    return [topics[key] for key in keys]


def tickets_of(topic: Topic) -> QuerySet[Ticket]:
    """The tickets of a topic (话题工单) that still count, the latest first."""
    return compared().filter(mention__topic=topic).order_by("-accepted_at", "-pk")


def _read(topics: Iterable[Topic], now: datetime) -> list[_Read]:
    reader, read = Reader(), []
    for topic in topics:
        told = reader.read(list(tickets_of(topic).filter(accepted_at__lte=now)[:READ]))
        if told:
            read.append(_Read(topic, told, about(told, reader)))
    return read


def _merged(read: Sequence[_Read]) -> list[_Read]:
    """Let a smaller topic go into a larger one that is the same matter."""
    kept: list[_Read] = []
    for each in read:
        larger = next((one for one in kept if one.same(each)), None)
        if larger:
            actions.merge_topics(each.topic, into=larger.topic)
        else:
            kept.append(each)
    return kept


def _judged(each: _Read, now: datetime) -> HotTopic | None:
    """Keep a topic as hot where it bursts."""
    lately = tickets_of(each.topic).filter(accepted_at__gt=now - DAY, accepted_at__lte=now)
    phones = list(lately.values_list("phone_hash", flat=True))
    people = len({phone for phone in phones if phone}) + phones.count("")
    level = usual(each.about.matter, each.about.region, min(now - DAY, each.topic.opened_at))
    score = level.score(len(phones))
    if not bursts(people, score, now):
        return None
    return actions.note_hot(
        each.topic,
        now,
        name=each.about.name,
        words=each.about.words,
        place=each.about.place,
        category=each.about.matter,
        region=each.about.region,
        people=people,
        count=len(phones),
        usual=level.mean,
        spread=level.spread,
        score=score,
        since=each.topic.opened_at,
        trend=_trend(each.topic, now),
    )


def _trend(topic: Topic, now: datetime) -> list[tuple[str, int]]:
    """Count the topic's tickets day by day (每日件数), today last."""
    days = daily(tickets_of(topic), now + DAY, TREND_DAYS)
    first = timezone.localdate(now) - timedelta(days=TREND_DAYS - 1)
    return [((first + timedelta(days=n)).isoformat(), held) for n, held in enumerate(days)]
