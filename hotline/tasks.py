"""Work of the house itself off the request path."""

from celery import shared_task

from accounts import vocabulary
from hotline.serving import opening
from search import feed
from search.engine import Unavailable


@shared_task
def keep_indexes() -> list[str]:
    """Make and fill the indexes that are missing (补建索引); names the new ones.

    An engine that was away when the house opened gets its indexes once it is back.
    """
    vocabulary.refresh()
    try:
        return [each.index.name for each in feed.prepare()]
    except Unavailable:
        return []


@shared_task
def keep_model() -> None:
    """Train the first classifier (首次训练) once there is something to learn from."""
    opening.learn()
