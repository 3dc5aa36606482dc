"""What both lists do when they are taken away: a file at once, or in the background if long."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect

from hotline.exports.actions import Busy, ask_export
from hotline.web import pages
from hotline.web.requests import StaffRequest, address
from hotline.web.sheets import as_file, ending_of
from tickets import actions
from tickets.errors import Invalid
from tickets.models import Ticket


def taken_away(
    request: StaffRequest, rows: QuerySet[Ticket], source: str, back: str
) -> HttpResponse:
    """Give the list as it is narrowed (导出), masked; who took what is kept."""
    user, asked = request.user, request.POST.get("query", "")
    kind, ip = ending_of(request.POST.get("as", "")), address(request)
    try:
        return as_file(actions.export(rows, by=user, asked=asked, ip=ip), kind, source)
    except Invalid as refusal:
        messages.warning(request, str(refusal))
        return redirect(pages.wished(request) or back)
    except actions.TooLong as long:
        return _in_background(request, source, asked, kind, long.count)


def _in_background(
    request: StaffRequest, source: str, asked: str, kind: str, count: int
) -> HttpResponse:
    try:
        ask_export(
            source, asked=asked, kind=kind, total=count, by=request.user, ip=address(request)
        )
    except Busy as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"共 {count} 件，正在后台导出，完成后铃铛会提醒您。")
    return redirect("exports:list")
