"""Finding tickets by what somebody typed: a number, a phone, or words."""

import re
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import policy as people
from accounts.actions import log_phone_search
from accounts.fields import InvalidPhone, normalise_phone
from accounts.models import User
from search import engine
from search.query import Query
from tickets import policy, selectors
from tickets.indexes import LIKE_TEXT, TICKETS, permission
from tickets.models import Ticket

RECENT_DAYS = 30
FOUND = 20
SHORTEST_NUMBER = 12
DIGITS_OF_A_PERSON = re.compile(r"\d[\d -]{3,}\d")
NO_PHONES = (
    "按电话查单只限需要联系诉求人的岗位（话务、派单、审核、承办、回访、督办），"
    "您可以输入工单编号或几个词查找。"
)


@dataclass(frozen=True)
class Found:
    """What a search for tickets gave: one page, the exact total, and whether it was degraded."""

    tickets: list[Ticket]
    total: int
    degraded: bool = False
    refused: str = ""
    """Why this was not looked for, in words for the person."""


def find(user: User, words: str, limit: int = FOUND, *, ip: str | None = None) -> Found:
    """Search the tickets that USER may see (查工单): by number, phone or words.

    Where the engine is out of reach the database answers, with `degraded` set. Looking for a
    phone is for those who may see contacts, and is logged.
    """
    typed = words.strip()
    if phone := phone_in(typed):
        return _by_phone(user, phone, ip)
    if rows := _by_number(user, typed):
        return Found(rows, len(rows))
    try:
        return _by_index(user, typed, limit)
    except engine.Unavailable:
        rows = find_in_database(user, typed)
        return Found(rows, len(rows), degraded=True)


def phone_in(typed: str) -> str:
    """Read what was typed as a whole phone number (完整电话号码); "" where it is none."""
    try:
        return normalise_phone(typed) if typed[:1].isdigit() or typed[:1] in "+(（" else ""
    except InvalidPhone:
        return ""


def _by_phone(user: User, phone: str, ip: str | None) -> Found:
    if not people.may_see_contact(user):
        return Found([], 0, refused=NO_PHONES)
    rows = list(selectors.of_phone(phone, user)[:FOUND])
    log_phone_search(user, phone, found=len(rows), ip=ip)
    return Found(rows, len(rows))


def _by_number(user: User, typed: str) -> list[Ticket]:
    if not (typed.isdecimal() and len(typed) >= SHORTEST_NUMBER):
        return []
    return list(_newest(user).filter(number__startswith=typed)[:FOUND])


def _by_index(user: User, typed: str, limit: int) -> Found:
    query = Query(permission=permission(user), text=typed[:LIKE_TEXT], limit=limit)
    results = engine.current().search(TICKETS, query)
    ids = [int(hit.id) for hit in results.hits]
    known = policy.visible_to(user).select_related("lead", "category").in_bulk(ids)
    return Found([known[pk] for pk in ids if pk in known], results.total)


def find_in_database(user: User, words: str) -> list[Ticket]:
    """Find tickets without the search engine (检索降级): number, beginning of title, recent text.

    Digits are not looked for in the text: what stands there unmasked could be guessed piecemeal.
    """
    typed = words.strip()
    if not typed:
        return []
    if rows := _by_number(user, typed):
        return rows
    if DIGITS_OF_A_PERSON.search(typed):
        return []
    return list(_newest(user).filter(_recent_words(typed))[:FOUND])


def _newest(user: User) -> QuerySet[Ticket]:
    return policy.visible_to(user).select_related("lead", "category").order_by("-id")


def _recent_words(typed: str) -> Q:
    since = timezone.now() - timedelta(days=RECENT_DAYS)
    return Q(title__startswith=typed) | Q(accepted_at__gte=since, text__contains=typed)
