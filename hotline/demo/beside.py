"""Lets units of the demo work together: some assist, some hand tickets down to their streets."""

from datetime import datetime
from typing import TYPE_CHECKING

from accounts.models import Department
from tickets.backfill import Past
from tickets.backfill import beside as steps
from tickets.workflow import Part

if TYPE_CHECKING:
    from hotline.demo.histories import Life

ASSISTED, HANDED_DOWN, FURTHER = 0.12, 0.25, 0.5


def helpers(life: "Life", past: Past, unit: Department) -> list[Department]:
    """Name who assists some tickets (协办单位): the street office where it happened."""
    region = past.ticket.region
    street = life.town.units.get(region.code[:9]) if region else None
    if street is None or street == unit or not life.chance(ASSISTED):
        return []
    return [street]


def work_together(life: "Life", past: Past, at: datetime) -> datetime:
    """Let those who assist have their say, and the lead hand some tickets down."""
    for turn in [turn for turn in past.live if turn.part == Part.ASSISTING]:
        at = _answer(life, past, at, turn.department)
    if life.chance(HANDED_DOWN):
        at = _hand_down(life, past, at, past.turn.department)
    return at


def _hand_down(life: "Life", past: Past, at: datetime, unit: Department) -> datetime:
    """Hand it to a unit below (下派), which may hand it further down; what is found comes up."""
    busy = {turn.department for turn in past.live}
    below = [each for each in life.town.below(unit) if each not in busy]
    if not below:
        return at
    child = life.random.choice(below)
    at = life.later(at, 0.2, 4)
    member = life.town.member(unit)
    steps.sub_dispatch(past, at, member, unit, child, "请到现场核查并反馈")
    return _answer(life, past, at, child)


def _answer(life: "Life", past: Past, at: datetime, unit: Department) -> datetime:
    """Take the ticket in and give an opinion, some after asking the unit below."""
    member = life.town.member(unit)
    at = life.later(at, 0.3, 6)
    steps.receive(past, at, member, unit)
    if life.chance(FURTHER) and steps.turn_of(past, unit).part == Part.SUB:
        at = _hand_down(life, past, at, unit)
    at = life.later(at, 1, 14)
    steps.advise(past, at, member, unit, life.author.say("opinions"))
    return at
