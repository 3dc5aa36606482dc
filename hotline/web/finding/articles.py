"""The articles of a search: found, narrowed, and what they can be narrowed by."""

from typing import Any

from django.http import QueryDict

from accounts.models import User
from hotline.web.finding.narrowing import Narrowing, narrowings
from knowledge import policy
from knowledge.selectors import Matches, matching
from knowledge.selectors.narrowing import Wish, counts, narrowed
from knowledge.workflow import Kind
from tickets.finding.facets import of_labels, of_matters, of_units

MOST = 50


def articles(user: User, words: str, asked: dict[str, Any], query: QueryDict) -> dict[str, Any]:
    """Find the articles and count their facets (知识检索), of what the user may read."""
    wish = Wish(**{name: asked.get(name) or "" for name in ("category", "material", "unit")})
    audience = policy.audience_of(user)
    found = matching(words, audience=audience, limit=MOST).near_best()
    return {
        "articles": narrowed(found, wish),
        "article_narrowings": _narrowings(found, wish, query),
    }


def _narrowings(found: Matches, wish: Wish, query: QueryDict) -> list[Narrowing]:
    counted = counts(found, wish)
    facets = [
        of_matters(wish.category, counted["category"]),
        of_labels("material", "材料性质", Kind.choices, wish.material, counted["material"]),
        of_units(wish.unit, counted["unit"]),
    ]
    return narrowings((f for f in facets if f.choices or f.above), query) if found else []
