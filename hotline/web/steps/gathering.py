"""Forms of the steps that put tickets aside, together or apart."""

from typing import Any

from django import forms

from city import selectors as city
from city.memo import Memo
from hotline.web.forms import long_text
from hotline.web.selects import KeptField
from hotline.web.step_form import NoteForm, StepForm
from hotline.web.steps.fields import other_ticket
from tickets import actions
from tickets.actions.splitting import FEWEST
from tickets.models import Ticket
from tickets.workflow import Unfit

MOST_PARTS = 4


class DeclineForm(NoteForm):
    """Not take it on (不予受理)."""

    verb = "decline"
    reason = forms.ChoiceField(label="原因", choices=Unfit.choices)
    note = long_text("告知途径", rows=3, help_text="写明可以找谁、怎么办；诉求人会原样看到。")
    field_order = ("reason", "note")


class InvalidateForm(NoteForm):
    """Put aside what asks for nothing (标为无效)."""

    verb = "invalidate"


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


SECOND_LEVEL = Memo(lambda: list(city.categories(2)))


class SplitForm(StepForm):
    """Make a ticket of each matter (拆单)."""

    verb = "split"
    note = long_text("说明", rows=2, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n in range(1, MOST_PARTS + 1):
            needed = n <= FEWEST
            words = long_text(f"第 {n} 件的内容", rows=3, required=needed)
            if n == 1:
                words.help_text = "每件写明时间、地点和要求；诉求人的原话每件都保留"
            self.fields[f"text_{n}"] = words
            self.fields[f"category_{n}"] = KeptField(
                SECOND_LEVEL,
                city.categories(2),
                label=f"第 {n} 件的事项",
                required=False,
                empty_label="由系统判断",
                to_field_name="code",
            )
        self.order_fields([name for name in self.fields if name != "note"])

    def _hand_in(self) -> object:
        data = self.cleaned_data
        parts = [
            actions.Matter(data[f"text_{n}"], data[f"category_{n}"])
            for n in range(1, MOST_PARTS + 1)
        ]
        return actions.split(
            self.ticket, parts=parts, by=self.user, note=data["note"], version=data["version"]
        )


class UnsplitForm(NoteForm):
    """Join the parts again (撤销拆单)."""

    verb = "unsplit"


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
