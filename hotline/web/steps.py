"""The forms of all steps: one form a verb, handed to the action of the same name.

Every page that offers a step shows the form from here and posts it to `/tickets/<number>/<verb>/`.
"""

from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import Department, User
from city import selectors as city
from city.models import Region
from hotline.web.forms import DomainForm, long_text, segments
from hotline.web.reply_steps import ReleaseForm, ReplyForm, ReviewForm, SendReplyBackForm
from hotline.web.selects import LongSelect, UnitSelect, UnitsSelect
from hotline.web.step_form import MaybeNoteForm, NoteForm, StepForm
from hotline.web.uploads import FilesField, keep
from tickets import actions, policy, selectors
from tickets.actions.remarks import Contact
from tickets.models import CallbackAttempt, Contacted, Return, Satisfied, Solved, Ticket
from tickets.workflow import Kind, Unfit, Urgency

UNHAPPY_REASONS = (
    "未联系 未解决 解决不彻底 办理时间长 态度差 答复与事实不符 对政策不认可 其他".split()
)


def units(
    label: str, *, required: bool = True, **more: Any
) -> "forms.ModelChoiceField[Department]":
    """Make a field for one unit (单位)."""
    return forms.ModelChoiceField(
        selectors.lead_units(),
        label=label,
        required=required,
        empty_label=None if required else "不指定",
        to_field_name="code",
        widget=UnitSelect(attrs={"size": 6}),
        error_messages={"required": f"请选择{label}。", "invalid_choice": "这个单位不能选择。"},
        **more,
    )


def units_beside(**attrs: Any) -> "forms.ModelMultipleChoiceField[Department]":
    """Make a field for the units that help the one in the lead (协办单位)."""
    return forms.ModelMultipleChoiceField(
        selectors.lead_units(),
        label="协办单位",
        required=False,
        to_field_name="code",
        widget=UnitsSelect(attrs={"size": 4, **attrs}),
    )


class ScreenForm(MaybeNoteForm):
    """Settle what it is about (预审)."""

    verb = "screen"
    category = forms.ModelChoiceField(
        city.categories().filter(level__gte=2), label="事项分类", required=False, widget=LongSelect
    )
    urgency = segments("紧急程度", Urgency.choices, required=False)
    kind = forms.ChoiceField(label="诉求类型", choices=Kind.choices, required=False)
    region = forms.ModelChoiceField(
        Region.objects.exclude(level=Region.Level.CITY),
        label="区划",
        required=False,
        widget=LongSelect,
    )
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


class CallBackForm(StepForm):
    """Note a call-back with the three questions (回访)."""

    verb = "call_back"
    outcome = segments("接通情况", CallbackAttempt.Outcome.choices)
    contacted = segments("承办单位联系过您吗", Contacted.choices, required=False)
    solved = segments("问题解决了吗", Solved.choices, required=False)
    satisfied = segments("您对办理结果满意吗", Satisfied.choices, required=False)
    reasons = forms.MultipleChoiceField(
        label="不满意的原因",
        choices=[(reason, reason) for reason in UNHAPPY_REASONS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reasonable = forms.BooleanField(
        label="诉求合理（未解决或不满意时交承办单位重办）", required=False, initial=True
    )
    note = long_text("诉求人说了什么", rows=3, required=False)


class ReopenForm(NoteForm):
    """Have it handled anew (重办)."""

    verb = "reopen"


class CloseForm(NoteForm):
    """Close without a call-back (办结)."""

    verb = "close"


class SupplementForm(StepForm):
    """Add the citizen's further words (补充)."""

    verb = "supplement"
    text = long_text("补充内容", rows=3)
    attachments = FilesField("照片和材料")

    def clean_attachments(self) -> list[str]:
        """Keep what was sent."""
        return keep(self, "attachments", self.user)


class UrgeForm(MaybeNoteForm):
    """Ask to hurry (催办)."""

    verb = "urge"


class SuperviseForm(NoteForm):
    """Put under supervision (督办)."""

    verb = "supervise"


class DeclineForm(NoteForm):
    """Not take it on (不予受理)."""

    verb = "decline"
    reason = forms.ChoiceField(label="原因", choices=Unfit.choices)
    note = long_text("告知途径", rows=3, help_text="写明可以找谁、怎么办；诉求人会原样看到。")
    field_order = ("reason", "note")


class InvalidateForm(NoteForm):
    """Put aside what asks for nothing (标为无效)."""

    verb = "invalidate"


def other_ticket(user: User, number: str) -> Ticket:
    """Find the ticket of a number that was typed (另一件工单), among those USER may see."""
    found = policy.visible_to(user).filter(number=number.strip()).first()
    if found is None:
        raise forms.ValidationError("没有这个编号的工单，请核对。")
    return found


class MergeForm(NoteForm):
    """Answer it with another of the same matter (并单)."""

    verb = "merge"
    into = forms.CharField(
        label="并入工单编号",
        max_length=21,
        help_text="同一事项、尚未答复的工单；每位诉求人仍分别回访",
    )
    field_order = ("into", "note")

    def clean_into(self) -> Ticket:
        """Find the other ticket."""
        return other_ticket(self.user, self.cleaned_data["into"])


class UnmergeForm(NoteForm):
    """Handle it by itself again (撤销并单)."""

    verb = "unmerge"


class GatherForm(StepForm):
    """Say that it is the same matter as another (设为同一事件)."""

    verb = "gather"
    beside = forms.CharField(
        label="同一事件的工单编号",
        max_length=21,
        help_text="各件照常办理、分别回访，只是归在一起看",
    )
    note = long_text("说明", rows=2, required=False)

    def clean_beside(self) -> Ticket:
        """Find the other ticket."""
        return other_ticket(self.user, self.cleaned_data["beside"])


class PartForm(NoteForm):
    """Take it out of its incident (移出事件)."""

    verb = "part"


class WithdrawForm(StepForm):
    """Take it back on the citizen's wish (撤单)."""

    verb = "withdraw"
    reason = long_text("撤单原因", rows=2)


class RevealForm(DomainForm):
    """Why somebody wants to see the contact (查看联系方式)."""

    reason = forms.CharField(
        label="查看理由",
        max_length=200,
        help_text="查看会被记录",
        error_messages={"required": "请写明查看联系方式的理由，查看会被记录。"},
    )

    def reveal(self, ticket: Ticket, *, by: User, ip: str | None) -> Contact | None:
        """Show it where the form is in order; None otherwise."""
        found: list[Contact] = []
        if self.is_valid():
            reason = self.cleaned_data["reason"]
            self.attempt(lambda: found.append(actions.reveal(ticket, by=by, reason=reason, ip=ip)))
        return found[0] if found else None


FORMS: dict[str, type[StepForm]] = {
    form.verb: form
    for form in (
        ScreenForm,
        DispatchForm,
        TakeBackForm,
        RedirectForm,
        SignForm,
        SendBackForm,
        DecideReturnForm,
        DesignateForm,
        ReplyForm,
        ReleaseForm,
        SendReplyBackForm,
        ReviewForm,
        CallBackForm,
        ReopenForm,
        CloseForm,
        SupplementForm,
        UrgeForm,
        SuperviseForm,
        DeclineForm,
        InvalidateForm,
        MergeForm,
        UnmergeForm,
        GatherForm,
        PartForm,
        WithdrawForm,
    )
}


def offered(ticket: Ticket, user: User, *verbs: str) -> list[StepForm]:
    """The forms of the steps that the user may do now (下一步): all, or those named in order."""
    allowed = [step.verb for step in policy.allowed_steps(user, ticket) if step.verb in FORMS]
    chosen = [verb for verb in verbs if verb in allowed] if verbs else allowed
    return [FORMS[verb](None, ticket=ticket, user=user) for verb in chosen]
