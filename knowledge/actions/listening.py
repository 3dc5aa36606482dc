"""Noting what was asked of the knowledge base and whether it helped."""

from accounts.masking import mask_text
from accounts.models import User
from knowledge.errors import WrongState
from knowledge.models import Article, Feedback, SearchLog


def log_search(
    text: str, *, place: str, hits: int, by: User | None = None, degraded: bool = False
) -> SearchLog:
    """Note a question and how many articles answered it (检索记录), phone numbers masked."""
    asked = mask_text(" ".join(text.split()))[:200]
    return SearchLog.objects.create(text=asked, place=place, hits=hits, by=by, degraded=degraded)


def note_opened(log: SearchLog, article: Article) -> None:
    """Note that a found article was opened (打开记录); the first one counts."""
    SearchLog.objects.filter(pk=log.pk, opened=None).update(opened=article)


def give_feedback(
    article: Article, *, useful: bool, text: str = "", by: User | None = None
) -> Feedback:
    """Note whether the version in force helped (有用、没用), phone numbers masked."""
    if article.current_version is None:
        raise WrongState("这条知识已下架，不能再评价。")
    said = mask_text(" ".join(text.split()))[:500]
    return Feedback.objects.create(version=article.current_version, useful=useful, text=said, by=by)
