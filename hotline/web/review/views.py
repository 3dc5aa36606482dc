"""The reviewer's queue: is the reply fit to go to the citizen?"""

from django.http import HttpResponse
from django.shortcuts import render

from accounts.models import Role
from hotline.web import pages
from hotline.web.replying import replies_of
from hotline.web.requests import StaffRequest, staff
from hotline.web.steps import offered
from tickets import policy, selectors


@staff(Role.REVIEWER)
def queue(request: StaffRequest) -> HttpResponse:
    """Show the replies that wait (待审核答复) with one open."""
    page = pages.page_of(selectors.worklist(request.user, "to_review"), request, key="due_at")
    ticket = pages.chosen(page, request, selectors.for_page(request.user))
    context = {
        "page": page,
        "ticket": ticket,
        "replies": replies_of(ticket) if ticket else [],
        "legs": (legs := selectors.legs(ticket) if ticket else []),
        "said": selectors.all_said(legs),
        "files": policy.files_of(request.user, ticket) if ticket else [],
        "steps": offered(ticket, request.user, "review", "send_reply_back") if ticket else [],
        "here": request.get_full_path(),
        "onward": request.path,
        "query": pages.query_of(request),
    }
    return render(request, pages.fragment(request, "review/queue.html", "waiting"), context)
