"""Forms of the steps with the citizen: call-back, supplement, urging, withdrawal."""

from typing import Any

from django import forms

from hotline.web.forms import long_text, segments
from hotline.web.step_form import MaybeNoteForm, NoteForm, StepForm
from hotline.web.uploads import FilesField, keep
from tickets.models import CallbackAttempt, Contacted, Satisfied, Solved, Supervised

UNHAPPY_REASONS = (
    "未联系 未解决 解决不彻底 办理时间长 态度差 答复与事实不符 对政策不认可 其他".split()
)


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
    attachments = FilesField("照片和材料", camera=True)

    def clean_attachments(self) -> list[str]:
        """Keep what was sent."""
        return keep(self, "attachments", self.user)


class UrgeForm(MaybeNoteForm):
    """Ask to hurry (催办)."""

    verb = "urge"


class InstructForm(NoteForm):
    """Enter what a leader wrote on it (领导批示)."""

    verb = "instruct"
    leader = forms.CharField(
        label="批示领导", max_length=30, error_messages={"required": "请写明是哪位领导的批示。"}
    )
    note = long_text("批示内容", rows=3)
    field_order = ("leader", "note")


class SuperviseForm(NoteForm):
    """Put under supervision (督办)."""

    verb = "supervise"


class EscalateForm(NoteForm):
    """Raise the supervision by a level (提级督办)."""

    verb = "escalate"
    note = long_text("提级原因和要求", rows=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        level = self.ticket.supervise_level + 1
        if level in Supervised.values:
            said = f"提为“{Supervised(level).label}”，通知上一级单位，单位重新作书面说明"
            self.fields["note"].help_text = said


class ExplainForm(NoteForm):
    """Explain in writing under a leader's name (督办说明)."""

    verb = "explain"
    leader = forms.CharField(
        label="负责领导",
        max_length=30,
        error_messages={"required": "请写明负责督促办理的单位领导。"},
    )
    note = long_text("书面说明", rows=4, help_text="迟缓或不满意的原因、已采取的措施、何时办结")
    field_order = ("leader", "note")


class EndSupervisionForm(NoteForm):
    """End the supervision (解除督办)."""

    verb = "end_supervision"
    note = long_text("督办结果", rows=3)


class WithdrawForm(StepForm):
    """Take it back on the citizen's wish (撤单)."""

    verb = "withdraw"
    reason = long_text("撤单原因", rows=2)
