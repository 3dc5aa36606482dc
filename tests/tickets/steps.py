"""How each step of the table is tried: the same words for whoever tries it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Department, Role, User
from accounts.selectors import members
from tests.factories import Units
from tickets import actions, policy
from tickets.models import Assignment, Source, Ticket
from tickets.workflow import STEPS, UNANSWERED, Party

TEXT = "望河花园3栋楼道灯坏了半个月，老人晚上上下楼看不清，请派人修理。"
REPLY = "经现场核查，楼道灯线路老化，已于当日更换完毕。"
HAPPY: dict[str, Any] = {"contacted": "yes", "solved": "yes", "satisfied": "yes"}
UNHAPPY: dict[str, Any] = {"contacted": "yes", "solved": "no", "satisfied": "no"}
NOTE = "情况属实"
TOLD = "11月16日电话告知李女士"
SAID = "我单位已到现场看过，路面破损属实。"

Try = Callable[[Ticket, User, Units], object]


def accepted(text: str = TEXT, phone: str = "13812345678", kind: str = "help") -> Ticket:
    """Have a citizen's demand accepted."""
    return actions.accept(text=text, source=Source.WEB, by=Party.CITIZEN, phone=phone, kind=kind)


def in_days(days: int) -> date:
    """Give a day that can be promised."""
    return timezone.localdate() + timedelta(days=days)


def another(ticket: Ticket) -> Ticket:
    """Give another ticket, one that can be a master if there is any."""
    others = Ticket.objects.exclude(pk=ticket.pk)
    return others.filter(status__in=UNANSWERED).first() or others.first() or accepted(phone="")


def below(ticket: Ticket, by: User) -> list[Department]:
    """Give the first unit that BY can hand the ticket down to, if there is any."""
    turns = policy.turns_for(by, STEPS["sub_dispatch"], ticket)
    fit = policy.units_below(ticket, turns[0]) if turns else set()
    return list(Department.objects.filter(pk__in=fit).order_by("pk")[:1])


def free(ticket: Ticket) -> list[Department]:
    """Give a unit that has nothing to do with the ticket yet."""
    busy = ticket.assignments.filter(voided_at=None).values("department")
    return list(Department.objects.exclude(pk__in=busy).order_by("-pk")[:1])


def colleague(ticket: Ticket) -> User | None:
    """Give somebody who handles for the unit that leads, if there is anybody."""
    return members(ticket.lead, Role.HANDLER).first() if ticket.lead else None


def turn(ticket: Ticket, unit: Department) -> Assignment:
    """Give the newest turn of a unit at the ticket."""
    return ticket.assignments.filter(department=unit).latest("id")


def verbs(user: User, ticket: Ticket) -> list[str]:
    """Name the steps that USER is offered on the ticket as it is now."""
    return [step.verb for step in policy.allowed_steps(user, Ticket.objects.get(pk=ticket.pk))]


TRY: dict[str, Try] = {
    "accept": lambda t, by, u: actions.accept(text=TEXT, source=Source.PHONE, by=by),
    "answer": lambda t, by, u: actions.answer(
        text=TEXT, source=Source.PHONE, by=by, answer_text="请带身份证到窗口办理。"
    ),
    "screen": lambda t, by, u: actions.screen(t, by=by, urgency="urgent"),
    "dispatch": lambda t, by, u: actions.dispatch(t, to=u.housing, by=by),
    "take_back": lambda t, by, u: actions.take_back(t, by=by),
    "redirect": lambda t, by, u: actions.redirect(t, to=u.urban, by=by),
    "sign": lambda t, by, u: actions.sign(t, by=by),
    "send_back": lambda t, by, u: actions.send_back(t, reason="不属于我局职责", by=by),
    "decide_return": lambda t, by, u: actions.decide_return(t, accepted=True, note=NOTE, by=by),
    "designate": lambda t, by, u: actions.designate(t, to=u.linxi, note=NOTE, by=by),
    "reply": lambda t, by, u: actions.reply(t, text=REPLY, result="solved", contacted=True, by=by),
    "contact": lambda t, by, u: actions.contact(t, spoken=actions.Spoken(timezone.now()), by=by),
    "record": lambda t, by, u: actions.record(
        t, findings=actions.Findings(account=f"第 {t.version} 次记录"), by=by
    ),
    "hand_over": lambda t, by, u: actions.hand_over(t, to=colleague(t) or by, by=by),
    "endorse": lambda t, by, u: actions.endorse(t, by=by),
    "extend": lambda t, by, u: actions.extend(t, days=3, note=NOTE, told=TOLD, by=by),
    "decide_extension": lambda t, by, u: actions.decide_extension(
        t, accepted=True, note=NOTE, by=by
    ),
    "promise": lambda t, by, u: actions.promise(
        t, code="works", promised_on=in_days(60), note=NOTE, told=TOLD, by=by
    ),
    "suspend": lambda t, by, u: actions.suspend(t, accepted=True, note=NOTE, by=by),
    "note_progress": lambda t, by, u: actions.note_progress(t, note=NOTE, by=by),
    "resume": lambda t, by, u: actions.resume(t, note=NOTE, by=by),
    "release": lambda t, by, u: actions.release(t, by=by),
    "send_reply_back": lambda t, by, u: actions.send_reply_back(t, note="请写明依据", by=by),
    "review": lambda t, by, u: actions.review(t, by=by),
    "call_in": lambda t, by, u: actions.call_in(t, assisting=free(t), note="请一同查看", by=by),
    "receive": lambda t, by, u: actions.receive(t, by=by),
    "advise": lambda t, by, u: actions.advise(t, text="我单位已派人看过，情况属实。", by=by),
    "recall": lambda t, by, u: actions.recall(t, note="派错了", by=by),
    "waive": lambda t, by, u: actions.waive(t, note="情况已查清", by=by),
    "sub_dispatch": lambda t, by, u: actions.sub_dispatch(t, to=below(t, by), by=by),
    "send_up": lambda t, by, u: actions.send_up(t, reason="不在本辖区", by=by),
    "take_over": lambda t, by, u: actions.take_over(t, note="由我单位直接办理", by=by),
    "call_back": lambda t, by, u: actions.call_back(t, outcome="reached", by=by, **HAPPY),
    "rate": lambda t, by, u: actions.rate(t, **HAPPY),
    "reopen": lambda t, by, u: actions.reopen(t, note=NOTE, by=by),
    "close": lambda t, by, u: actions.close(t, note=NOTE, by=by),
    "ask": lambda t, by, u: actions.ask(t, question="是哪一栋楼？", by=by),
    "inform": lambda t, by, u: actions.inform(t, text="是3栋", by=by),
    "remind": lambda t, by, u: actions.remind(t),
    "relay": lambda t, by, u: actions.relay(t, question="几点最吵？", by=by),
    "respond": lambda t, by, u: actions.respond(t, text="夜里十一点", by=by),
    "propose_withdrawal": lambda t, by, u: actions.propose_withdrawal(
        t, question="灯已修好", by=by
    ),
    "keep": lambda t, by, u: actions.keep(t, text="灯还没修好"),
    "supplement": lambda t, by, u: actions.supplement(t, text="补充一张照片", by=by),
    "urge": lambda t, by, u: actions.urge(t, by=by),
    "instruct": lambda t, by, u: actions.instruct(t, leader="市长", note="请抓紧办理", by=by),
    "supervise": lambda t, by, u: actions.supervise(t, note="请限期办结", by=by),
    "escalate": lambda t, by, u: actions.escalate(t, note="逾期未办，提级督办", by=by),
    "explain": lambda t, by, u: actions.explain(t, leader="王局长", note="已调配人员", by=by),
    "end_supervision": lambda t, by, u: actions.end_supervision(t, note="已办实", by=by),
    "withdraw": lambda t, by, u: actions.withdraw(t, reason="已自行解决", by=by),
    "decline": lambda t, by, u: actions.decline(t, reason="legal_way", note=NOTE, by=by),
    "invalidate": lambda t, by, u: actions.invalidate(t, note="骚扰来电", by=by),
    "merge": lambda t, by, u: actions.merge(t, into=another(t), note="同一件事", by=by),
    "unmerge": lambda t, by, u: actions.unmerge(t, note="不是同一件事", by=by),
    "split": lambda t, by, u: actions.split(
        t, parts=[actions.Matter("楼道灯坏了"), actions.Matter("垃圾没人清")], by=by
    ),
    "unsplit": lambda t, by, u: actions.unsplit(t, note="是一件事", by=by),
    "gather": lambda t, by, u: actions.gather(t, beside=accepted(phone=""), by=by),
    "part": lambda t, by, u: actions.part(t, note="不是一回事", by=by),
    "hand_on": lambda t, by, u: actions.hand_on(t),
    "conclude": lambda t, by, u: actions.conclude(t),
    "archive": lambda t, by, u: actions.archive(t),
}
