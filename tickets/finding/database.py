"""Finding tickets while the search engine is out of reach."""

import re
from datetime import timedelta
from functools import reduce
from operator import and_, or_

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from tickets import policy
from tickets.finding.exact import by_number
from tickets.finding.wanted import Wanted
from tickets.models import Ticket

RECENT_DAYS = 30
FOUND = 20
DIGITS_OF_A_PERSON = re.compile(r"\d[\d -]{3,}\d")


def find_in_database(user: User, wanted: Wanted) -> list[Ticket]:
    """Find tickets without the engine (检索降级): number, beginning of title, recent text.

    Digits are not looked for in the text: what stands there unmasked could be guessed piecemeal.
    """
    if not wanted:
        return []
    if numbered := by_number(user, wanted.words):
        return numbered
    if DIGITS_OF_A_PERSON.search(wanted.words):
        return []
    named = [wanted.place, wanted.near.name if wanted.near else ""]
    recent = reduce(and_, map(_recent_place, named), _recent_words(wanted.plain))
    rows = policy.visible_to(user).filter(wanted.rows(), recent)
    return list(rows.select_related("lead", "category", "region").order_by("-id")[:FOUND])


def _recent() -> Q:
    return Q(accepted_at__gte=timezone.now() - timedelta(days=RECENT_DAYS))


def _recent_words(typed: str) -> Q:
    if not typed:
        return Q()
    return Q(title__startswith=typed) | _recent() & Q(text__contains=typed)


def _recent_place(name: str) -> Q:
    """Look for a place by its name as written; the index knows its other names too."""
    if not name:
        return Q()
    columns = ("place", "title", "text")
    said = reduce(or_, (Q(**{f"{column}__contains": name}) for column in columns))
    return _recent() & said
