"""Questions about articles: what answers a text, what editors work on, what was missing."""

from knowledge.selectors.articles import (
    desk_of,
    history,
    keywords,
    public_articles,
    state_counts,
    versions,
)
from knowledge.selectors.browsing import browse_counts, browsed
from knowledge.selectors.comparing import Difference, differences
from knowledge.selectors.gaps import Gap, Miss, feedback_for, hit_rate, misses, unanswered, unopened
from knowledge.selectors.matching import Match, Matches, findable, matching

__all__ = [
    "Difference",
    "Gap",
    "Match",
    "Matches",
    "Miss",
    "browse_counts",
    "browsed",
    "desk_of",
    "differences",
    "feedback_for",
    "findable",
    "history",
    "hit_rate",
    "keywords",
    "matching",
    "misses",
    "public_articles",
    "state_counts",
    "unanswered",
    "unopened",
    "versions",
]
