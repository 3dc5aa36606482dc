"""What a list of work is asked for, all of it in its address, and the views that are kept."""

from typing import Any, cast

from django import forms
from django.http import QueryDict

from accounts.models import User
from city import selectors as city
from hotline.web.bulk import ChosenField
from hotline.web.forms import offer
from hotline.web.selects import LongSelect
from tickets import selectors
from tickets.models import Source
from tickets.models.finding import QUERY_LENGTH
from tickets.workflow import Status, Urgency

CLOCKS = [("today", "今日到期"), ("near", "临期"), ("overdue", "已超期")]
FINEST = 2  # the level of matters on which duty is said


def _choice(label: str, choices: Any) -> forms.ChoiceField:
    """Make a choice that may be left open."""
    widget = forms.Select(attrs={"aria-label": label})
    return forms.ChoiceField(
        label=label, required=False, choices=[("", f"全部{label}"), *choices], widget=widget
    )


def _rows(label: str, key: str) -> "forms.ModelChoiceField[Any]":
    """Make a choice among rows that may be left open; which rows is said later."""
    return forms.ModelChoiceField(
        city.categories(0),
        label=label,
        required=False,
        to_field_name=key,
        empty_label=f"全部{label}",
        widget=LongSelect(attrs={"aria-label": label}),
    )


def _day(label: str) -> forms.DateField:
    """Make a date that may be left open."""
    widget = forms.DateInput(attrs={"type": "date", "aria-label": label})
    return forms.DateField(label=label, required=False, widget=widget)


class WorkForm(forms.Form):
    """The question of the list's address; what is not understood narrows nothing."""

    list = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    due = forms.ChoiceField(required=False, choices=CLOCKS, widget=forms.HiddenInput)
    status = _choice("状态", Status.choices)
    unit = _rows("单位", "code")
    category = _rows("事项", "code")
    urgency = _choice("紧急程度", Urgency.choices)
    source = _choice("来源", Source.choices)
    since = _day("受理日期从")
    until = _day("受理日期到")
    mine = forms.BooleanField(label="我承办的", required=False)

    def __init__(self, data: QueryDict, *, user: User) -> None:
        super().__init__(data, auto_id="narrow_%s")
        lists = selectors.worklists_of(user)
        states = [state for state in Status if any(state in row.statuses for row in lists)]
        self.offers("list", [(row.name, row.label) for row in lists])
        self.offers("status", [("", "全部状态"), *((s.value, s.label) for s in states)])
        offer(self, "unit", selectors.units_below(user))
        offer(self, "category", city.categories().filter(level__lte=FINEST))

    def offers(self, name: str, choices: Any) -> None:
        """Let a choice offer these."""
        cast("forms.ChoiceField", self.fields[name]).choices = choices

    def asked(self) -> dict[str, Any]:
        """Give what was understood."""
        self.is_valid()
        return self.cleaned_data


class ChosenForm(forms.Form):
    """The rows that were ticked."""

    chosen = ChosenField()


class ViewForm(forms.Form):
    """A name for the list as it is narrowed now."""

    name = forms.CharField(label="名称", max_length=30)
    query = forms.CharField(max_length=QUERY_LENGTH, widget=forms.HiddenInput)

    def clean_query(self) -> str:
        """Keep only what the list understands, and where it is narrowed at all."""
        kept = QueryDict(self.cleaned_data["query"], mutable=True)
        for name in set(kept):
            if name not in WorkForm.base_fields or not kept[name]:
                kept.pop(name)
        if not kept:
            raise forms.ValidationError("先选择条件，再保存为常用视图。")
        return kept.urlencode()
