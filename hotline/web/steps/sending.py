"""Forms of the steps that bring a ticket to its unit."""

from typing import Any

from django import forms
from django.utils import timezone

from hotline.web.forms import long_text, segments
from hotline.web.step_form import MaybeNoteForm, NoteForm, StepForm
from hotline.web.steps.fields import matter, region, units, units_beside
from tickets.models import Return
from tickets.workflow import Kind, Urgency


class ScreenForm(MaybeNoteForm):
    """Settle what it is about (预审)."""

    verb = "screen"
    category = matter()
    urgency = segments("紧急程度", Urgency.choices, required=False)
    kind = forms.ChoiceField(label="诉求类型", choices=Kind.choices, required=False)
    region = region()
    field_order = ("category", "kind", "urgency", "region", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("category", "urgency", "kind", "region"):
            self.initial[name] = getattr(self.ticket, name)


class DispatchForm(MaybeNoteForm):
    """Give it to the unit responsible (派单)."""

    verb = "dispatch"
    to = units("主办单位")
    assisting = units_beside(**{"data-key": "a", "data-key-label": "加协办单位"})
    field_order = ("to", "assisting", "note")


class TakeBackForm(StepForm):
    """Undo a dispatch of the last minute (撤回派单)."""

    verb = "take_back"


class RedirectForm(MaybeNoteForm):
    """Give it to another unit (改派)."""

    verb = "redirect"
    to = units("改派单位")
    field_order = ("to", "note")


class SignForm(StepForm):
    """Acknowledge receipt (签收)."""

    verb = "sign"


class SendBackForm(StepForm):
    """Not our duty (退单)."""

    verb = "send_back"
    code = segments("退单类别", Return.Code.choices)
    reason = long_text("退单理由", rows=3)
    basis = forms.CharField(label="职责依据", help_text="法规、三定方案或派单目录的条款")
    suggest = units("建议单位", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.ticket.return_due_at:
            until = timezone.localtime(self.ticket.return_due_at)
            self.fields["code"].help_text = f"可在 {until:%m月%d日 %H:%M} 前申请，期间办理时限照算"


class DecideReturnForm(StepForm):
    """Decide on a return (退单裁决)."""

    verb = "decide_return"
    accepted = segments("裁决", [("yes", "同意退单"), ("no", "不同意，由该单位办理")])
    note = long_text("裁决理由", rows=3)

    def clean_accepted(self) -> bool:
        """Turn the answer into a yes or no."""
        return bool(self.cleaned_data["accepted"] == "yes")


class DesignateForm(NoteForm):
    """Settle a dispute (指定办理)."""

    verb = "designate"
    to = units("指定主办单位", required=False, help_text="不指定的，由首接单位牵头办理；不得再退单")
    assisting = units_beside()
    as_duty = forms.BooleanField(label="提请列入派单目录（存为草稿，另一人审核）", required=False)
    field_order = ("to", "assisting", "note", "as_duty")
