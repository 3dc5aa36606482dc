"""Lists of articles, for the public, for editors and for the cutter of words."""

from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.models import Department, User
from knowledge import policy
from knowledge.models import Article, ArticleVersion, Entry

SOON = timedelta(days=30)


def public_articles(category_id: int | None = None) -> QuerySet[Article]:
    """List what the public may read (公开知识), the latest first."""
    found = policy.visible_to(None).select_related("current_version", "department", "category")
    if category_id is not None:
        found = found.filter(category_id=category_id)
    return found.order_by("-published_at", "-pk")


def desk_of(
    user: User,
    *,
    status: str = "",
    department: Department | None = None,
    expiry: str = "",
    text: str = "",
) -> QuerySet[Article]:
    """List an editor's articles (采编列表), the latest changed first.

    `expiry` is "soon" (within 30 days) or "past"; `text` is a part of number, title or keyword.
    """
    found = policy.editable_by(user).select_related(
        "department", "category", "latest_version__by", "current_version"
    )
    if status:
        found = found.filter(status=status)
    if department:
        found = found.filter(department__path__startswith=department.path)
    if text := text.strip():
        found = found.filter(
            Q(lookup__icontains=text)
            | Q(number__iexact=text)
            | Q(latest_version__title__icontains=text)
        )
    return found.filter(_expiring(expiry)).order_by("-changed_at", "-pk")


def _expiring(expiry: str) -> Q:
    today = timezone.localdate()
    live = Q(current_version__isnull=False)
    if expiry == "soon":
        return live & Q(valid_until__range=(today, today + SOON))
    if expiry == "past":
        return live & Q(valid_until__lt=today)
    return Q()


def state_counts(user: User) -> dict[str, int]:
    """Count an editor's articles by state, and those that expire soon or have (采编统计)."""
    mine = policy.editable_by(user).order_by()
    counts = dict(mine.values_list("status").annotate(Count("pk")))
    ages = mine.aggregate(
        soon=Count("pk", filter=_expiring("soon")), past=Count("pk", filter=_expiring("past"))
    )
    return counts | ages


def versions(article: Article) -> QuerySet[ArticleVersion]:
    """List the versions of an article (版本), the newest first."""
    return article.versions.select_related("by", "category").order_by("-no")


def history(article: Article) -> QuerySet[Entry]:
    """List the steps of an article (流转记录), the latest first."""
    return article.entries.select_related("by", "wording").order_by("-version", "-pk")


def keywords() -> set[str]:
    """Give the keywords of all articles in force (关键词), which the cutter keeps whole."""
    live = Article.objects.exclude(current_version=None).exclude(keywords=[])
    return {word for words in live.values_list("keywords", flat=True) for word in words}
