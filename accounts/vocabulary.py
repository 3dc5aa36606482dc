"""Feeds the words of the city and the names of its units to the cutter, anew when they changed."""

from collections.abc import Callable, Iterable

from accounts import selectors
from city.memo import revision
from search import analysis

_fed: str | None = None
_sources: list[Callable[[], Iterable[str]]] = []


def also(words: Callable[[], Iterable[str]]) -> None:
    """Feed further words too (补充词源); who writes them marks the reference data changed."""
    _sources.append(words)


def refresh() -> bool:
    """Put the present words in force in this process (词库生效); tells whether they were new.

    Costs one query where nothing changed; call it before texts are cut for index or query.
    """
    global _fed
    token = revision()
    if token == _fed:
        return False
    known = selectors.lexicon()
    more = {word for source in _sources for word in source()}
    analysis.set_lexicon([*sorted(more), *known.words], known.synonyms)
    _fed = token
    return True
