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
    """Show who is to be called (待回访) with one case open, or none while paused (暂停回访)."""
    waiting = selectors.worklist(request.user, "to_call").prefetch_related("callbacks")
    page = pages.page_of(waiting, request, key="due_at")
    paused = "paused" in request.GET
    ticket = None if paused else pages.chosen(page, request, selectors.for_page(request.user))
    context = {
        "page": page,
        "ticket": ticket,
        "paused": paused,
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
