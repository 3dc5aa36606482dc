"""Lets a grown ticket walk the road as the demo city's do, until now or until it is stuck."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from accounts.models import Department, User
from city import selectors as city
from city.models import Parameter
from tickets.backfill import Past
from tickets.models import CallbackAttempt, ContactAttempt
from tickets.workflow import Kind, Party, Status

REPLIES = (
    "经现场核查，情况属实，已安排人员处理完毕，并向诉求人说明。",
    "已联系诉求人，说明了政策规定，诉求人表示理解。",
    "该处已列入本月整治计划，先行设置了警示标志，后续持续跟进。",
)
NOT_OURS = "经核查，该事项不属于本单位职责范围，建议转派主管单位。"
GOOD = {"contacted": "yes", "solved": "yes", "satisfied": "yes"}
MOSTLY = {"contacted": "yes", "solved": "partly", "satisfied": "mostly"}
BAD = {"contacted": "yes", "solved": "no", "satisfied": "no"}
HOURS = {Kind.CONSULT: 60, Kind.HELP: 150, Kind.ADVICE: 150}
LONGEST = 300
RESULTS = ("solved", "partly", "explained", "unsolved")


class Rests(Exception):
    """The next step lies in the future, or nobody takes it: the ticket stays where it is."""


@dataclass
class Walk:
    """One ticket on its way: how far it is, until when, and the step that nobody takes."""

    past: Past
    random: Random
    at: datetime
    now: datetime
    stuck: str = ""

    def to(self, step: str, low: float, high: float) -> datetime:
        """Go on to a step by some hours; raises Rests past now, or where the ticket is stuck."""
        self.at += timedelta(hours=self.random.uniform(low, high))
        if self.at > self.now or step == self.stuck:
            raise Rests
        return self.at

    def chance(self, share: float) -> bool:
        """Throw the dice."""
        return self.random.random() < share


@dataclass(frozen=True)
class Crew:
    """Who acts on the ticket: the hotline's person, the units, and somebody of each."""

    hotline: User
    units: list[Department]
    members: dict[int | None, User]

    def of(self, unit: Department) -> User:
        """Give the person who acts for a unit."""
        return self.members.get(unit.pk, self.hotline)


def live(walk: Walk, crew: Crew) -> None:
    """Let the ticket live until now (生成一件工单的全过程)."""
    with suppress(Rests):
        if walk.past.ticket.status != Status.DIRECT_CLOSED:
            _work(walk, crew)
        _archive(walk)


def _work(walk: Walk, crew: Crew) -> None:
    unit = walk.random.choice(crew.units)
    _send(walk, crew, unit)
    _sign(walk, crew.of(unit))
    for _ in range(2):
        _handle(walk, crew.of(unit), crew.hotline)
        if walk.past.ticket.status != Status.PENDING_CALLBACK or not _ask(walk, crew.hotline):
            break


def _send(walk: Walk, crew: Crew, unit: Department) -> None:
    """Screen and dispatch; a few go to the wrong unit first, a few are withdrawn."""
    past = walk.past
    past.step("screen", walk.to("screen", 0.002, 0.01), Party.SYSTEM)
    if walk.chance(0.05):
        other = walk.random.choice(crew.units)
        past.dispatch(walk.to("dispatch", 0.1, 3), crew.hotline, other)
        past.send_back(walk.to("sign", 0.5, 8), crew.of(other), NOT_OURS)
        decided_at = walk.to("decide_return", 0.5, 5)
        past.decide_return(decided_at, crew.hotline, "同意退单，另行派发。", accepted=True)
    by = Party.SYSTEM if walk.chance(0.3) else crew.hotline
    past.dispatch(walk.to("dispatch", 0.1, 3), by, unit)
    if walk.chance(0.015):
        past.withdraw(walk.to("withdraw", 0.5, 6), Party.CITIZEN, "问题已自行解决，不需要办理了")
        raise Rests


def _sign(walk: Walk, member: User) -> None:
    """Let the unit sign; some citizens urge or add something, some tickets are supervised."""
    past = walk.past
    past.sign(walk.to("sign", 0.2, 20), member)
    if walk.chance(0.07):
        past.urge(walk.to("urge", 2, 40), Party.CITIZEN, "已经等了几天，请尽快处理")
    if walk.chance(0.05):
        at = walk.to("supplement", 1, 20)
        past.step("supplement", at, Party.CITIZEN, note="今天又发生了一次，请一并核查")
    if walk.chance(0.03):
        past.supervise(walk.to("supervise", 8, 40), member, "群众反映强烈，请限期办结")


def _handle(walk: Walk, member: User, reviewer: User) -> None:
    """Speak to the citizen, record, reply, release, review; a few replies are written twice."""
    past = walk.past
    for reached in [True] if walk.chance(0.75) else [False, True]:
        _speak(walk, member, reached=reached)
    half = HOURS.get(Kind(past.ticket.kind), LONGEST) * (1.4 if walk.chance(0.07) else 0.8) / 2
    result = walk.random.choices(RESULTS, (58, 15, 24, 3))[0]
    said = {"grounded": "yes", "findings": REPLIES[0], "account": REPLIES[2], "result": result}
    past.record(walk.to("record", 1, half), member, said)
    past.reply(
        walk.to("reply", 1, half), member, walk.random.choice(REPLIES), result, contacted=True
    )
    if walk.chance(0.04):
        at = walk.to("release", 0.3, 10)
        past.step("send_reply_back", at, member, note="请补充核查经过和依据后再报")
        past.turn.replied_at = None
        past.reply(walk.to("reply", 1, 10), member, REPLIES[0], result, contacted=True)
    past.release(walk.to("release", 0.3, 10), member)
    quiet = past.ticket.kind in {Kind.CONSULT, Kind.PRAISE}
    past.review(walk.to("review", 0.3, 8), reviewer, close=quiet)


def _speak(walk: Walk, member: User, *, reached: bool) -> None:
    at = walk.to("contact", 0.3, 6)
    outcome = ContactAttempt.Outcome.REACHED if reached else ContactAttempt.Outcome.NO_ANSWER
    said = "已说明办理安排" if reached else ""
    walk.past.contact(at, member, spoken_at=at, outcome=outcome, said=said)


def _ask(walk: Walk, caller: User) -> bool:
    """Call back, or take the citizen's own rating; tells whether the ticket is handled anew."""
    past = walk.past
    answers = walk.random.choices((GOOD, MOSTLY, BAD), (78, 13, 9))[0]
    redo = answers is BAD and not past.ticket.redo_count
    to = Status.REDO if redo else Status.CLOSED
    at = walk.to("call_back", 0.5, 20)
    if walk.chance(0.1):
        past.rate(at, answers, to=to)
    else:
        past.call_back(at, caller, CallbackAttempt.Outcome.REACHED, answers, to=to)
    return redo


def _archive(walk: Walk) -> None:
    closed_at = walk.past.ticket.closed_at
    kept = timedelta(days=city.number(Parameter.Name.ARCHIVE_DAYS))
    if closed_at and closed_at + kept <= walk.now:
        walk.past.step("archive", closed_at + kept, Party.SYSTEM)
