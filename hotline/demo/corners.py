"""The rarer states of the demo city, and its rules: every list and every badge has something."""

from datetime import time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from city.models import Category
from hotline.demo.city import Town
from hotline.demo.content import load
from tickets import actions, policy
from tickets.models import Assignment, Rule, Source, Ticket
from tickets.workflow import Part, Party, Status, TurnState, Urgency

GATHERED = 6
HOURS = ("hour_from", "hour_to")
LONG, MONTHS = 8, timedelta(days=150)


def build_rules(town: Town) -> None:
    """Write the rules of dispatch (派单规则)."""
    matters = Category.objects.in_bulk(field_name="code")
    for row in map(dict, load("rules")):  # what was read is kept for the next load
        hours = {key: time.fromisoformat(row.pop(key)) for key in HOURS if key in row}
        unit, matter = town.units.get(row.pop("to", "")), matters.get(row.pop("category", ""))
        rule = Rule(department=unit, category=matter, **hours, **row)
        actions.save_rule(rule, by=town.staff["supervisor"])


def fill(town: Town) -> None:
    """Bring demands into the rarer states (少见状态), each in one transaction of its own."""
    told, dispatcher = load("corners"), town.staff["dispatcher"]
    for n, row in enumerate(told["down"]["told"]):
        with transaction.atomic():
            _hand_down(town, told["down"], _accept(told, n, row["text"]), row["to"])
    for n, row in enumerate(told["disputed"], 10):
        with transaction.atomic():
            _dispute(town, row, _accept(told, n, row["text"]))
    for n, row in enumerate(told["urgent"], 20):
        with transaction.atomic():
            ticket = _accept(told, n, row["text"])
            actions.screen(ticket, urgency=Urgency(row["urgency"]), by=dispatcher)
    with transaction.atomic():
        _assist(town, told)
        _turn_away(told, dispatcher)
        _merge(told, dispatcher)
    _gather(told["incident"], town.staff["supervisor"])
    ask_for_more(town, told)


def _accept(told: dict[str, Any], n: int, text: str) -> Ticket:
    phone = told["phone"].format(n)
    return actions.accept(text=text, source=Source.WEB, by=Party.CITIZEN, kind="help", phone=phone)


def _hand_down(town: Town, told: dict[str, Any], ticket: Ticket, to: str) -> None:
    """Let a district hand it to a street, and the street to a community (逐级下派)."""
    street = town.units[told["street"]]
    assert street.parent is not None  # noqa: S101 - a street lies in a district
    line = (street.parent, street, town.below(street)[0])
    actions.dispatch(ticket, to=line[0], by=town.staff["dispatcher"])
    actions.sign(ticket, by=town.member(line[0]))
    for above, below, note in zip(line, line[1:], told["notes"], strict=False):
        turn = _turn(ticket, above.pk)
        by = town.member(above)
        if turn.part == Part.SUB:
            actions.receive(ticket, turn=turn, by=by)
        actions.sub_dispatch(ticket, to=[below], note=note, turn=_turn(ticket, above.pk), by=by)
    if to == "waiting":
        return
    community = town.member(line[2])
    actions.receive(ticket, turn=_turn(ticket, line[2].pk), by=community)
    if to == "report":
        turn = _turn(ticket, line[2].pk)
        actions.advise(ticket, text=told["opinion"], turn=turn, by=community)


def _turn(ticket: Ticket, unit: int) -> Assignment:
    return Assignment.objects.get(ticket=ticket, department=unit, voided_at=None)


def _dispute(town: Town, row: dict[str, Any], ticket: Ticket) -> None:
    """Let one unit after the other return it, until it is to be designated (待指定办理)."""
    by = town.staff["dispatcher"]
    for code in row["units"]:
        unit = town.units[code]
        actions.dispatch(ticket, to=unit, by=by)
        actions.send_back(ticket, reason=row["reason"], by=town.member(unit))
        actions.decide_return(ticket, accepted=True, note=row["decision"], by=by)


def _assist(town: Town, told: dict[str, Any]) -> None:
    row = told["assisted"]
    lead, helper = town.units[row["lead"]], town.units[row["helper"]]
    ticket, by = _accept(told, 30, row["text"]), town.staff["dispatcher"]
    actions.dispatch(ticket, to=lead, assisting=[helper], by=by)


def _turn_away(told: dict[str, Any], by: User) -> None:
    """Not take one on, and put an empty one aside (不予受理、无效)."""
    row = told["declined"]
    unfit = _accept(told, 31, row["text"])
    actions.decline(unfit, reason=row["reason"], note=row["note"], by=by)
    actions.invalidate(
        _accept(told, 32, told["invalid"]["text"]), note=told["invalid"]["note"], by=by
    )


def _merge(told: dict[str, Any], by: User) -> None:
    row = told["merged"]
    first, again = _accept(told, 33, row["text"]), _accept(told, 33, row["again"])
    actions.merge(again, into=first, note=row["note"], by=by)


def _gather(name: str, by: User) -> None:
    """Gather some of a wave's open tickets into one incident (同一事件)."""
    waves = Ticket.objects.filter(
        category__code__startswith="0404", region__name="松陵街道", confidential=False
    )
    rows = waves.filter(status__in=(Status.PROCESSING, Status.PENDING_SIGN))[:GATHERED]
    if len(rows) > 1:
        actions.gather_all(list(rows), name=f"松陵街道 {name}", by=by)


def ask_for_more(town: Town, told: dict[str, Any]) -> None:
    """Let units ask for more days or to promise a day, and supervision look at one."""
    unit = town.staff["signer"].departments[0]
    turns = Assignment.objects.filter(part=Part.LEAD, state=TurnState.HANDLING, voided_at=None)
    due = turns.filter(due_at__gt=timezone.now(), ticket__status=Status.PROCESSING)
    own = due.filter(department=unit, ticket__awaits="", ticket__urge_count=0)
    rows = [turn.ticket for turn in own.select_related("ticket")]
    now = timezone.now()
    longer = next((row for row in rows if not policy.why_not_extend(row, now)), None)
    if longer is not None:
        _extend(longer, town, told)
    rest = (row for row in rows if row != longer)
    for row, ask in zip(rest, (_promise, _supervise), strict=False):
        ask(row, town, told)


def _extend(ticket: Ticket, town: Town, told: dict[str, Any]) -> None:
    by = town.staff["handler"]
    actions.extend(ticket, days=LONG, note=told["extended"], told=told["told"], by=by)


def _promise(ticket: Ticket, town: Town, told: dict[str, Any]) -> None:
    on, by = timezone.localdate() + MONTHS, town.staff["auditor"]
    note = told["promised"]
    actions.promise(ticket, code="project", promised_on=on, note=note, told=told["told"], by=by)


def _supervise(ticket: Ticket, town: Town, told: dict[str, Any]) -> None:
    actions.supervise(ticket, note=told["supervised"], by=town.staff["supervisor"])
    actions.urge(ticket, note=told["urged"], by=Party.CITIZEN)
