"""Forms of the steps of units beside the lead: assisting units, and those handed a ticket."""

from typing import Any

from django import forms

from accounts.models import Department
from accounts.selectors import ids_from
from hotline.web.forms import long_text, offer
from hotline.web.selects import UnitsSelect
from hotline.web.step_form import MaybeNoteForm, NoteForm, StepForm
from hotline.web.steps.fields import units_beside
from tickets import actions, policy, selectors
from tickets.models import Assignment


class TurnForm(StepForm):
    """A step at one unit's turn; asked for only where there are several."""

    turn = forms.ModelChoiceField(
        Assignment.objects.select_related("department"),
        label="单位",
        required=False,
        empty_label=None,
        error_messages={"invalid_choice": "该单位的承办情况已经变了，请刷新页面再看。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.turns = policy.turns_for(self.user, self.step, self.ticket)
        offer(
            self,
            "turn",
            Assignment.objects.select_related("department").filter(
                pk__in=[turn.pk for turn in self.turns]
            ),
        )
        if len(self.turns) < 2:
            self.fields["turn"].widget = forms.HiddenInput()
        self.initial["turn"] = self.turns[0].pk if self.turns else None


class CallInForm(NoteForm):
    """Have further units assist (加派协办)."""

    verb = "call_in"
    assisting = units_beside(
        required="请选择协办单位。", help_text="各有自己的办理期限，不晚于主办单位的期限。"
    )
    field_order = ("assisting", "note")


class ReceiveForm(TurnForm):
    """Acknowledge receipt for an assisting or lower unit (接收)."""

    verb = "receive"


class AdviseForm(TurnForm):
    """Give the unit's opinion (反馈意见); what came up from below is there to go on."""

    verb = "advise"
    text = long_text(
        "反馈意见",
        rows=5,
        max_length=actions.MAX_OPINION,
        help_text="写明核查情况、本单位职责范围内的处理和建议，供主办（上级）单位汇总答复。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.turns:
            self.initial["text"] = selectors.summed_up(self.turns[0])


class RecallForm(TurnForm, NoteForm):
    """Call an assisting unit off (撤回协办)."""

    verb = "recall"
    field_order = ("turn", "note")


class WaiveForm(TurnForm, NoteForm):
    """Do without an assisting unit's opinion (免予协办)."""

    verb = "waive"
    field_order = ("turn", "note")


class SubDispatchForm(TurnForm, MaybeNoteForm):
    """Hand it down to units below (下派); which of them have it already the action knows."""

    verb = "sub_dispatch"
    to = forms.ModelMultipleChoiceField(
        Department.objects.none(),
        label="下派单位",
        to_field_name="code",
        widget=UnitsSelect(attrs={"size": 6}),
        help_text="可多选；本单位的期限不变，由本单位汇总答复。",
        error_messages={"required": "请选择下派单位。", "invalid_choice": "这个单位不能选择。"},
    )
    field_order = ("turn", "to", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = {turn.department for turn in self.turns}
        below = {pk for unit in units for pk in ids_from(unit)} - {unit.pk for unit in units}
        offer(self, "to", Department.objects.filter(pk__in=below))


class SendUpForm(TurnForm):
    """Give it back one level up (退回上级)."""

    verb = "send_up"
    reason = long_text("退回理由", rows=3)


class TakeOverForm(TurnForm, NoteForm):
    """Take back what was handed down (收回下派)."""

    verb = "take_over"
    field_order = ("turn", "note")
