"""The duty list as an Excel file: out, and in by a trial first."""

from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from hotline.web.duties.forms import FileForm
from hotline.web.duties.views import for_readers, for_writers
from hotline.web.pages import sent
from hotline.web.requests import StaffRequest
from tickets import actions
from tickets.errors import Refusal
from tickets.routing import duty_list
from tickets.sources import duties

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SALT = "duties.import"
VALID_S = 3_600
SHOWN = 50


@require_GET
@for_readers
def export(request: StaffRequest) -> HttpResponse:
    """Give the rows in force as an Excel file (导出)."""
    rows = duty_list.items().order_by("key").prefetch_related("assisting")
    response = HttpResponse(duties.write(rows), content_type=XLSX)
    name = f"duties-{timezone.localdate():%Y%m%d}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@for_writers
def take_in(request: StaffRequest) -> HttpResponse:
    """Read a file and show what it would change (导入试算); nothing is written here."""
    form = FileForm(sent(request), request.FILES or None)
    context: dict[str, Any] = {"form": form, "columns": duties.COLUMNS}
    if form.is_valid():
        try:
            table = duties.table_of(form.cleaned_data["file"].read())
            context |= {"reading": duties.read(table), "table": _sealed(table), "shown": SHOWN}
        except duties.Unreadable as fault:
            form.add_error("file", str(fault))
    return render(request, "duties/import.html", context, status=400 if form.errors else 200)


def _sealed(table: list[duties.Row]) -> str:
    return signing.dumps(table, salt=SALT, compress=True)


@require_POST
@for_writers
def confirm(request: StaffRequest) -> HttpResponse:
    """Take in what the trial showed (确认导入), all rows as drafts or none."""
    try:
        table = signing.loads(request.POST.get("table", ""), salt=SALT, max_age=VALID_S)
        reading = duties.read(table)
        if reading.faults:
            messages.error(request, f"没有导入：{reading.faults[0]}")
            return redirect("duties:import")
        done = actions.import_duties(reading.rows, by=request.user)
    except signing.BadSignature:
        messages.error(request, "试算结果已过期，请重新上传文件。")
        return redirect("duties:import")
    except Refusal as refusal:
        messages.error(request, f"没有导入：{refusal}")
        return redirect("duties:import")
    messages.success(request, f"已导入 {done} 条草稿，提交审核后由另一人发布。")
    return redirect("/duties/?state=draft")
