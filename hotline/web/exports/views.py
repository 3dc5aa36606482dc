"""Exports of whoever is signed in: his own, never another's."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from hotline.exports import actions
from hotline.exports.models import Export
from hotline.web import pages
from hotline.web.requests import StaffRequest, address, staff
from hotline.web.sheets import handed_out

SHOWN = 20


@require_GET
@staff()
def exports(request: StaffRequest) -> HttpResponse:
    """List one's exports (后台导出), how far each is and until when it is kept."""
    now, mine = timezone.now(), Export.objects.filter(user=request.user)[:SHOWN]
    rows = [(row, row.is_kept(now)) for row in mine]
    running = any(row.is_running for row, _ in rows)
    template = pages.fragment(request, "exports/list.html", "rows")
    return render(request, template, {"rows": rows, "running": running})


@require_GET
@staff()
def file(request: StaffRequest, pk: int) -> HttpResponse:
    """Hand the file out (下载导出), to who asked for it and may still see all that is in it."""
    row = get_object_or_404(Export, pk=pk, user=request.user, state=Export.State.READY)
    try:
        content = actions.fetch(row, timezone.now(), by=request.user, ip=address(request))
    except actions.Closed as refusal:
        messages.warning(request, str(refusal))
        return redirect("exports:list")
    return handed_out(content, row.kind, row.source)


@require_POST
@staff()
def delete(request: StaffRequest, pk: int) -> HttpResponse:
    """Remove an export (删除导出); one that is being written stops."""
    actions.drop(get_object_or_404(Export, pk=pk, user=request.user))
    messages.success(request, "已删除。")
    return redirect("exports:list")
