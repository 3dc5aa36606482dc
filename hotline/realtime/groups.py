"""Which groups a page listens to, and who may open it.

A message says only that something happened (`topic`, `ids`, `step`); the page fetches what changed
by HTTP, where the policy judges again.
"""

from collections.abc import Iterable

from accounts.models import Department, Role, User
from tickets import policy, selectors
from tickets.workflow import Status

DESK = "desk"
DISPATCH = "dispatch"
REVIEWS = "reviews"
CALLBACKS = "callbacks"
SUPERVISION = "supervision"
EDITING = "editing"

PAGES: dict[str, frozenset[Role]] = {
    DESK: frozenset({Role.AGENT}),
    DISPATCH: frozenset({Role.DISPATCHER, Role.SUPERVISOR}),
    REVIEWS: frozenset({Role.REVIEWER}),
    CALLBACKS: frozenset({Role.CALLBACK}),
    SUPERVISION: frozenset({Role.SUPERVISOR, Role.ADMIN}),
    EDITING: frozenset({Role.EDITOR, Role.AUDITOR}),
}
"""Pages that show the same to all who may open them."""

WORK = frozenset({DISPATCH, REVIEWS, CALLBACKS, SUPERVISION})
"""Those of them that are lists of tickets."""

SHOWN_ON: dict[str, str] = {
    Status.PENDING_REVIEW: DISPATCH,
    Status.PENDING_DISPATCH: DISPATCH,
    Status.RETURN_REVIEW: DISPATCH,
    Status.DISPUTING: DISPATCH,
    Status.REPLY_REVIEW: REVIEWS,
    Status.PENDING_CALLBACK: CALLBACKS,
}
"""Whose list a ticket in this state stands on."""


class Refused(Exception):
    """The page is not for this person."""


def agent(user_id: int) -> str:
    """The desk of one agent (坐席): calls go to it alone."""
    return f"agent.{user_id}"


def person(user_id: int) -> str:
    """All pages of one member of staff (本人): notices go to them."""
    return f"person.{user_id}"


def unit(department_id: int) -> str:
    """The list of one unit (承办单位)."""
    return f"unit.{department_id}"


def ticket(ticket_id: int) -> str:
    """A ticket's page for staff (工单页)."""
    return f"ticket.{ticket_id}"


def presence(ticket_id: int) -> str:
    """Those who have a ticket open (在场)."""
    return f"presence.{ticket_id}"


def progress(ticket_id: int) -> str:
    """A ticket's page for the citizen (进度页)."""
    return f"progress.{ticket_id}"


def units_above(departments: Iterable[Department]) -> set[str]:
    """The lists on which work of these units stands: their own and those above (上级单位)."""
    return {unit(int(pk)) for one in departments for pk in one.path.strip("/").split("/") if pk}


def of_page(user: object, page: str, *, number: str = "", code: str = "") -> list[str]:
    """Name the groups of a page (页面订阅); raise Refused where the person may not see it."""
    if page == "progress":
        return _of_progress(number, code)
    if not isinstance(user, User) or not user.is_active:
        raise Refused(page)
    return [*_of_staff(user, page, number), person(user.pk)]


def _of_staff(user: User, page: str, number: str) -> list[str]:
    if page == "own":
        return []
    if page == "work":
        return _of_work(user)
    if page == "ticket":
        return _of_ticket(user, number)
    return _of_common_page(user, page)


def _of_progress(number: str, code: str) -> list[str]:
    found = selectors.find_by_query_code(number, code)
    if found is None:
        raise Refused("progress")
    return [progress(found.pk)]


def _of_work(user: User) -> list[str]:
    """The lists of USER's roles, and those of the units for which USER acts."""
    found = [page for page, roles in PAGES.items() if page in WORK and user.has_role(*roles)]
    found += [unit(department.pk) for department in user.departments_as(*policy.UNIT_ROLES)]
    if not found:
        raise Refused("work")
    return found


def of_presence(user: object, number: str) -> str:
    """Name the group of those who have a ticket open; raise Refused for who may not see it."""
    if not isinstance(user, User) or not user.is_active:
        raise Refused("presence")
    return presence(_seen_by(user, number))


def _of_ticket(user: User, number: str) -> list[str]:
    return [ticket(_seen_by(user, number))]


def _seen_by(user: User, number: str) -> int:
    """Give the key of a ticket that USER may see."""
    found = policy.visible_to(user).filter(number=number).values_list("pk", flat=True).first()
    if found is None:
        raise Refused("ticket")
    return found


def _of_common_page(user: User, page: str) -> list[str]:
    if not user.has_role(*PAGES.get(page, frozenset())):
        raise Refused(page)
    return [page, agent(user.pk)] if page == DESK else [page]


def of_move(ticket_id: int, departments: Iterable[Department], *states: str) -> set[str]:
    """Name the groups that see a ticket move between these states."""
    lists = {SHOWN_ON[state] for state in states if state in SHOWN_ON}
    return {SUPERVISION, ticket(ticket_id), presence(ticket_id), *lists, *units_above(departments)}
