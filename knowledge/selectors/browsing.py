"""Leafing through articles without words: by matter, kind of material and unit, with counts."""

from collections import Counter
from dataclasses import replace

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from city.models import Category
from knowledge import policy
from knowledge.models import Article
from knowledge.selectors.narrowing import VALUES, Wish

COLUMNS = {"category": "category__code", "material": "kind", "unit": "department__code"}


def browsed(reader: User | None, wish: Wish) -> QuerySet[Article]:
    """List what a reader may read of what is wished for (翻阅知识), the latest published first."""
    found = policy.visible_to(reader).filter(_fitting(wish))
    related = found.select_related("current_version", "department", "category")
    return related.order_by("-published_at", "-pk")


def browse_counts(reader: User | None, wish: Wish) -> dict[str, Counter[str]]:
    """Count what each further narrowing would leave (翻阅计数), exactly; matters with those below.

    A flat one that is narrowed by already is counted as if it were not.
    """
    counted = {}
    for name in VALUES:
        wider = wish if name == "category" else replace(wish, **{name: ""})
        rows = policy.visible_to(reader).filter(_fitting(wider)).order_by()
        pairs = rows.values_list(COLUMNS[name]).annotate(Count("pk"))
        counted[name] = Counter({value: times for value, times in pairs if value})
    return counted | {"category": _upward(counted["category"])}


def _fitting(wish: Wish) -> Q:
    matter = Q()
    if wish.category:
        above = ("category", "category__parent", "category__parent__parent")
        for column in above:
            matter |= Q(**{f"{column}__code": wish.category})
    flat = {"kind": wish.material, "department__code": wish.unit}
    return matter & Q(**{column: value for column, value in flat.items() if value})


def _upward(counts: Counter[str]) -> Counter[str]:
    """Count each matter for those above it too."""
    summed: Counter[str] = Counter()
    rows = Category.objects.filter(code__in=counts).select_related("parent__parent")
    for row in rows:
        at: Category | None = row
        while at is not None:
            summed[at.code] += counts[row.code]
            at = at.parent
    return summed
