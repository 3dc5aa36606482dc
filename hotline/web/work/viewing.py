"""Keeping a narrowed list under a name."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from hotline.web import pages
from hotline.web.requests import StaffRequest, staff
from hotline.web.work.forms import ViewForm
from tickets import actions, selectors
from tickets.errors import Refusal
from tickets.models import SavedSearch


@require_POST
@staff()
def save(request: StaffRequest) -> HttpResponse:
    """Keep the list as it is narrowed under a name (保存视图)."""
    form = ViewForm(request.POST)
    back = pages.wished(request) or reverse("work:list")
    if not form.is_valid():
        messages.warning(request, " ".join(str(errors[0]) for errors in form.errors.values()))
        return redirect(back)
    try:
        saved = actions.save_search(request.user, page=SavedSearch.Page.WORK, **form.cleaned_data)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return redirect(back)
    messages.success(request, f"已保存为常用视图“{saved.name}”。")
    return redirect(f"{reverse('work:list')}?{saved.query}")


@require_POST
@staff()
def forget(request: StaffRequest, pk: int) -> HttpResponse:
    """Delete a kept view of one's own (删除视图)."""
    saved = get_object_or_404(selectors.kept_by(request.user, SavedSearch.Page.WORK), pk=pk)
    actions.forget_search(saved)
    messages.success(request, f"已删除常用视图“{saved.name}”。")
    return redirect("work:list")
