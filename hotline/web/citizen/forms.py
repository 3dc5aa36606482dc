"""Forms of the citizen's portal."""

import secrets
from typing import Any

from django import forms

from city.models import Region
from hotline.web import special
from hotline.web.forms import DomainForm, amended, long_text, segments
from hotline.web.uploads import FilesField, keep
from tickets import actions
from tickets.errors import Invalid, KeyReused
from tickets.models import Contacted, Satisfied, Solved, Source, Ticket
from tickets.numbers import code_fits
from tickets.workflow import Kind, Party

RESENT = "刚才的内容已经提交过了。如果这是另一件诉求，请再点一次提交；否则请到“查进度”查看。"
KINDS = [("", "由工作人员判断"), *(pair for pair in Kind.choices if pair[0] != Kind.OTHER)]


def one_time_token() -> str:
    """Make a token that names one submission (一次性令牌)."""
    return secrets.token_urlsafe(18)


class DemandForm(DomainForm):
    """What happened, where, and how to reach the citizen (我要反映)."""

    text = long_text(
        "发生了什么事",
        rows=7,
        help_text="请写清时间、经过和您的要求。最多 10000 字。",
        error_messages={"required": "请写明您要反映的事情。"},
        attrs={"autofocus": True},
    )
    place = forms.CharField(
        label="在哪里",
        required=False,
        help_text="例如：某某街道某某小区 3 号楼；不清楚门牌可写附近的路口、车站",
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    attachments = FilesField("照片、录音等材料")
    phone = forms.CharField(
        label="您的电话",
        required=False,
        help_text="用于联系您和告知结果；不留电话则不回访。",
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    name = forms.CharField(
        label="怎么称呼您",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    kind = forms.ChoiceField(label="诉求类型", choices=KINDS, required=False)
    region = forms.ModelChoiceField(
        Region.objects.filter(level__in=[Region.Level.DISTRICT, Region.Level.STREET]),
        label="所在区域",
        required=False,
        empty_label="不清楚",
    )
    anonymous = forms.BooleanField(
        label="匿名（限举报、建议；不留姓名电话，不回访，凭编号和查询码查看办理情况）",
        required=False,
    )
    confidential = forms.BooleanField(
        label="对我的姓名和电话保密（承办单位看不到）", required=False
    )
    public = forms.BooleanField(label="同意公开诉求内容和答复（隐去个人信息）", required=False)
    wants_callback = forms.BooleanField(label="办结后愿意接受回访", required=False, initial=True)
    token = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    folded = ("name", "kind", "region", "anonymous", "confidential", "public", "wants_callback")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("token", one_time_token())
        special.ask(self)

    @property
    def more(self) -> list[forms.BoundField]:
        """The fields folded under 补充信息."""
        return [self[name] for name in self.folded]

    @property
    def more_is_open(self) -> bool:
        """Tell whether something under the fold needs attention."""
        if not self.is_bound:
            return False
        wrong = any(name in self.errors for name in self.folded)
        return wrong or any(section.is_open for section in self.sections)

    @property
    def sections(self) -> list[special.Section]:
        """The special forms (专项表单)."""
        return special.sections(self)

    def clean_attachments(self) -> list[str]:
        """Keep what was sent."""
        return keep(self, "attachments", Party.CITIZEN)

    def submit(self) -> Ticket | None:
        """Hand the demand in (提交); the same token twice gives the same ticket."""
        if not self.is_valid():
            return None
        asked = {field.name for section in self.sections for field in section.fields}
        given = {name: self.cleaned_data[name] for name in self.cleaned_data if name not in asked}
        made: list[Ticket] = []
        try:
            self.attempt(lambda: made.append(_accept(**given, filling=special.filling_of(self))))
        except KeyReused:
            self.data = amended(self, token=one_time_token())
            self.add_error(None, RESENT)
        return made[0] if made else None


def _accept(*, token: str, kind: str, **given: Any) -> Ticket:
    return actions.accept(
        source=Source.WEB, by=Party.CITIZEN, idempotency_key=token, kind=kind or None, **given
    )


class LookUpForm(forms.Form):
    """Number and query code (查进度)."""

    number = forms.CharField(
        label="工单编号",
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": "请填写工单编号。"},
    )
    code = forms.CharField(
        label="查询码",
        max_length=20,
        help_text="提交后显示的 8 位字母和数字，不分大小写。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": "请填写查询码。"},
    )


class RemarkForm(DomainForm):
    """What a citizen may still do with a demand of his own; `act` hands it to the action."""

    def act(self, ticket: Ticket) -> bool:
        """Do it; False when something was refused."""
        return self.is_valid() and self.attempt(lambda: self.hand_in(ticket))

    def hand_in(self, ticket: Ticket) -> object:
        """Call the action with what was filled in."""
        raise NotImplementedError


class RatingForm(RemarkForm):
    """The three questions (评价)."""

    contacted = segments("承办单位联系过您吗", Contacted.choices)
    solved = segments("问题解决了吗", Solved.choices)
    satisfied = segments("您对办理结果满意吗", Satisfied.choices)
    text = long_text("还想说的话", rows=3, required=False)

    def hand_in(self, ticket: Ticket) -> object:
        """Rate (评价)."""
        return actions.rate(ticket, **self.cleaned_data)


class SupplementForm(RemarkForm):
    """More words about the same matter (补充)."""

    text = long_text("补充内容", rows=4)
    attachments = FilesField("照片、录音等材料")

    def clean_attachments(self) -> list[str]:
        """Keep what was sent."""
        return keep(self, "attachments", Party.CITIZEN)

    def hand_in(self, ticket: Ticket) -> object:
        """Add the words (补充)."""
        return actions.supplement(ticket, by=Party.CITIZEN, **self.cleaned_data)


class UrgeForm(RemarkForm):
    """Please hurry (催办)."""

    note = long_text("催办说明", rows=2, required=False)

    def hand_in(self, ticket: Ticket) -> object:
        """Urge (催办)."""
        return actions.urge(ticket, by=Party.CITIZEN, **self.cleaned_data)


class WithdrawForm(RemarkForm):
    """Take it back (撤单)."""

    reason = long_text("撤回原因", rows=2)
    code = forms.CharField(
        label="查询码",
        max_length=20,
        help_text="撤回须由您本人凭 8 位查询码确认。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": "请填写查询码。"},
    )
    sure = forms.BooleanField(
        label="确认撤回，撤回后不再办理", error_messages={"required": "请勾选确认。"}
    )

    def hand_in(self, ticket: Ticket) -> object:
        """Withdraw (撤单), if he knows the code."""
        if not code_fits(ticket.number, self.cleaned_data["code"]):
            raise Invalid(code="查询码不对，请核对。")
        return actions.withdraw(ticket, by=Party.CITIZEN, reason=self.cleaned_data["reason"])


class InformForm(SupplementForm):
    """What was missing (补齐要素)."""

    def hand_in(self, ticket: Ticket) -> object:
        """Complete the demand (补齐要素)."""
        return actions.inform(ticket, by=Party.CITIZEN, **self.cleaned_data)


class RespondForm(RemarkForm):
    """An answer to the unit's question (转达诉求人意见)."""

    text = long_text("您的答复", rows=3, help_text="承办单位会看到，请不要写能认出您的内容。")

    def hand_in(self, ticket: Ticket) -> object:
        """Answer (转达诉求人意见)."""
        return actions.respond(ticket, by=Party.CITIZEN, **self.cleaned_data)


class KeepForm(RemarkForm):
    """No, handle it on (不同意撤单)."""

    text = long_text("不同意撤回的理由", rows=2)

    def hand_in(self, ticket: Ticket) -> object:
        """Refuse to withdraw (不同意撤单)."""
        return actions.keep(ticket, **self.cleaned_data)


REMARKS: dict[str, tuple[str, type[RemarkForm]]] = {
    "inform": ("补充情况", InformForm),
    "respond": ("答复承办单位", RespondForm),
    "keep": ("不同意撤回", KeepForm),
    "rate": ("评价办理结果", RatingForm),
    "supplement": ("补充情况", SupplementForm),
    "urge": ("催办", UrgeForm),
    "withdraw": ("撤回诉求", WithdrawForm),
}
