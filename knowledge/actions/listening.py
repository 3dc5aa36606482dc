"""Noting what was asked of the knowledge base and whether it helped."""

from typing import Any

from django.utils import timezone

from accounts.masking import mask_text
from accounts.models import User
from knowledge.errors import WrongState
from knowledge.models import ASKED_LENGTH, Article, Feedback, SearchLog


def log_search(
    text: str, *, place: str, hits: int, by: User | None = None, degraded: bool = False
) -> SearchLog:
    """Note a question and how many articles answered it (检索记录), phone numbers masked."""
    asked = _tidy(text, ASKED_LENGTH)
    return SearchLog.objects.create(text=asked, place=place, hits=hits, by=by, degraded=degraded)


def note_opened(log: SearchLog, article: Article) -> None:
    """Note that a found article was opened (打开记录); the first one counts."""
    SearchLog.objects.filter(pk=log.pk, opened=None).update(opened=article)


def give_feedback(
    article: Article, *, useful: bool, text: str = "", asked: str = "", by: User | None = None
) -> Feedback:
    """Note whether the version in force helped (有用、没用), phone numbers masked.

    `asked` is what was looked for when it came up; the same person's later word on the same
    question and version replaces the earlier one.
    """
    if article.current_version is None:
        raise WrongState("这条知识已下架，不能再评价。")
    words: dict[str, Any] = {"useful": useful, "text": _tidy(text, 500)}
    version, question = article.current_version, _tidy(asked, ASKED_LENGTH)
    if by is None or not question:
        return Feedback.objects.create(version=version, asked=question, by=by, **words)
    words |= {"at": timezone.now()}
    given, _ = Feedback.objects.update_or_create(
        version=version, asked=question, by=by, defaults=words
    )
    return given


def _tidy(text: str, longest: int) -> str:
    """Mask what was typed before it is cut, so that no half of a number is left."""
    return mask_text(" ".join(text.split()))[:longest]
