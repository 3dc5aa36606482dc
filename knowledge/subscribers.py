"""Keeps the index in step with the articles."""

from collections.abc import Sequence

from accounts import vocabulary
from city.events import WordChanged
from knowledge.events import ArticleMoved
from knowledge.indexes import FEED
from outbox.bus import subscribe
from search import feed


@subscribe(ArticleMoved, name="knowledge.index", queue="index")
def index_articles(events: Sequence[ArticleMoved]) -> None:
    """Index what is in force now of the articles that moved (更新知识索引)."""
    vocabulary.refresh()
    feed.follow(FEED, sorted({str(event.article_id) for event in events}))


@subscribe(WordChanged, name="knowledge.recut", queue="index")
def recut_articles(events: Sequence[WordChanged]) -> None:
    """Cut the articles that hold a changed word anew (词库变更)."""
    vocabulary.refresh()
    for text in {event.text for event in events}:
        feed.recut(FEED, text, "valid_until")
