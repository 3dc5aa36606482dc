"""The form that narrows the list of tickets."""

from django import forms

from tickets.models import Source
from tickets.workflow import Kind, Status


class FindForm(forms.Form):
    """What a list of tickets is narrowed by; an empty field narrows nothing."""

    q = forms.CharField(label="查找", required=False, max_length=200)
    status = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部状态"), *Status.choices]
    )
    kind = forms.ChoiceField(
        label="类型", required=False, choices=[("", "全部类型"), *Kind.choices]
    )
    source = forms.ChoiceField(
        label="来源", required=False, choices=[("", "全部来源"), *Source.choices]
    )
    due = forms.ChoiceField(
        label="时限",
        required=False,
        choices=[("", "全部时限"), ("overdue", "已超期"), ("near", "临期"), ("open", "在办")],
    )
    unit = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    on = forms.DateField(
        label="受理日期", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
