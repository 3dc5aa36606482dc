"""The duty list, one row with its versions, and how the list as a whole does."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.models import User
from hotline.web.duties.forms import FilterForm, StepForm
from hotline.web.pages import page_of, query_of
from hotline.web.requests import StaffRequest, staff
from tickets import policy
from tickets.models import DutyItem
from tickets.routing import duty_list

for_readers = staff(*policy.READS_DUTIES)
for_writers = staff(*policy.WRITES_DUTIES)


@require_GET
@for_readers
def listing(request: StaffRequest) -> HttpResponse:
    """List the rows by state and words (派单目录)."""
    wanted = FilterForm(request.GET).wanted()
    counts = duty_list.state_counts()
    state = wanted["state"] or DutyItem.State.PUBLISHED
    context = {
        "page": page_of(duty_list.items(**wanted), request, key="key"),
        "tabs": [(value, label, counts.get(value, 0)) for value, label in DutyItem.State.choices],
        "state": state,
        "text": wanted["text"],
        "query": query_of(request),
        "writes": policy.may_write_duties(request.user),
    }
    return render(request, "duties/list.html", context)


@require_GET
@for_readers
def item(request: StaffRequest, pk: int) -> HttpResponse:
    """Show one version, what it changed, and what can be done with it (目录条目)."""
    return item_page(request, pk, StepForm())


def item_page(request: StaffRequest, pk: int, form: StepForm, status: int = 200) -> HttpResponse:
    """Show one version with a step's form (条目页)."""
    row = get_object_or_404(DutyItem.objects.select_related("category", "region"), pk=pk)
    history = list(duty_list.versions(row))
    before = next((one for one in history if one.version < row.version), None)
    context = {
        "item": row,
        "columns": [(duty_list.LABELS[k], v) for k, v in duty_list.columns_of(row).items()],
        "versions": history,
        "before": before,
        "differences": duty_list.differences(before, row) if before else [],
        "steps": policy.allowed_duty_steps(request.user, row),
        "own_words": _waits_for_another(request.user, row),
        "writes": policy.may_write_duties(request.user),
        "newest": row.pk == history[0].pk,
        "form": form,
    }
    return render(request, "duties/item.html", context, status=status)


def _waits_for_another(user: User, row: DutyItem) -> bool:
    return row.state == DutyItem.State.IN_REVIEW and row.written_by_id == user.pk


@require_GET
@for_readers
def problems(request: StaffRequest) -> HttpResponse:
    """Show gaps, conflicts, dissolved units and rows out of date (目录体检)."""
    found = duty_list.problems(timezone.localdate())
    context = {"found": found, "writes": policy.may_write_duties(request.user)}
    return render(request, "duties/problems.html", context)


@require_GET
@for_readers
def coverage(request: StaffRequest) -> HttpResponse:
    """Report what the list covers of the last quarter's tickets (覆盖率)."""
    lines = duty_list.coverage(timezone.now())
    total = sum(line.tickets for line in lines)
    context = {
        "lines": lines,
        "total": total,
        "covered": sum(line.covered for line in lines),
        "agreed": sum(line.agreed for line in lines),
        "writes": policy.may_write_duties(request.user),
    }
    return render(request, "duties/coverage.html", context)
