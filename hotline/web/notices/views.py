"""Notices of whoever is signed in: his own, never another's."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from hotline.web.pages import fragment, page_of
from hotline.web.requests import StaffRequest, staff
from outbox import actions, selectors
from tickets import policy


@staff()
def notices(request: StaffRequest) -> HttpResponse:
    """List one's notices (我的通知), or mark all as read."""
    mine = selectors.notices_of(request.user.pk)
    if request.method == "POST":
        actions.mark_read(mine, timezone.now())
        return redirect("notices:list")
    page = page_of(mine, request, key="-at")
    seen = policy.visible_to(request.user).filter(number__in=[row.number for row in page.rows])
    known = {ticket.number: ticket for ticket in seen}
    rows = [(row, known.get(row.number)) for row in page.rows]
    template = fragment(request, "notices/list.html", "rows")
    return render(request, template, {"page": page, "rows": rows})


@require_GET
@staff()
def unread(request: StaffRequest) -> HttpResponse:
    """Give the bell with what is unread now (未读数)."""
    return render(request, "components/bell.html", {"unread": selectors.unread(request.user.pk)})


@require_GET
@staff()
def follow(request: StaffRequest, pk: int) -> HttpResponse:
    """Go to the ticket or the export that one was told of (查看), which is read by that."""
    mine = selectors.notices_of(request.user.pk)
    notice = get_object_or_404(mine, pk=pk)
    actions.mark_read(mine.filter(number=notice.number), timezone.now())
    if not notice.number:
        return redirect("exports:list")
    return redirect("tickets:detail", notice.number)
