"""The call-back queue: contacted? solved? satisfied?"""

from django.http import HttpResponse
from django.shortcuts import render

from accounts.models import Role
from hotline.web import pages
from hotline.web.requests import StaffRequest, staff
from hotline.web.steps import RevealForm, offered
from tickets import selectors


@staff(Role.CALLBACK)
def queue(request: StaffRequest) -> HttpResponse:
    """Show who is to be called (待回访) with one case open."""
    page = pages.page_of(selectors.worklist(request.user, "to_call"), request, key="due_at")
    ticket = pages.chosen(page, request, selectors.for_page(request.user))
    context = {
        "page": page,
        "ticket": ticket,
        "reply": selectors.replies(ticket)[0] if ticket else None,
        "attempts": ticket.callbacks.select_related("by") if ticket else [],
        "relays": selectors.relays(request.user),
        "steps": offered(ticket, request.user, "call_back", "close") if ticket else [],
        "reveal": RevealForm(initial={"reason": "回访"}),
        "here": request.get_full_path(),
        "onward": request.path,
        "query": pages.query_of(request),
    }
    return render(request, pages.fragment(request, "callbacks/queue.html", "waiting"), context)
