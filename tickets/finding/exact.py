"""Finding a ticket by its number, or by the phone of who spoke, for those who may."""

from collections.abc import Sequence

from accounts import policy as people
from accounts.actions import log_phone_search
from accounts.fields import InvalidPhone, normalise_phone
from accounts.masking import mask_phone
from accounts.models import User
from tickets import policy, selectors
from tickets.models import Ticket

FOUND = 20
SHORTEST_NUMBER = 12
NO_PHONES = (
    "按电话查单只限需要联系诉求人的岗位（话务、派单、审核、承办、回访、督办），"
    "您可以输入工单编号或几个词查找。"
)


class NoPhones(Exception):
    """Who asks may not look for a phone (无权按电话查单)."""


def phone_in(typed: str) -> str:
    """Read what was typed as a whole phone number (完整电话号码); "" where it is none."""
    try:
        return normalise_phone(typed) if typed[:1].isdigit() or typed[:1] in "+(（" else ""
    except InvalidPhone:
        return ""


def by_phone(user: User, hashes: Sequence[str], ip: str | None = None) -> tuple[list[Ticket], int]:
    """Find the tickets of a number, given as its keyed hashes (按电话查单), and log the search.

    Gives the latest, and how many there are in all. Raises NoPhones for those whose work needs no
    contacts.
    """
    if not people.may_see_contact(user):
        raise NoPhones(NO_PHONES)
    found = selectors.of_hashes(hashes, user)
    rows = list(found[:FOUND])
    total = len(rows) if len(rows) < FOUND else found.count()
    shown = mask_phone(rows[0].phone) if rows else ""
    log_phone_search(user, hashes[0], shown=shown, found=total, ip=ip)
    return rows, total


def number_begun(typed: str) -> str:
    """Read what was typed as a ticket's number or its beginning (编号前缀); "" where it is none."""
    plain = "".join(typed.split())
    return plain if plain.isdecimal() and len(plain) >= SHORTEST_NUMBER else ""


def by_number(user: User, typed: str) -> list[Ticket]:
    """Find tickets by number or its beginning (按编号查单), where that is what was typed."""
    begun = number_begun(typed)
    if not begun:
        return []
    rows = policy.visible_to(user).select_related("lead", "category", "region")
    return list(rows.filter(number__startswith=begun).order_by("-id")[:FOUND])
