"""The forms of a reply: written, released, sent back, accepted."""

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.urls import reverse

from hotline.web.forms import long_text, moment, segments
from hotline.web.selects import TemplateSelect
from hotline.web.step_form import MaybeNoteForm, NoteForm, StepForm
from hotline.web.uploads import FilesField, keep
from tickets import quality, selectors
from tickets.actions.recording import spoken_to
from tickets.models import HIMSELF, Reply, ReplyTemplate, Ticket
from tickets.quality import Check

CONTACT = {
    "contact_at": "已联系的，请填写联系时间。",
    "contact_person": "已联系的，请填写联系人。",
}


NEEDED = ("result", "attachments")
SPOKEN = ("contacted", "contact_at", "contact_person", "contact_note", "proofs")
MORE = ("facts", "public_text", "may_publish", "internal")
FILES = ("attachments", "proofs")


class ReplyForm(StepForm):
    """Answer the citizen (答复): what is needed first, the rest folded."""

    verb = "reply"
    template_name = "ticket/reply_fields.html"
    template = forms.ModelChoiceField(
        ReplyTemplate.objects.none(),
        label="答复模板",
        required=False,
        empty_label="不用模板",
        widget=TemplateSelect,
    )
    facts = long_text("调查核实情况", rows=3, required=False)
    result = segments("办理结果", Reply.Result.choices)
    contacted = forms.BooleanField(label="已联系诉求人", required=False)
    contact_at = moment("联系时间", required=False)
    contact_person = forms.CharField(label="联系人", required=False, max_length=50, initial=HIMSELF)
    contact_note = forms.CharField(
        label="联系情况", required=False, help_text="未联系的写明原因", max_length=200
    )
    text = long_text(
        "答复诉求人",
        rows=7,
        help_text="先称呼，再说核查经过、依据、结果和联系方式；诉求人会原样看到。",
    )
    public_text = long_text(
        "公开答复",
        rows=4,
        required=False,
        help_text="留空则公开上面的答复；姓名、电话、门牌自动隐去。",
    )
    may_publish = forms.BooleanField(label="同意公开", required=False, initial=True)
    internal = long_text("内部办理情况", rows=2, required=False, help_text="诉求人看不到")
    attachments = FilesField("办理照片和材料", camera=True)
    proofs = FilesField("联系诉求人的证据", help_text="通话截图、短信、签字等，诉求人看不到。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._take_over()
        self._offer_templates()
        self.fields["text"].widget.attrs |= {
            "hx-post": reverse("tickets:examine", args=[self.ticket.number]),
            "hx-trigger": "load, input changed delay:600ms, change from:#id_reply_contacted",
            "hx-target": f"#examined-{self.ticket.number}",
            "hx-params": "text,contacted",
        }

    def _take_over(self) -> None:
        """Begin with what is recorded; who was spoken to already is not asked again."""
        row = selectors.handling_of(self.ticket)
        if row:
            known = {"facts": row.findings, "result": row.result, "internal": row.account}
            self.initial.update(known)
        if not self.ticket.public:
            del self.fields["public_text"], self.fields["may_publish"]
        if spoken_to(self.ticket):
            for name in ("contacted", "contact_at", "contact_person"):
                del self.fields[name]
            self.fields["contact_note"].help_text = "已登记联系记录，可以补充"

    def _offer_templates(self) -> None:
        """Offer what is kept ready for the matter; nothing where nothing is."""
        fitting = selectors.templates_for(self.ticket)
        if not fitting:
            del self.fields["template"]
            return
        field = cast("forms.ModelChoiceField[ReplyTemplate]", self.fields["template"])
        field.queryset = ReplyTemplate.objects.filter(pk__in=[row.pk for row in fitting])
        field.choices = [("", "不用模板"), *((row.pk, row.name) for row in fitting)]
        address = reverse("tickets:wording", args=[self.ticket.number])
        cast("TemplateSelect", field.widget).address = address

    @property
    def needed(self) -> list[forms.BoundField]:
        """What stands below the words (必填)."""
        return self._these(*NEEDED)

    @property
    def spoken(self) -> list[forms.BoundField]:
        """What is asked of the contact (联系情况), where none is recorded."""
        return self._these(*SPOKEN) if "contacted" in self.fields else []

    @property
    def more(self) -> list[forms.BoundField]:
        """What may be left as it is (更多)."""
        return self._these(*MORE, *(() if "contacted" in self.fields else SPOKEN))

    @property
    def more_is_open(self) -> bool:
        """Tell whether something of it wants to be seen."""
        return any(field.errors for field in self.more)

    def _these(self, *names: str) -> list[forms.BoundField]:
        return [self[name] for name in names if name in self.fields]

    def worded(self) -> "ReplyForm":
        """Give the form with all that was typed and the chosen template's words (套用模板).

        Files that came with it wait under their keys, as when a form comes back.
        """
        said = self.data.dict() if isinstance(self.data, QueryDict) else {}
        fitting = {str(row.pk): row for row in selectors.templates_for(self.ticket)}
        chosen = fitting.get(str(said.get("template")))
        words = [str(said.get("text", "")).strip()]
        words += [selectors.filled(chosen, self.ticket)] if chosen else []
        fresh = ReplyForm(None, ticket=self.ticket, user=self.user)
        fresh.initial.update(said | {"text": "\n\n".join(part for part in words if part)})
        self.full_clean()
        for name in FILES:
            keys = cast("QueryDict", self.data).getlist(f"{name}_kept")
            fresh.initial[name] = ([], keys)
            for sentence in self.errors.get(name, []):
                fresh.fields[name].help_text = str(sentence)
        return fresh

    def _hand_in(self) -> object:
        self.cleaned_data.pop("template", None)
        return super()._hand_in()

    def clean(self) -> dict[str, Any]:
        """Want time and person where it is said that the citizen was spoken to."""
        said = super().clean() or {}
        if said.get("contacted"):
            for name, sentence in CONTACT.items():
                if not said.get(name) and name not in self.errors:
                    self.add_error(name, sentence)
        return said

    def clean_attachments(self) -> list[str]:
        """Keep what was sent."""
        return keep(self, "attachments", self.user)

    def clean_proofs(self) -> list[str]:
        """Keep what was sent."""
        return keep(self, "proofs", self.user)


def _to_be_public(ticket: Ticket) -> bool:
    """Tell whether citizen and unit agreed so far that the newest reply is published."""
    last = selectors.newest_reply(ticket) if ticket.public else None
    return last is not None and last.may_publish


class EndorseForm(MaybeNoteForm):
    """Sign the reply on its way to the last level (审签)."""

    verb = "endorse"


class ReleaseForm(MaybeNoteForm):
    """Let the reply out of the unit (单位审核)."""

    verb = "release"
    may_publish = forms.BooleanField(label="同意公开答复", required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not _to_be_public(self.ticket):
            del self.fields["may_publish"]


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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        last = None if self.is_bound else selectors.newest_reply(self.ticket)
        if last:
            self.initial["defects"] = quality.of_reply(self.ticket, last.text).grave


class ReviewForm(MaybeNoteForm):
    """Accept the reply (审核)."""

    verb = "review"
    publish = forms.BooleanField(
        label="同意公开答复", required=False, initial=True, help_text="公开的是隐去个人信息的那一稿"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not _to_be_public(self.ticket):
            del self.fields["publish"]
