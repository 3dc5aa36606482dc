"""Histories written at once equal those that the actions make."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.forms.models import model_to_dict

from accounts.actions import create_department
from accounts.models import Role, User
from tests.factories import Units, make_user
from tickets import actions, backfill
from tickets.assessment.chain import flaws
from tickets.backfill import Past, beside, longer
from tickets.models import Assignment, Entry, Opinion, Ticket
from tickets.workflow import Party, Status

START = datetime(2026, 11, 16, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
DEMAND: dict[str, Any] = {
    "text": "望河花园3栋楼道灯坏了半个月，请派人修理。",
    "title": "楼道灯不亮",
    "kind": "help",
    "source": "web",
    "name": "李梅",
    "phone": "13812345678",
    "place": "望河花园",
}
REPLY = "经现场核查，楼道灯线路老化，已于当日更换完毕。"
GOOD = {"contacted": "yes", "solved": "yes", "satisfied": "yes"}
BAD = {"contacted": "yes", "solved": "no", "satisfied": "no"}
RECORD: dict[str, Any] = {"grounded": "yes", "account": "已到现场查看", "result": "solved"}
CHILDREN = (
    *("entries", "assignments", "returns", "handlings", "contacts", "replies"),
    *("callbacks", "ratings"),
    *("stops", "promises", "extensions"),
)
OWN = {"id", "number", "ticket", "created_at", "history_seal", "seal", "note_digest"}


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


@pytest.fixture
def people(
    units: Units,
    dispatcher: User,
    signer: User,
    handler: User,
    auditor: User,
    reviewer: User,
    callback: User,
    supervisor: User,
    stranger: User,
) -> dict[str, Any]:
    return locals()


def act(hours: float, do: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    with time_machine.travel(at(hours), tick=False):
        return do(*args, **kwargs)


def by_actions(p: dict[str, Any]) -> Ticket:
    t: Ticket = act(0, actions.accept, by=Party.CITIZEN, **DEMAND)
    act(1, actions.dispatch, t, to=p["units"].urban, by=p["dispatcher"], note="请办理")
    act(2, actions.redirect, t, to=p["units"].housing, by=p["dispatcher"])
    act(3, actions.send_back, t, reason="不属于我局", by=p["signer"])
    act(4, actions.decide_return, t, accepted=True, note="同意", by=p["dispatcher"])
    act(5, actions.dispatch, t, to=p["units"].housing, by=p["dispatcher"])
    act(6, actions.sign, t, by=p["signer"])
    act(7, actions.urge, t, by=Party.CITIZEN, note="请快些")
    act(6.5, actions.record, t, findings=actions.Findings(**RECORD), by=p["handler"])
    tried = actions.Spoken(at(6.6), outcome="no_answer")
    act(6.75, actions.contact, t, spoken=tried, by=p["handler"])
    asked: dict[str, Any] = {"note": "材料未到", "told": "电话告知"}
    act(7.1, actions.extend, t, days=2, by=p["handler"], **asked)
    act(7.2, actions.decide_extension, t, accepted=True, note="同意", by=p["auditor"])
    day = date(2026, 12, 20)
    act(7.3, actions.promise, t, code="works", promised_on=day, by=p["auditor"], **asked)
    act(7.4, actions.suspend, t, accepted=True, note="同意", by=p["supervisor"])
    act(7.5, actions.note_progress, t, note="已开工", by=p["handler"])
    act(7.6, actions.resume, t, note="提前完工", by=p["auditor"])
    act(8, actions.reply, t, text=REPLY, result="solved", contacted=True, by=p["handler"])
    act(9, actions.release, t, by=p["auditor"])
    act(10, actions.review, t, by=p["reviewer"])
    act(11, actions.call_back, t, outcome="no_answer", by=p["callback"])
    act(12, actions.call_back, t, outcome="reached", by=p["callback"], **BAD)
    act(13, actions.supervise, t, note="请抓紧", by=p["supervisor"])
    act(14, actions.reply, t, text=REPLY, result="solved", contacted=True, by=p["handler"])
    act(15, actions.release, t, by=p["auditor"])
    act(16, actions.review, t, by=p["reviewer"])
    act(17, actions.rate, t, **GOOD)
    return t


def by_backfill(p: dict[str, Any]) -> Ticket:
    past = Past.accepted(at(0), Party.CITIZEN, **DEMAND)
    past.dispatch(at(1), p["dispatcher"], p["units"].urban, "请办理")
    past.redirect(at(2), p["dispatcher"], p["units"].housing)
    past.send_back(at(3), p["signer"], "不属于我局")
    past.decide_return(at(4), p["dispatcher"], "同意", accepted=True)
    past.dispatch(at(5), p["dispatcher"], p["units"].housing)
    past.sign(at(6), p["signer"])
    past.urge(at(7), Party.CITIZEN, "请快些")
    past.record(at(6.5), p["handler"], RECORD)
    past.contact(at(6.75), p["handler"], spoken_at=at(6.6), outcome="no_answer")
    longer.extend(past, at(7.1), p["handler"], 2, "材料未到", "电话告知")
    longer.decide_extension(past, at(7.2), p["auditor"], "同意")
    longer.promise(past, at(7.3), p["auditor"], "works", date(2026, 12, 20), "材料未到", "电话告知")
    longer.suspend(past, at(7.4), p["supervisor"], "同意")
    longer.note_progress(past, at(7.5), p["handler"], "已开工")
    longer.resume(past, at(7.6), p["auditor"], "提前完工")
    past.reply(at(8), p["handler"], REPLY, "solved", contacted=True)
    past.release(at(9), p["auditor"])
    past.review(at(10), p["reviewer"], close=False)
    past.call_back(at(11), p["callback"], "no_answer", {}, to=Status.PENDING_CALLBACK)
    past.call_back(at(12), p["callback"], "reached", BAD, to=Status.REDO)
    past.supervise(at(13), p["supervisor"], "请抓紧")
    past.reply(at(14), p["handler"], REPLY, "solved", contacted=True)
    past.release(at(15), p["auditor"])
    past.review(at(16), p["reviewer"], close=False)
    past.rate(at(17), GOOD, to=Status.CLOSED)
    backfill.write([past], "990100")
    return past.ticket


def facts(row: Any) -> dict[str, Any]:
    said = {"note": row.note} if isinstance(row, Entry) else {}
    if isinstance(row, Assignment):
        said["parent"] = str(row.parent)
    return {k: v for k, v in model_to_dict(row).items() if k not in OWN} | said


def assert_equal(filled: Ticket, acted: Ticket) -> None:
    """Compare the tickets and all their rows."""
    for ticket in (acted, filled):
        ticket.refresh_from_db()
    assert facts(filled) == facts(acted)
    for name in CHILDREN:
        rows = [[facts(r) for r in getattr(t, name).order_by("id")] for t in (filled, acted)]
        assert rows[0] == rows[1], name


def test_what_is_written_at_once_equals_what_the_actions_write(people: dict[str, Any]) -> None:
    acted, filled = by_actions(people), by_backfill(people)

    assert_equal(filled, acted)
    assert filled.phone_hash == acted.phone_hash
    assert list(flaws()) == []


def test_signatures_on_the_way_equal_too(people: dict[str, Any]) -> None:
    housing = people["units"].housing
    actions.set_sign_chain(housing, [("科室负责人", None), ("分管领导", None)])
    acted: Ticket = act(0, actions.accept, by=Party.CITIZEN, **DEMAND | {"public": True})
    act(1, actions.dispatch, acted, to=housing, by=people["dispatcher"])
    act(2, actions.sign, acted, by=people["signer"])
    told = {"text": REPLY, "result": "solved", "contacted": True, "may_publish": True}
    act(3, actions.reply, acted, by=people["handler"], **told)
    act(4, actions.endorse, acted, by=people["auditor"])
    act(5, actions.release, acted, by=people["auditor"])
    act(6, actions.review, acted, publish=True, by=people["reviewer"])
    past = Past.accepted(at(0), Party.CITIZEN, **DEMAND | {"public": True})
    past.dispatch(at(1), people["dispatcher"], housing)
    past.sign(at(2), people["signer"])
    more: dict[str, Any] = {"contacted": True, "sign_offs": 1, "may_publish": True}
    past.reply(at(3), people["handler"], REPLY, "solved", **more)
    past.endorse(at(4), people["auditor"], "科室负责人")
    past.release(at(5), people["auditor"])
    past.review(at(6), people["reviewer"], close=False, publish=True)

    backfill.write([past], "990100")

    assert_equal(past.ticket, acted)


def test_withdrawals_and_answers_at_once_equal_too(people: dict[str, Any], agent: User) -> None:
    answered: Ticket = act(
        0, actions.answer, by=agent, answer_text="可凭身份证办理。", **DEMAND | {"kind": "consult"}
    )
    filled = Past.accepted(at(0), agent, verb="answer", **DEMAND | {"kind": "consult"})
    filled.answered(at(0), agent, "可凭身份证办理。")
    withdrawn: Ticket = act(0, actions.accept, by=Party.CITIZEN, **DEMAND)
    act(1, actions.dispatch, withdrawn, to=people["units"].housing, by=people["dispatcher"])
    act(2, actions.withdraw, withdrawn, reason="已解决", by=Party.CITIZEN)
    past = Past.accepted(at(0), Party.CITIZEN, **DEMAND)
    past.dispatch(at(1), people["dispatcher"], people["units"].housing)
    past.withdraw(at(2), Party.CITIZEN, "已解决")

    backfill.write([filled, past], "990100")

    assert_equal(filled.ticket, answered)
    assert_equal(past.ticket, withdrawn)


def test_units_beside_and_below_equal_too(people: dict[str, Any]) -> None:
    units, urban, signs = people["units"], people["stranger"], people["signer"]
    street = create_department("zj-1", "住建所", kind="street", parent=units.housing)
    ours, theirs = make_user(Role.SIGNER, street), make_user(Role.HANDLER, street)
    said = "已到现场看过，情况属实。"
    acted: Ticket = act(0, actions.accept, by=Party.CITIZEN, **DEMAND)
    to = {"to": units.housing, "assisting": [units.urban]}
    act(1, actions.dispatch, acted, by=people["dispatcher"], **to)
    act(2, actions.sign, acted, by=signs)
    act(3, actions.receive, acted, by=urban)
    act(4, actions.sub_dispatch, acted, to=[street], note="请核查", by=signs)
    act(5, actions.receive, acted, by=ours)
    act(6, actions.advise, acted, text=said, by=theirs)
    act(7, actions.advise, acted, text=said, by=urban)
    past = Past.accepted(at(0), Party.CITIZEN, **DEMAND)
    past.dispatch(at(1), people["dispatcher"], units.housing, "", units.urban)
    past.sign(at(2), signs)
    beside.receive(past, at(3), urban, units.urban)
    beside.sub_dispatch(past, at(4), signs, units.housing, street, "请核查")
    beside.receive(past, at(5), ours, street)
    beside.advise(past, at(6), theirs, street, said)
    beside.advise(past, at(7), urban, units.urban, said)

    backfill.write([past], "990100")

    assert_equal(past.ticket, acted)
    rows = [
        Opinion.objects.filter(turn__ticket=t).values_list("turn__department", "text", "by", "at")
        for t in (past.ticket, acted)
    ]
    assert list(rows[0]) == list(rows[1]) != []
