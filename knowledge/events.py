"""What happened to articles, for those who listen; ids only, they re-read the rest."""

from dataclasses import dataclass
from typing import ClassVar

from outbox.bus import Event


@dataclass(frozen=True)
class ArticleMoved(Event):
    """A step of the table was done to an article (知识流转)."""

    name: ClassVar[str] = "article.moved"
    article_id: int
    step: str
    version: int
