"""Special forms as a table to take away: personal numbers masked, who took it is kept."""

import csv
from collections.abc import Iterator

from django.http import Http404, HttpResponse
from django.utils import timezone

from accounts.masking import mask_text
from accounts.models import Role
from city.selectors import special_form
from hotline.web.requests import StaffRequest, address, staff
from tickets import actions, selectors

ABOUT = ("工单编号", "受理时间", "状态", "主办单位")


@staff(Role.SUPERVISOR)
def filled(request: StaffRequest, code: str) -> HttpResponse:
    """Give the newest demands that filled in a special form as CSV (导出专项登记)."""
    form = special_form(code)
    if form is None:
        raise Http404("没有这种专项表单。")
    actions.note_export(form, by=request.user, ip=address(request))
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{code}-{timezone.localdate()}.csv"'
    labels = [question.label for question in form.asked]
    writer = csv.writer(response)
    writer.writerow([*ABOUT, *labels])
    writer.writerows(_rows(request, code, labels))
    return response


def _rows(request: StaffRequest, code: str, labels: list[str]) -> Iterator[list[str]]:
    for filling in selectors.fillings(request.user, code):
        ticket, told = filling.ticket, dict(filling.answers)
        day = timezone.localtime(ticket.accepted_at).strftime("%Y-%m-%d %H:%M")
        about = [ticket.number, day, ticket.get_status_display(), str(ticket.lead or "")]
        yield [_plain(words) for words in [*about, *(told.get(label, "") for label in labels)]]


def _plain(words: str) -> str:
    """Mask numbers, and let no table program take words for a formula."""
    masked = mask_text(words)
    return f"'{masked}" if masked[:1] in {"=", "+", "-", "@"} else masked
