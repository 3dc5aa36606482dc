"""The dispatcher's queue: one ticket open with its suggestions, the rest waiting beside it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.models import Role
from hotline.web import pages
from hotline.web.evidence import evidence_of
from hotline.web.requests import StaffRequest, staff
from hotline.web.steps import offered
from tickets import selectors
from tickets.deadlines import seconds_to_take_back
from tickets.models import Ticket

LISTS = ("to_dispatch", "returns")
VERBS = ("dispatch", "decide_return", "screen")


@staff(Role.DISPATCHER)
def queue(request: StaffRequest) -> HttpResponse:
    """Show the queue (待派单, 退单待审) with one ticket open."""
    asked = request.GET.get("list", "")
    name = asked if asked in LISTS else LISTS[0]
    page = pages.page_of(selectors.worklist(request.user, name), request, key="due_at")
    ticket = pages.chosen(page, request, selectors.for_page(request.user))
    context: dict[str, Any] = {
        "page": page,
        "name": name,
        "tabs": [(key, selectors.WORK_LISTS[key].label) for key in LISTS],
        "ticket": ticket,
        "here": request.get_full_path(),
        "onward": f"{request.path}?list={name}",
        "query": pages.query_of(request),
        "fresh": _fresh(request),
        "after": _after(page, ticket),
    }
    if ticket:
        context["steps"] = offered(ticket, request.user, *VERBS)
        context["evidence"] = evidence_of(ticket)
        context["returned"] = _last_return(ticket)
    template = pages.fragment(request, "dispatch/queue.html", "waiting")
    return render(request, template, context)


def _fresh(request: StaffRequest) -> list[tuple[Ticket, int]]:
    """List what can still be taken back (可撤回) and for how many seconds."""
    now = timezone.now()
    rows = selectors.fresh_dispatches(request.user, now)
    return [(row, seconds_to_take_back(row.dispatched_at, now)) for row in rows]


def _after(page: pages.Page[Ticket], ticket: Ticket | None) -> Ticket | None:
    """Give the next one in the queue (下一件), for whoever leaves this one for later."""
    numbers = [row.pk for row in page.rows]
    at = numbers.index(ticket.pk) + 1 if ticket and ticket.pk in numbers else len(numbers)
    return page.rows[at] if at < len(numbers) else None


def _last_return(ticket: Ticket) -> dict[str, Any] | None:
    """What the unit said when it sent the ticket back (退单理由)."""
    entry = ticket.entries.filter(step="send_back").select_related("department").last()
    if entry is None:
        return None
    return {"by": entry.department, "reason": entry.note, "at": entry.at, **entry.extra}
