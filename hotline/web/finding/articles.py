"""The articles of a search: found, narrowed, and what they can be narrowed by."""

from collections import Counter
from typing import Any

from django.http import HttpRequest, QueryDict

from accounts.models import User
from hotline.web.finding.narrowing import Narrowing, narrowings
from hotline.web.pages import page_of
from knowledge import policy
from knowledge.selectors import browse_counts, browsed, matching
from knowledge.selectors.narrowing import Wish, counts, narrowed
from knowledge.workflow import Kind
from tickets.finding.facets import of_labels, of_matters, of_units
from tickets.finding.wanted import QUOTED

MOST = 50


def articles(
    user: User, words: str, asked: dict[str, Any], query: QueryDict, *, slip: bool
) -> dict[str, Any]:
    """Find the articles and count their facets (知识检索), of what the user may read."""
    wish = _wish(asked)
    audience = policy.audience_of(user)
    found = matching(
        words, audience=audience, limit=MOST, slip=slip, phrases=QUOTED.findall(words)
    ).near_best()
    return {
        "articles": narrowed(found, wish),
        "article_narrowings": _narrowings(counts(found, wish), wish, query) if found else [],
    }


def leafed(user: User, asked: dict[str, Any], request: HttpRequest) -> dict[str, Any]:
    """Leaf through the articles without words (翻阅知识), the latest published first."""
    wish = _wish(asked)
    return {
        "page": page_of(browsed(user, wish), request, key="-published_at"),
        "article_narrowings": _narrowings(browse_counts(user, wish), wish, request.GET),
        "wish": wish,
    }


def _wish(asked: dict[str, Any]) -> Wish:
    return Wish(**{name: asked.get(name) or "" for name in ("category", "material", "unit")})


def _narrowings(counted: dict[str, Counter[str]], wish: Wish, query: QueryDict) -> list[Narrowing]:
    facets = [
        of_matters(wish.category, counted["category"]),
        of_labels("material", "材料性质", Kind.choices, wish.material, counted["material"]),
        of_units(wish.unit, counted["unit"]),
    ]
    return narrowings((f for f in facets if f.choices or f.above), query)
