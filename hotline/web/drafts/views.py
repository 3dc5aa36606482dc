"""Drafts of whoever is signed in: his own, never another's."""

from django import forms
from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods

from hotline.drafts import actions
from hotline.drafts.models import Draft
from hotline.web.requests import StaffRequest, staff


class DraftForm(forms.Form):
    """The key of a form, and what was typed into it: nothing means that it was handed in."""

    key = forms.CharField(max_length=120)
    said = forms.JSONField(required=False)

    def clean_said(self) -> dict[str, str]:
        """Take texts by name."""
        told = self.cleaned_data["said"] or {}
        if not isinstance(told, dict):
            raise forms.ValidationError("不是表单内容。")
        return {str(name)[:60]: str(words) for name, words in told.items()}


@staff()
@require_http_methods(["GET", "POST"])
def drafts(request: StaffRequest) -> HttpResponse:
    """Give the drafts of the forms that are named (取草稿), or keep one (存草稿)."""
    if request.method == "GET":
        rows = Draft.objects.filter(user=request.user, key__in=request.GET.getlist("key"))
        return JsonResponse({row.key: row.fields for row in rows})
    form = DraftForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    return _kept(request, form.cleaned_data["key"], form.cleaned_data["said"])


def _kept(request: StaffRequest, key: str, said: dict[str, str]) -> HttpResponse:
    if not said:
        actions.drop_drafts([key], by=request.user)
        return HttpResponse(status=204)
    try:
        actions.save_draft(key, said, by=request.user)
    except actions.TooLong:
        return HttpResponse(status=413)
    return HttpResponse(status=204)
