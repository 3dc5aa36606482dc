"""What people asked and did not find, and what they said about what they found."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from knowledge import policy
from knowledge.models import Article, Feedback, SearchLog

LATELY = timedelta(days=30)


@dataclass(frozen=True)
class Gap:
    """A question that no article answered (知识缺口), how often it was asked, and last when."""

    text: str
    times: int
    last_at: datetime
    by_staff: int = 0
    """How often staff asked, in the search on top of their pages."""
    of_replies: int = 0
    """How often it was looked for among the public replies."""


def unanswered(since: datetime | None = None, limit: int = 100) -> list[Gap]:
    """List the questions without a hit (缺口清单), of the last 30 days, most asked first."""
    asked = _lately(since).filter(hits=0, degraded=False).order_by()
    grouped = asked.values_list("text").annotate(
        times=Count("pk"),
        last_at=Max("at"),
        by_staff=Count("pk", filter=Q(place=SearchLog.Place.STAFF)),
        of_replies=Count("pk", filter=Q(place=SearchLog.Place.REPLIES)),
    )
    return [Gap(*row) for row in grouped.order_by("-times", "-last_at", "text")[:limit]]


def unopened(since: datetime | None = None, limit: int = 100) -> list[Gap]:
    """List the questions whose hits nobody ever opened (未命中), most asked first."""
    asked = _lately(since).filter(hits__gt=0, degraded=False).order_by()
    grouped = asked.values_list("text").annotate(times=Count("pk"), last_at=Max("at"))
    missed = grouped.annotate(opened=Count("opened")).filter(opened=0)
    return [Gap(*row[:3]) for row in missed.order_by("-times", "-last_at", "text")[:limit]]


@dataclass(frozen=True)
class Miss:
    """An article that came up for a question and did not help (答非所问)."""

    text: str
    article: Article
    useless: int
    useful: int


def misses(user: User, since: datetime | None = None, limit: int = 100) -> list[Miss]:
    """List what an editor's articles were called useless for (答非所问), most often first."""
    said = feedback_for(user).filter(at__gte=since or timezone.now() - LATELY).exclude(asked="")
    counted = (
        said.order_by()
        .values_list("asked", "version__article")
        .annotate(
            useless=Count("pk", filter=Q(useful=False)),
            useful_to=Count("pk", filter=Q(useful=True)),
        )
    )
    rows = list(counted.filter(useless__gt=0).order_by("-useless", "asked")[:limit])
    articles = Article.objects.select_related("department").in_bulk([row[1] for row in rows])
    return [Miss(text, articles[pk], useless, useful) for text, pk, useless, useful in rows]


def hit_rate(since: datetime | None = None) -> float | None:
    """Tell the share of searches whose answer was opened (知识命中率); None before the first.

    Staff's searches and those among public replies are left out, of which only those without a hit
    are noted.
    """
    counts = (
        _lately(since)
        .exclude(place__in=(SearchLog.Place.STAFF, SearchLog.Place.REPLIES))
        .aggregate(asked=Count("pk"), opened=Count("pk", filter=Q(opened__isnull=False)))
    )
    return counts["opened"] / counts["asked"] if counts["asked"] else None


def _lately(since: datetime | None) -> QuerySet[SearchLog]:
    return SearchLog.objects.filter(at__gte=since or timezone.now() - LATELY)


def feedback_for(user: User) -> QuerySet[Feedback]:
    """List what was said about an editor's articles (知识反馈), the latest first."""
    mine = Feedback.objects.filter(version__article__in=policy.editable_by(user))
    return mine.select_related("version__article__department", "by").order_by("-at", "-pk")
