"""What is usual for a matter at a place in a season, and how far a day's count lies above it.

突增程度 = (n − μ) ÷ max(σ, √μ, 1): n tickets of the topic within 24 hours; μ and σ the mean and the
spread of the daily counts of all tickets of that matter at that place, over the four weeks before
the topic's window, or around the same day a year ago where more came then (供暖季、汛期). √μ is the
spread of what comes by chance; 1 keeps two tickets where there is never one from being a burst.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from statistics import fmean, pstdev

from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from city.models import Category, Parameter, Region
from city.selectors import number
from tickets.models import Ticket

BASE_DAYS = 28
LEAST_DAYS = 7
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Usual:
    """The usual level (平时水平): tickets a day, and their spread."""

    mean: float = 0.0
    spread: float = 0.0

    @classmethod
    def of(cls, days: Sequence[int]) -> "Usual":
        """Measure daily counts (平时件数)."""
        return cls(fmean(days), pstdev(days)) if days else cls()

    def score(self, count: int) -> float:
        """Tell how many spreads a day's count lies above the usual (突增程度)."""
        return (count - self.mean) / max(self.spread, sqrt(self.mean), 1.0)


def bursts(people: int, score: float, now: datetime) -> bool:
    """Tell whether so many people within 24 hours make a hot topic (是否热点), domain §18.

    More than mean + 3σ, or so many that nobody asks what is usual; never fewer than the least.
    """
    least, spreads, many = (
        number(name, at=now)
        for name in (
            Parameter.Name.TOPIC_PEOPLE,
            Parameter.Name.TOPIC_SPREADS,
            Parameter.Name.TOPIC_MANY,
        )
    )
    return people >= least and (score > spreads or people >= many)


def usual(matter: Category | None, region: Region | None, before: datetime) -> Usual:
    """Measure what was usual before a moment (平时水平): lately, or this season last year."""
    rows = Ticket.objects.filter(_of(matter, region))
    first = Ticket.objects.aggregate(first=Min("accepted_at"))["first"] or before
    known = max(LEAST_DAYS, min(BASE_DAYS, (before - first).days))
    last_year = before - YEAR + timedelta(days=BASE_DAYS // 2)
    levels = [Usual.of(daily(rows, before, known))]
    if first < last_year:
        levels.append(Usual.of(daily(rows, last_year, BASE_DAYS)))
    return max(levels, key=lambda level: level.mean)


def _of(matter: Category | None, region: Region | None) -> Q:
    found = Q()
    if matter:
        found &= Q(category=matter) | Q(category__parent=matter)
    if region:
        found &= Q(region__path__startswith=region.path)
    return found


def daily(rows: QuerySet[Ticket], before: datetime, days: int) -> list[int]:
    """Count the whole days before a moment (每日件数), the last one last; none counts as 0."""
    end = midnight(before)
    start = end - timedelta(days=days)
    found = rows.filter(accepted_at__gte=start, accepted_at__lt=end)
    counted = found.annotate(on=TruncDate("accepted_at")).values_list("on").annotate(n=Count("pk"))
    by_day = dict(counted.order_by())
    return [by_day.get(timezone.localdate(start) + timedelta(days=n), 0) for n in range(days)]


def midnight(at: datetime) -> datetime:
    """Give the beginning of a day (零点)."""
    return timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
