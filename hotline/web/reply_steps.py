"""The forms of a reply: written, released, sent back, accepted."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.urls import reverse

from accounts.models import User
from hotline.web.forms import long_text, segments
from hotline.web.step_form import MaybeNoteForm, NoteForm, StepForm
from tickets import quality, selectors
from tickets.models import Reply, Ticket
from tickets.quality import Check


class ReplyForm(StepForm):
    """Answer the citizen (答复)."""

    verb = "reply"
    facts = long_text("调查核实情况", rows=3, required=False)
    result = segments("办理结果", Reply.Result.choices)
    contacted = forms.BooleanField(label="已联系诉求人", required=False)
    contact_note = forms.CharField(
        label="联系情况", required=False, help_text="未联系的写明原因", max_length=200
    )
    text = long_text(
        "答复诉求人",
        rows=7,
        help_text="先称呼，再说核查经过、依据、结果和联系方式；诉求人会原样看到。",
    )
    internal = long_text("内部办理情况", rows=2, required=False, help_text="诉求人看不到")

    def __init__(self, data: Mapping[str, Any] | None, *, ticket: Ticket, user: User) -> None:
        super().__init__(data, ticket=ticket, user=user)
        self.fields["text"].widget.attrs |= {
            "hx-post": reverse("tickets:examine", args=[ticket.number]),
            "hx-trigger": "load, input changed delay:600ms",
            "hx-target": f"#examined-{ticket.number}",
            "hx-params": "text",
        }


class ReleaseForm(MaybeNoteForm):
    """Let the reply out of the unit (单位审核)."""

    verb = "release"


class SendReplyBackForm(NoteForm):
    """Have the reply written anew (退回重写)."""

    verb = "send_reply_back"
    defects = forms.MultipleChoiceField(
        label="问题",
        choices=Check.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ("defects", "note")

    def __init__(self, data: Mapping[str, Any] | None, *, ticket: Ticket, user: User) -> None:
        super().__init__(data, ticket=ticket, user=user)
        last = selectors.newest_reply(ticket)
        if last:
            self.initial["defects"] = quality.of_reply(ticket, last.text).grave


class ReviewForm(MaybeNoteForm):
    """Accept the reply (审核)."""

    verb = "review"
