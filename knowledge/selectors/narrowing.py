"""Narrowing the articles found by matter, kind of material and unit, with counts of just these."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from city.models import Category
from knowledge.models import Article
from knowledge.selectors.matching import Matches


@dataclass(frozen=True)
class Wish:
    """What articles are narrowed by (知识筛选): codes; "" narrows nothing."""

    category: str = ""
    """A matter, and what lies below it."""
    material: str = ""
    unit: str = ""

    def __bool__(self) -> bool:
        return bool(self.category or self.material or self.unit)

    def fits(self, article: Article) -> bool:
        """Tell whether an article is what is wished for (符合筛选)."""
        return all(wanted in values(article) for wanted, values in self._asked() if wanted)

    def _asked(self) -> list[tuple[str, "Values"]]:
        return [(getattr(self, name), values) for name, values in VALUES.items()]


Values = Callable[[Article], list[str]]


def _line(matter: Category | None) -> list[str]:
    return [matter.code, *_line(matter.parent)] if matter else []


VALUES: dict[str, Values] = {
    "category": lambda article: _line(article.category),
    "material": lambda article: [article.kind],
    "unit": lambda article: [article.department.code],
}


def narrowed(found: Matches, wish: Wish) -> Matches:
    """Keep the articles that are wished for (筛选知识), in their order."""
    kept = (match for match in found if wish.fits(match.article))
    return Matches(kept, degraded=found.degraded)


def counts(found: Matches, wish: Wish) -> dict[str, Counter[str]]:
    """Count what each further narrowing would leave of what was found (知识分面计数), exactly.

    A flat one that is narrowed by already is counted as if it were not; matters are a tree and
    are counted below the one chosen.
    """
    return {
        name: _counted(
            (match.article for match in found),
            wish if name == "category" else replace(wish, **{name: ""}),
            values,
        )
        for name, values in VALUES.items()
    }


def _counted(articles: Iterable[Article], wish: Wish, values: Values) -> Counter[str]:
    return Counter(value for row in articles if wish.fits(row) for value in values(row))
