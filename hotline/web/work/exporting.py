"""Taking a list of work away as a file."""

from django.db.models import F, QuerySet
from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.models import User
from hotline.web.exporting import taken_away
from hotline.web.requests import StaffRequest, staff
from hotline.web.work.forms import WorkForm
from hotline.web.work.views import WORKS, rows_of
from tickets import selectors
from tickets.models import Ticket


@require_POST
@staff(*WORKS)
def export(request: StaffRequest) -> HttpResponse:
    """Give the list as it is narrowed (导出), masked; who took what is kept."""
    rows = worked(request.POST.get("query", ""), request.user)
    return taken_away(request, rows, "work", "work:list")


def worked(asked: str, user: User) -> QuerySet[Ticket]:
    """Find the rows of a list of work by its address (工作列表), in its order."""
    form = WorkForm(QueryDict(asked), user=user)
    rows = selectors.by_clock(rows_of(form, user), form.asked().get("due", ""), timezone.now())
    return rows.order_by(F(selectors.CLOCK).asc(nulls_last=True), "pk")
