"""Forms of what a unit does before it answers: whom it spoke to, what it established."""

from typing import Any, cast

from django import forms

from accounts.models import Role, User
from accounts.selectors import members
from hotline.calls.models import Call
from hotline.calls.selectors import calls_with
from hotline.web.forms import long_text, moment, offer, segments
from hotline.web.step_form import MaybeNoteForm, StepForm
from hotline.web.uploads import FilesField, keep
from tickets import actions, selectors
from tickets.models import HIMSELF, ContactAttempt, Handling, Means, Reply


class ContactForm(StepForm):
    """Note a try to speak to the citizen (联系诉求人)."""

    verb = "contact"
    outcome = segments("联系结果", ContactAttempt.Outcome.choices)
    contact_at = moment("联系时间")
    means = segments("联系方式", Means.choices, initial=Means.PHONE)
    person = forms.CharField(
        label="联系人", required=False, max_length=50, initial=HIMSELF, help_text="接听或见面的人"
    )
    phone = forms.CharField(
        label="联系号码", required=False, max_length=30, help_text="留空表示工单上的号码"
    )
    said = long_text("沟通情况", rows=3, required=False)
    call = forms.ModelChoiceField(
        Call.objects.none(),
        label="通话记录",
        required=False,
        empty_label="不是用热线电话联系的",
        help_text="选了通话的，时间和号码以通话为准",
    )
    proofs = FilesField("联系证据", help_text="通话截图、短信、签字等，诉求人看不到。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        calls = calls_with(self.ticket, self.user)
        offer(self, "call", calls)
        if calls:
            self.fields["contact_at"].required = False
        else:
            del self.fields["call"]

    def clean_proofs(self) -> list[str]:
        """Keep what was sent."""
        return keep(self, "proofs", self.user)

    def _hand_in(self) -> object:
        said = dict(self.cleaned_data)
        proofs, version = said.pop("proofs"), said.pop("version")
        call, at = said.pop("call", None), said.pop("contact_at")
        if call:
            at = call.answered_at
            said |= {"phone": call.number, "means": Means.PHONE, "call_id": call.pk}
        spoken = actions.Spoken(at, **said)
        return actions.contact(
            self.ticket, spoken=spoken, proofs=proofs, by=self.user, version=version
        )


class RecordForm(StepForm):
    """Keep what the unit has established so far (办理记录)."""

    verb = "record"
    grounded = segments("诉求是否属实", Handling.Grounded.choices, required=False)
    findings = long_text(
        "核查情况", rows=3, required=False, help_text="部分属实或不属实的必须写明。"
    )
    visited_at = moment("现场查看时间", required=False)
    responsibility = forms.CharField(label="责任判断", required=False, max_length=200)
    beyond_duty = forms.BooleanField(label="超出职责的诉求", required=False)
    beyond_note = forms.CharField(label="超出职责的说明", required=False, max_length=200)
    account = long_text(
        "办理经过", rows=3, required=False, help_text="只给工作人员看，答复时可以带出。"
    )
    result = segments("办理结果", Reply.Result.choices, required=False)
    unsolved_reason = forms.CharField(label="未解决原因", required=False, max_length=200)
    reply_by = segments("答复方式", Means.choices, required=False)
    may_publish = forms.BooleanField(label="建议公开答复", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = selectors.handling_of(self.ticket)
        for name in actions.Findings.__dataclass_fields__ if row else ():
            self.initial[name] = getattr(row, name)

    def _hand_in(self) -> object:
        said = dict(self.cleaned_data)
        version = said.pop("version")
        findings = actions.Findings(**said)
        return actions.record(self.ticket, findings=findings, by=self.user, version=version)


class HandOverForm(MaybeNoteForm):
    """Give it to a colleague of the unit (转交承办人)."""

    verb = "hand_over"
    to = forms.ModelChoiceField(
        User.objects.none(),
        label="承办人",
        error_messages={"required": "请选择承办人。", "invalid_choice": "请选择本单位的承办人。"},
    )
    field_order = ("to", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.ticket.lead:
            chosen = cast("forms.ModelChoiceField[User]", self.fields["to"])
            chosen.queryset = members(self.ticket.lead, Role.HANDLER)
