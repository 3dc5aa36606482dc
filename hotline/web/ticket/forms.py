"""The form that narrows the list of tickets."""

from typing import Any

from django import forms

from tickets.assessment.behind import FIGURES
from tickets.models import Source
from tickets.workflow import Kind, Status


def _choice(label: str, choices: Any) -> forms.ChoiceField:
    """Make a choice that may be left open."""
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[("", f"全部{label}"), *choices],
        widget=forms.Select(attrs={"aria-label": label}),
    )


class NarrowForm(forms.Form):
    """What a list of tickets is narrowed by; an empty field narrows nothing."""

    status = _choice("状态", Status.choices)
    kind = _choice("类型", Kind.choices)
    source = _choice("来源", Source.choices)
    due = _choice("时限", [("overdue", "已超期"), ("near", "临期"), ("open", "在办")])
    figure = _choice("看板数字", [(name, label) for name, (label, _) in FIGURES.items()])
    unit = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    incident = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    on = forms.DateField(
        label="受理日期",
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "aria-label": "受理日期"}),
    )
