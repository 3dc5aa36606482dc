"""What people asked and did not find, and what they said about what they found."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from knowledge import policy
from knowledge.models import Feedback, SearchLog

LATELY = timedelta(days=30)


@dataclass(frozen=True)
class Gap:
    """A question that no article answered (知识缺口), how often it was asked, and last when."""

    text: str
    times: int
    last_at: datetime


def unanswered(since: datetime | None = None, limit: int = 100) -> list[Gap]:
    """List the questions without a hit (缺口清单), of the last 30 days, most asked first."""
    asked = _lately(since).filter(hits=0, degraded=False).order_by()
    grouped = asked.values_list("text").annotate(times=Count("pk"), last_at=Max("at"))
    return [Gap(*row) for row in grouped.order_by("-times", "-last_at", "text")[:limit]]


def hit_rate(since: datetime | None = None) -> float | None:
    """Tell the share of searches whose answer was opened (知识命中率); None before the first."""
    counts = _lately(since).aggregate(
        asked=Count("pk"), opened=Count("pk", filter=Q(opened__isnull=False))
    )
    return counts["opened"] / counts["asked"] if counts["asked"] else None


def _lately(since: datetime | None) -> QuerySet[SearchLog]:
    return SearchLog.objects.filter(at__gte=since or timezone.now() - LATELY)


def feedback_for(user: User) -> QuerySet[Feedback]:
    """List what was said about an editor's articles (知识反馈), the latest first."""
    mine = Feedback.objects.filter(version__article__in=policy.editable_by(user))
    return mine.select_related("version__article__department", "by").order_by("-at", "-pk")
