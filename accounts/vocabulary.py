"""Feeds the words of the city and the names of its units to the cutter, anew when they changed."""

from accounts import selectors
from city.memo import revision
from search import analysis

_fed: str | None = None


def refresh() -> bool:
    """Put the present words in force in this process (词库生效); tells whether they were new.

    Costs one query where nothing changed; call it before texts are cut for index or query.
    """
    global _fed
    token = revision()
    if token == _fed:
        return False
    known = selectors.lexicon()
    analysis.set_lexicon(known.words, known.synonyms)
    _fed = token
    return True
