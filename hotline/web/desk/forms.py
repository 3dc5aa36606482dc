"""What the agent fills in."""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms

from accounts.masking import mask_text
from accounts.models import User
from city import selectors as city
from hotline.calls.models import Call
from hotline.calls.selectors import calls_of
from hotline.web import special
from hotline.web.forms import DomainForm, long_text, moment, offer
from knowledge import actions as knowledge
from knowledge import policy as knowledge_policy
from knowledge.models import ArticleVersion, SearchLog
from tickets import actions, policy
from tickets.errors import KeyReused, Refusal
from tickets.models import Source, Ticket
from tickets.routing.door import Outcome
from tickets.workflow import Kind

MAX_TEXT = 10_000
MAX_NOTE = 200
MAX_BESIDE = 200
KEPT = {"data-keep": ""}
HEARD, LONGEST_CODE = ("outcome", "kind", "matter"), 10
CLOSES = {"emergency": Outcome.EMERGENCY, "invalid": Outcome.MALICIOUS}
SETTLED_BY_ANSWER = {Outcome.STATUTORY, Outcome.EXPLAIN}


class HeardField(forms.JSONField):
    """What the panel suggested when it was last asked (系统建议); what is unreadable is dropped."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> dict[str, str] | None:
        """Give outcome, kind and matter as codes, None without a known outcome."""
        try:
            told = super().clean(value)
        except forms.ValidationError:
            return None
        if not isinstance(told, dict) or told.get("outcome") not in Outcome.values:
            return None
        return {name: str(told.get(name, ""))[:LONGEST_CODE] for name in HEARD}


def _line(label: str, length: int, **attrs: str) -> forms.CharField:
    """Make a short field whose words are kept as a draft."""
    widget = forms.TextInput(attrs={"autocomplete": "off", **KEPT, **attrs})
    return forms.CharField(label=label, max_length=length, required=False, widget=widget)


class IntakeForm(DomainForm):
    """The caller's words and what belongs to them; only the words are required."""

    text = long_text(
        "诉求内容",
        rows=9,
        max_length=MAX_TEXT,
        error_messages={"required": "请先记录来电人反映的内容。"},
        attrs={"autofocus": "", "placeholder": "谁、什么时候、在哪里、出了什么事、希望怎么办"},
    )
    answer_text = long_text(
        "当场答复",
        rows=4,
        required=False,
        max_length=5_000,
        attrs={"placeholder": "能当场答复的写在这里，或从右侧采用一条答案"},
    )
    other_1 = long_text("第二件事", rows=3, required=False, max_length=MAX_TEXT, attrs=KEPT)
    other_2 = long_text("第三件事", rows=3, required=False, max_length=MAX_TEXT, attrs=KEPT)
    place = _line("地点", 200, placeholder="小区、路名、门牌；不详可留空")
    title = _line("标题", 100, placeholder="留空则取内容开头")
    name = _line("姓名", 50, placeholder="不愿透露可留空")
    phone = _line("联系电话", 30, inputmode="tel")
    kind = forms.ChoiceField(
        label="类型",
        choices=[("", "待定"), *Kind.choices],
        required=False,
        widget=forms.RadioSelect(attrs=KEPT),
    )
    category = forms.ModelChoiceField(
        city.categories().filter(level__gte=2),
        to_field_name="code",
        label="事项分类",
        required=False,
        empty_label="由系统判断",
        widget=forms.Select(attrs=KEPT),
        error_messages={"invalid_choice": "没有这个事项分类，请从建议中选择或留空。"},
    )
    anonymous = forms.BooleanField(
        label="匿名（限举报、建议，不留姓名电话）",
        required=False,
        widget=forms.CheckboxInput(attrs=KEPT),
    )
    confidential = forms.BooleanField(
        label="为来电人保密", required=False, widget=forms.CheckboxInput(attrs=KEPT)
    )
    wants_callback = forms.BooleanField(
        label="愿意接受回访", required=False, initial=True, widget=forms.CheckboxInput(attrs=KEPT)
    )
    article_version = forms.ModelChoiceField(
        ArticleVersion.objects.none(),
        required=False,
        widget=forms.HiddenInput(attrs=KEPT),
        error_messages={"invalid_choice": "所引用的知识已更新或下架，请重新采用一条答案。"},
    )
    accepted_at = moment(
        "当时的受理时间", required=False, help_text="停机、断线时记在纸上的，在这里补登"
    )
    token = forms.CharField(max_length=64, widget=forms.HiddenInput(attrs={"data-keep": "over"}))
    call = forms.ModelChoiceField(
        Call.objects.none(),
        required=False,
        error_messages={"invalid_choice": "这通电话不在您名下，请刷新页面。"},
    )

    hits = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    degraded = forms.BooleanField(required=False, widget=forms.HiddenInput)
    beside = forms.CharField(required=False, max_length=MAX_BESIDE)
    heard = HeardField(required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, user: User) -> None:
        super().__init__(data)
        special.ask(self)
        self.user = user
        self.initial["token"] = uuid.uuid4().hex
        offer(self, "call", calls_of(user))
        readable = knowledge_policy.visible_to(user)
        offer(self, "article_version", ArticleVersion.objects.filter(article__in=readable))

    @property
    def sections(self) -> list[special.Section]:
        """The special forms (专项表单)."""
        return special.sections(self)

    @property
    def cited(self) -> ArticleVersion | None:
        """The version that the answer cites, on a page that came back."""
        chosen = self["article_version"].value() or ""
        rows = ArticleVersion.objects.filter(article__in=knowledge_policy.visible_to(self.user))
        return rows.filter(pk=chosen).first() if str(chosen).isdecimal() else None

    def about(self) -> dict[str, Any]:
        """Give the arguments that accept and answer share."""
        data = self.cleaned_data
        names = ("text", "title", "place", "name", "phone", "category", "accepted_at")
        call = data["call"]
        return {
            **{name: data[name] for name in names},
            "kind": data["kind"] or None,
            "anonymous": data["anonymous"],
            "confidential": data["confidential"],
            "wants_callback": data["wants_callback"],
            "idempotency_key": data["token"],
            "call_id": call.pk if call else None,
        }

    def hand_in(self, *, answered: bool) -> Ticket | None:
        """Make a ticket (提交) or close with the answer (直接答复); None leaves the errors here."""
        made: list[Ticket] = []
        take = self._answer if answered else self._accept
        if not self.is_valid():
            return None
        try:
            self.attempt(lambda: made.append(take()))
        except KeyReused as refusal:
            self.refusal = refusal
            self.add_error(None, "这份登记已经提交过，内容又有改动；请再提交一次，将另立一件。")
            self.data = {**dict(self.data.items()), "token": uuid.uuid4().hex}
        return made[0] if made else None

    def take_others(self, first: Ticket) -> list[Ticket]:
        """Make a ticket of each further matter of the call (一事一单), linked to the first."""
        data, about = self.cleaned_data, self.about()
        about |= {
            "anonymous": False,
            "title": "",
            "place": "",
            "category": None,
            "kind": None,
            "split_from": first,
        }
        about |= {"source": Source.PHONE, "by": self.user}
        key = about.pop("idempotency_key")
        told = {name: data[name] for name in ("other_1", "other_2") if data[name].strip()}
        return [
            actions.accept(**about | {"text": words, "idempotency_key": f"{key}-{name}"})
            for name, words in told.items()
        ]

    def gather(self, ticket: Ticket) -> str:
        """Put the ticket beside those ticked as the same matter; "" or what stands in the way."""
        numbers = [number for number in self.cleaned_data["beside"].split(",") if number]
        others = policy.visible_to(self.user).filter(number__in=numbers)
        try:
            if others:
                actions.gather_all([ticket, *others], by=self.user)
        except Refusal as refusal:
            return f"工单已登记，但没有设为同一事件：{refusal}"
        return ""

    def note_search(self) -> None:
        """Note what the panel was asked last and which article was used (检索记录)."""
        data = self.cleaned_data
        if data["hits"] is None:
            return
        log = knowledge.log_search(
            data["text"],
            place=SearchLog.Place.DESK,
            hits=data["hits"],
            by=self.user,
            degraded=data["degraded"],
        )
        if data["article_version"]:
            knowledge.note_opened(log, data["article_version"].article)

    def note_confirmation(self, ticket: Ticket, *, answered: bool) -> None:
        """Note what the agent made of the suggestions (受理确认)."""
        heard = self.cleaned_data["heard"]
        if heard:
            followed = answered and heard["outcome"] in SETTLED_BY_ANSWER
            outcome = heard["outcome"] if followed else Outcome.ACCEPT
            actions.confirm(heard, outcome=outcome, by=self.user, ticket=ticket)

    def _accept(self) -> Ticket:
        filling = special.filling_of(self)
        return actions.accept(**self.about(), source=Source.PHONE, by=self.user, filling=filling)

    def _answer(self) -> Ticket:
        data = self.cleaned_data
        return actions.answer(
            **self.about(),
            source=Source.PHONE,
            by=self.user,
            answer_text=data["answer_text"],
            article_version=data["article_version"],
        )


class CloseForm(forms.Form):
    """Why a call ends without a ticket."""

    line = forms.ChoiceField(choices=[(n, n) for n in ("110", "119", "120", "122")], required=False)
    note = forms.CharField(max_length=MAX_NOTE - 10, required=False, label="说明")
    heard = HeardField(required=False)

    def words(self) -> str:
        """Give the note to keep with the call, personal data masked."""
        data = self.cleaned_data
        line = f"已转 {data['line']}。" if data["line"] else ""
        return mask_text(line + data["note"].strip())[:MAX_NOTE]

    def note_confirmation(self, disposition: str, by: User) -> None:
        """Note what the agent made of the suggestions (受理确认)."""
        heard = self.cleaned_data["heard"]
        if heard:
            actions.confirm(heard, outcome=CLOSES[disposition], by=by)


class AssistForm(forms.Form):
    """What was typed so far."""

    text = forms.CharField(max_length=MAX_TEXT, required=False)
    title = forms.CharField(max_length=100, required=False)
    place = forms.CharField(max_length=200, required=False)
    name = forms.CharField(max_length=50, required=False)
    phone = forms.CharField(max_length=30, required=False)
    category = forms.ModelChoiceField(city.categories(), to_field_name="code", required=False)
    beside = forms.CharField(max_length=MAX_BESIDE, required=False)
