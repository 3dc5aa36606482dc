"""Taking a list of work away as a file."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from hotline.web import pages
from hotline.web.requests import StaffRequest, address, staff
from hotline.web.sheets import as_file
from hotline.web.work.forms import WorkForm
from hotline.web.work.views import WORKS, rows_of
from tickets import actions, selectors
from tickets.errors import Invalid


@require_POST
@staff(*WORKS)
def export(request: StaffRequest) -> HttpResponse:
    """Give the list as it is narrowed (导出), masked; who took what is kept."""
    user, asked = request.user, request.POST.get("query", "")
    form = WorkForm(QueryDict(asked), user=user)
    rows = selectors.by_clock(rows_of(form, user), form.asked().get("due", ""), timezone.now())
    try:
        lines = actions.export(rows, by=user, asked=asked, ip=address(request))
    except Invalid as refusal:
        messages.warning(request, str(refusal))
        return redirect(pages.wished(request) or "work:list")
    return as_file(lines, request.POST.get("as", ""), "work")
