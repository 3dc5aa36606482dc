"""Forms of the steps for what takes long: more days, a promised day, and going on."""

from typing import Any

from django import forms
from django.utils import timezone

from city import selectors as city
from city.models import Parameter
from hotline.web.forms import long_text, segments
from hotline.web.step_form import NoteForm, StepForm
from hotline.web.uploads import FilesField, keep
from tickets.models import Promise

GRANTED = [("yes", "同意"), ("no", "不同意")]


class _Asking(StepForm):
    """What every request says: why, and how the citizen was told."""

    note = long_text("理由", rows=3)
    told = long_text("告知诉求人情况", rows=2, help_text="何时、以何种方式、告知了何人")
    proofs = FilesField("告知凭证")

    def clean_proofs(self) -> list[str]:
        """Keep what was sent."""
        return keep(self, "proofs", self.user)


class _Deciding(NoteForm):
    """What every decision says."""

    accepted = segments("审批", GRANTED)
    field_order = ("accepted", "note")

    def clean_accepted(self) -> bool:
        """Turn the answer into a yes or no."""
        return bool(self.cleaned_data["accepted"] == "yes")


class ExtendForm(_Asking):
    """Ask for more days (申请延期)."""

    verb = "extend"
    days = forms.IntegerField(label="延长（工作日）", min_value=1)
    field_order = ("days", "note", "told", "proofs")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = city.number(Parameter.Name.EXTENSION_DAYS)
        unit = city.number(Parameter.Name.EXTENSION_UNIT_DAYS)
        self.fields["days"].help_text = f"最多 {most} 天；超过 {unit} 天由督办审批"


class DecideExtensionForm(_Deciding):
    """Decide on an extension (延期审批)."""

    verb = "decide_extension"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = self.ticket.extensions.filter(accepted=None).first()
        if asked:
            said = f"申请延长 {asked.days} 个工作日：{asked.reason}（告知情况：{asked.told}）"
            self.fields["accepted"].help_text = said


class PromiseForm(_Asking):
    """Promise a day (承诺办理)."""

    verb = "promise"
    code = segments("原因", Promise.Code.choices)
    promised_on = forms.DateField(
        label="承诺日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    note = long_text("办理计划", rows=3)
    field_order = ("code", "promised_on", "note", "told", "proofs")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = city.number(Parameter.Name.PROMISE_MONTHS)
        self.fields["promised_on"].help_text = f"{months} 个月以内；督办同意后停表，每月填报进展"
        self.fields["promised_on"].widget.attrs["min"] = timezone.localdate().isoformat()


class SuspendForm(_Deciding):
    """Decide on a promise (挂起审批)."""

    verb = "suspend"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = self.ticket.promises.filter(accepted=None).first()
        if asked:
            said = f"{asked.get_code_display()}，承诺至 {asked.promised_on:%Y-%m-%d}"
            self.fields["accepted"].help_text = f"{said}：{asked.reason}（告知情况：{asked.told}）"


class NoteProgressForm(NoteForm):
    """Note how far it is (填报进展)."""

    verb = "note_progress"
    note = long_text("进展", rows=3)


class ResumeForm(NoteForm):
    """Let the clocks go on (恢复办理)."""

    verb = "resume"
