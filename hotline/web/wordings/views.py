"""Reply templates: the list of those one keeps, and the form of one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from accounts.models import Role
from hotline.web.pages import sent
from hotline.web.requests import StaffRequest, staff
from hotline.web.wordings.forms import TemplateForm
from tickets import selectors

KEEPERS = (Role.AUDITOR, Role.EDITOR, Role.ADMIN)


@require_GET
@staff(*KEEPERS)
def templates(request: StaffRequest) -> HttpResponse:
    """List the templates that one keeps (答复模板)."""
    return render(
        request, "wordings/list.html", {"templates": selectors.templates_of(request.user)}
    )


@staff(*KEEPERS)
def template(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """Write a template (编辑答复模板)."""
    mine = selectors.templates_of(request.user)
    row = get_object_or_404(mine, pk=pk) if pk is not None else None
    form = TemplateForm(sent(request), row=row, user=request.user)
    if form.keep():
        messages.success(request, f"已保存模板“{form.cleaned_data['name']}”。")
        return redirect("wordings:list")
    return render(request, "wordings/form.html", {"form": form, "row": row}, status=form.status)
