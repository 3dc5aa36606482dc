"""Nine checks on a unit's reply (答复质检): hints for people, with the words they rest on.

Nothing is refused here: the handler, the auditor and the reviewer decide. The nine and the three
outcomes are those of domain §10.3.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from django.db.models import TextChoices

from accounts.masking import personal_in
from search import analysis
from tickets.models import ContactAttempt, Ticket
from tickets.models.wording import SLOT
from tickets.routing.hazards import hazard_of

Span = tuple[int, int]


class Check(TextChoices):
    """What may be wrong with a reply (质检项); also the defects a reviewer names (退回原因)."""

    OVERPROMISE = "overpromise", "过度承诺"
    DEADLINE = "deadline", "时限承诺"
    ABSOLUTE = "absolute", "绝对化用语"
    PRIVACY = "privacy", "隐私泄露"
    SHIFTING = "shifting", "推诿表述"
    OFF_TOPIC = "off_topic", "未正面回应诉求"
    UNSAFE = "unsafe", "缺安全提示"
    UNSOURCED = "unsourced", "政策引用不可溯"
    INCOMPLETE = "incomplete", "规范要素缺失"


class Outcome(StrEnum):
    """What the checks advise (质检建议)."""

    PASS = "可以通过"  # noqa: S105  # no password
    IMPROVE = "建议修改"
    SEND_BACK = "建议退回"


class Risk(StrEnum):
    """How much harm the reply may do as it stands (风险)."""

    LOW = "低"
    MIDDLE = "中"
    HIGH = "高"


_OUTCOME = {Risk.LOW: Outcome.PASS, Risk.MIDDLE: Outcome.IMPROVE, Risk.HIGH: Outcome.SEND_BACK}


class Finding(NamedTuple):
    """One thing found: which check, how grave, what to do, and where in the text."""

    check: Check
    risk: Risk
    hint: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """What the checks say of one text."""

    text: str
    findings: tuple[Finding, ...]

    @property
    def risk(self) -> Risk:
        """The gravest of the findings."""
        order = list(Risk)
        return max((f.risk for f in self.findings), key=order.index, default=Risk.LOW)

    @property
    def outcome(self) -> Outcome:
        """Let small things pass with a hint, send grave ones back, have the others improved."""
        return _OUTCOME[self.risk]

    @property
    def grave(self) -> list[str]:
        """The checks that alone are a reason to send it back, as codes."""
        return [f.check.value for f in self.findings if f.risk == Risk.HIGH]

    @property
    def marked(self) -> list[tuple[str, str]]:
        """The text in pieces, each with the names of the checks it fails (标注)."""
        edges = {0, len(self.text)} | {at for f in self.findings for span in f.spans for at in span}
        cut = sorted(edges)
        return [(self.text[a:b], self._names(a)) for a, b in pairwise(cut)]

    def _names(self, at: int) -> str:
        held = (f for f in self.findings if any(start <= at < end for start, end in f.spans))
        return "、".join(dict.fromkeys(f.check.label for f in held))


_TERM = (
    r"(?:\d{1,3}|[一二两三四五六七八九十半]{1,3})个?"
    r"(?:工作日|天|日|小时|周|星期|月)(?:之内|以内|内)"
)
_SOON = (
    r"(?:今天|明天|后天|本周|下周|本月|下个?月|月底|年底|年内|近日|近期|\d{1,2}月(?:\d{1,2}日)?)"
)
_FIX = r"(?:完成|解决|修复|修好|整改|恢复|处理完毕|到位|拆除|清运)"
_LAW = r"(?:规定|政策|条例|办法|文件|通知|法律|法规|标准|要求)"

_OVERPROMISE = re.compile(
    r"(?:我们|我[局司队镇乡办区处所]|我(?:单位|街道|中心|社区)|本单位|向您)[^，。；！？\n]{0,4}"
    r"(?:保证|承诺|担保)(?!金|书|期|人)[^，。；！？\n]{0,12}"
    r"|保证(?:今后|以后|一定|绝不|不再|不会再|您)[^，。；！？\n]{0,10}"
    r"|一定会?(?:彻底)?(?:解决|办好|处理好|满意)|百分之百|百分百|100%|包您满意|绝不再|确保(?:今后)?不再"
    r"|彻底(?:解决|根治|杜绝)|负责到底"
)
_DEADLINE = re.compile(
    rf"(?<!已于)(?<!已在)(?<!曾于)(?<!\d){_TERM}(?:(?!已)[^，。；！？\n]){{0,8}}{_FIX}|(?:将|会|预计|计划)[于在]?{_SOON}"
    rf"[^，。；！？\n]{{0,10}}{_FIX}|(?<!已于)(?<!已在)(?<!上)(?<!\d){_SOON}[^，。；！？\n]{{0,4}}(?:之)?前[^，。；！？\n]{{0,8}}{_FIX}"
)
_ABSOLUTE = re.compile(
    r"绝对(?!值)|(?<!是否)完全(?:没有|不存在|不可能|符合|合格)|从来(?:没有|不)|从未|永远|任何(?:问题|影响|隐患)"
    r"|毫无|万无一失|零(?:投诉|风险|隐患|污染)|没有任何|不可能(?:有|存在|发生)"
)
_SHIFTING = re.compile(
    r"不归我[们局]?[^，。；！？\n]{0,4}|不(?:是|属于)我(?:们|局|单位|街道|部门)[^，。；！？\n]{0,10}"
    r"|不在我[^，。；！？\n]{0,6}职责[^，。；！？\n]{0,4}|与我(?:们|局|单位|街道|部门)无关"
    r"|(?:我们|我局|我单位|(?<=[，。；！？\n]))[也确实暂]{0,2}(?:管不了|无能为力|没有?办法(?:处理|解决))"
    r"|爱莫能助|[请您议须需应]您?自行(?:联系|解决|协商|承担|处理|咨询)|(?:请|建议)您?(?:直接)?(?:向|找|到)[^，。；！？\n]{2,14}"
    r"(?:反映|投诉|举报)"
)
_SAFETY = re.compile(
    r"安全|警示|围挡|围护|注意|远离|切勿|请勿|不要靠近|疏散|绕行|关闭.{0,4}(?:阀|电源|闸)|隐患|抢修|1[12][09]|122"
)
_CITED = re.compile(
    rf"(?:根据|依据|按照|依照|按|遵照)(?!要求)(?P<what>[^，。；！？\n]{{0,24}}?{_LAW})|(?:有关|相关){_LAW}"
)
_SPOKEN = re.compile(
    r"(?:已|经)[^，。；！？\n]{0,8}(?:联系|致电|电话告知|当面告知|电话沟通|当面沟通)"
    r"[^，。；！？\n]{0,4}(?:您|你|诉求人|来电人|反映人|市民|当事人)"
)
_DOOR = re.compile(r"\d+(?:栋|幢|号楼|单元)[^，。；！？\s]{0,6}?\d{3,4}[室户]")
_TRACEABLE = re.compile(
    r"《[^》]{2,}》|[〔\[（(]\d{4}[〕\])）]\s*\d+\s*号|第[\d一二三四五六七八九十百]+条"
)

ELEMENTS: dict[str, re.Pattern[str]] = {
    "称谓": re.compile(
        r"^\s*(?:尊敬的|亲爱的)?[^，。：:！\n]{0,12}(?:市民|先生|女士|同志|您好|你好|网友|网民|业主|家长|来信人|诉求人)"
    ),
    "核查经过": re.compile(
        r"经[^，。；！？\n]{0,10}(?:核实|核查|调查|了解|查|勘)|现场(?:查看|核查|检查|勘查|走访|核实)"
        r"|(?:前往|赶赴|到达|赴)[^，。；！？\n]{0,12}现场|实地|核实|调查|走访|询问"
    ),
    "依据": re.compile(rf"《|根据|依据|按照|依照|{_LAW}"),
    "结果": re.compile(
        r"已(?:经|于|对|向|将|责令|要求|完成|安排)?|目前|现(?:已|场)|责令|处理|整改|修复|完成|办理|将(?:于|在|对|会)"
    ),
    "联系方式": re.compile(r"(?:电话|热线|联系|咨询|致电|拨打)[^，。；！？\n]{0,16}\d{3,}"),
}
"""What a reply has in order: address, inquiry, ground, result, contact (规范要素)."""
MANY_MISSING = 3
FEW_WORDS = 3
"""A demand of fewer telling words than this is too short to compare with."""
SHARED = 2


def examine(text: str, *, demand: str, hazard: bool = False) -> Verdict:
    """Examine a reply to a demand (质检); `hazard` tells that somebody may be in danger.

    The spans of a finding are places in `text`. Never raises, whatever the text.
    """
    found = [
        *_said(Check.OVERPROMISE, Risk.MIDDLE, _OVERPROMISE, text, "改成已做的事和能做到的事"),
        *_said(Check.DEADLINE, Risk.LOW, _DEADLINE, text, "写了时限就要兑现：请核实，或登记为承诺"),
        *_said(Check.ABSOLUTE, Risk.LOW, _ABSOLUTE, text, "改成查到的具体情况"),
        *_said(
            Check.SHIFTING, Risk.HIGH, _SHIFTING, text, "写明谁负责、已怎样转交；不属职责的应当退单"
        ),
        *_private(text),
        *_off_topic(text, demand),
        *_unsafe(text, hazard=hazard),
        *_unsourced(text),
        *_incomplete(text),
        *_open_slots(text),
    ]
    order = list(Check)
    return Verdict(text, tuple(sorted(found, key=lambda f: order.index(f.check))))


def of_reply(ticket: Ticket, text: str, *, contacted: bool = False) -> Verdict:
    """Examine a reply to this ticket (答复质检), and what proves that the citizen was spoken to.

    `contacted` tells that the form says so that is being filled in.
    """
    demand = f"{ticket.title}\n{ticket.text}"
    verdict = examine(text, demand=demand, hazard=bool(hazard_of(demand).tags))
    return Verdict(text, (*verdict.findings, *_unproven(ticket, text, contacted)))


def _unproven(ticket: Ticket, text: str, contacted: bool) -> Iterable[Finding]:
    """Find that nothing shows that the unit spoke to a citizen who left a number (联系凭证)."""
    if not ticket.phone or ticket.confidential:
        return
    tries = [tried for tried in ticket.contacts.all() if tried.department_id == ticket.lead_id]
    reached = [tried for tried in tries if tried.outcome == ContactAttempt.Outcome.REACHED]
    spans = tuple(match.span() for match in _SPOKEN.finditer(text))
    if spans and not reached and not contacted:
        hint = f"{_quoted(text, spans)}：没有联系记录，请登记联系诉求人的时间和方式。"
        yield Finding(Check.INCOMPLETE, Risk.MIDDLE, hint, spans)
    elif not any(tried.proven for tried in tries):
        hint = "没有联系诉求人的凭证：请附通话记录、截图或签字；联系不上的，登记每次联系。"
        yield Finding(Check.INCOMPLETE, Risk.LOW, hint)


def _said(
    check: Check, risk: Risk, pattern: re.Pattern[str], text: str, hint: str
) -> Iterable[Finding]:
    spans = tuple(match.span() for match in pattern.finditer(text))
    return [Finding(check, risk, f"{_quoted(text, spans)}：{hint}。", spans)] if spans else []


def _quoted(text: str, spans: Sequence[Span]) -> str:
    return "、".join(f"“{text[start:end]}”" for start, end in spans[:3])


def _private(text: str) -> Iterable[Finding]:
    spans = tuple(personal_in(text))
    if spans:
        hint = "手机、证件或卡号不能写进答复；确是单位对外号码的，请核对后保留。"
        yield Finding(Check.PRIVACY, Risk.HIGH, hint, spans)
    doors = tuple(match.span() for match in _DOOR.finditer(text))
    if doors:
        hint = f"{_quoted(text, doors)}：写到楼栋即可，不必写门牌。"
        yield Finding(Check.PRIVACY, Risk.LOW, hint, doors)


def _off_topic(text: str, demand: str) -> Iterable[Finding]:
    """Compare the telling words; a reply that shares hardly any speaks of something else."""
    asked = {word for word in analysis.words(demand) if len(word) > 1}
    shared = asked & set(analysis.words(text))
    if len(asked) >= FEW_WORDS and len(shared) < SHARED:
        hint = "答复里几乎没有诉求提到的事，请逐项回应诉求人问的问题。"
        yield Finding(Check.OFF_TOPIC, Risk.HIGH, hint)


def _unsafe(text: str, *, hazard: bool) -> Iterable[Finding]:
    if hazard and not _SAFETY.search(text):
        hint = "诉求涉及险情，请写明已采取的防护和诉求人应注意什么。"
        yield Finding(Check.UNSAFE, Risk.MIDDLE, hint)


def _unsourced(text: str) -> Iterable[Finding]:
    """Find grounds named without title, number or article in the same sentence."""
    spans = tuple(
        match.span()
        for match in _CITED.finditer(text)
        if not _TRACEABLE.search(_sentence(text, match.start()))
    )
    if spans:
        hint = f"{_quoted(text, spans)}：请写出文件名称、文号或条款。"
        yield Finding(Check.UNSOURCED, Risk.LOW, hint, spans)


def _sentence(text: str, at: int) -> str:
    start = max(text.rfind(mark, 0, at) for mark in "。；！？\n") + 1
    ends = [end for mark in "。；！？\n" if (end := text.find(mark, at)) >= 0]
    return text[start : min(ends, default=len(text))]


def _open_slots(text: str) -> Iterable[Finding]:
    """Find what a template left to be filled in."""
    spans = tuple(match.span() for match in SLOT.finditer(text))
    if spans:
        hint = f"{_quoted(text, spans)}还没有填写，填好或删去后才能提交。"
        yield Finding(Check.INCOMPLETE, Risk.HIGH, hint, spans)


def _incomplete(text: str) -> Iterable[Finding]:
    missing = [name for name, pattern in ELEMENTS.items() if not pattern.search(text)]
    if missing:
        risk = Risk.MIDDLE if len(missing) >= MANY_MISSING else Risk.LOW
        yield Finding(Check.INCOMPLETE, risk, f"没有看到：{'、'.join(missing)}。")
