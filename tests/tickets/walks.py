"""Each row of the table of steps as walks: from which state, done how, to where, with which clock.

A state is reached by real actions only. `unwalked` names what no walk does: a row that is added to
the table without a walk is found there.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from accounts import actions as accounts
from accounts.models import Department, User
from tests.factories import Units
from tests.tickets.steps import NOTE, TRY, UNHAPPY, Try, accepted
from tickets import actions, policy
from tickets.deadlines import CLOCK_OF_STATUS, PROMISE
from tickets.models import Ticket
from tickets.workflow import HANDLED, STEPS, UNSENT, Status, Step

S = Status
DISPATCHES = 3
"""With as many dispatches an accepted return goes to the coordinator (default of the city)."""


@dataclass
class Scene:
    """A ticket on its way and all who may be asked to do something with it."""

    units: Units
    staff: list[User]
    ticket: Ticket

    def do(self, name: str) -> None:
        """Do a step, or what else happens, by somebody to whom policy gives it now."""
        step = STEPS.get(name.partition(":")[0])
        by = self.somebody(step) if step and step.roles and not step.creates else self.staff[0]
        made = HAPPENS[name](self.ticket, by, self.units)
        if step and step.creates and isinstance(made, Ticket):
            self.ticket = made
        self.ticket.refresh_from_db()

    def somebody(self, step: Step) -> User:
        """Find who may do a step."""
        fresh = Ticket.objects.get(pk=self.ticket.pk)
        found = [user for user in self.staff if policy.may(user, step, fresh)]
        assert found, f"policy gives {step.verb} to nobody at {self.ticket.status}"
        return found[0]


def _dispatched(ticket: Ticket, by: User, units: Units) -> object:
    """Dispatch to a unit that did not have it, the district with its streets first."""
    several = (units.linxi, units.urban, units.housing, units.nanping, units.water)
    return actions.dispatch(ticket, to=several[ticket.dispatch_count], by=by)


def _close(unit: Department, heir: Department | None = None) -> None:
    accounts.change_department(unit, active=False, successor=heir)


def _lead_of(ticket: Ticket) -> Department:
    assert ticket.lead
    return ticket.lead


def _signed_by(*levels: str) -> Try:
    """Set the chain that the replies of the first unit pass."""
    return lambda t, by, u: actions.set_sign_chain(u.linxi, [(name, None) for name in levels])


HAPPENS: dict[str, Try] = TRY | {
    "dispatch": _dispatched,
    "decide_return: refused": lambda t, by, u: actions.decide_return(
        t, accepted=False, note=NOTE, by=by
    ),
    "decide_extension: refused": lambda t, by, u: actions.decide_extension(
        t, accepted=False, note=NOTE, by=by
    ),
    "suspend: refused": lambda t, by, u: actions.suspend(t, accepted=False, note=NOTE, by=by),
    "call_back: no answer": lambda t, by, u: actions.call_back(t, outcome="no_answer", by=by),
    "call_back: unhappy": lambda t, by, u: actions.call_back(
        t, outcome="reached", by=by, **UNHAPPY
    ),
    "rate: unhappy": lambda t, by, u: actions.rate(t, **UNHAPPY),
    "the unit is closed": lambda t, by, u: _close(_lead_of(t)),
    "another unit follows": lambda t, by, u: _close(_lead_of(t), u.nanping),
    "two sign": _signed_by("科室", "分管领导"),
    "nobody signs": _signed_by(),
    "consulted only": lambda t, by, u: Ticket.objects.filter(pk=t.pk).update(kind="consult"),
    "the master is answered": lambda t, by, u: answered(t, u),
}

RETURNED = ("dispatch", "send_back")
ROUND = (*RETURNED, "decide_return")
TO_UNIT = ("dispatch", "sign")
ANSWERED = (*TO_UNIT, "reply", "release", "review")
WAYS: dict[Status, tuple[str, ...]] = {
    S.PENDING_REVIEW: (),
    S.PENDING_DISPATCH: ("screen",),
    S.PENDING_INFO: ("ask",),
    S.PENDING_SIGN: ("dispatch",),
    S.RETURN_REVIEW: RETURNED,
    S.DISPUTING: ROUND * DISPATCHES,
    S.PROCESSING: TO_UNIT,
    S.REDO: (*ANSWERED, "call_back: unhappy"),
    S.SUSPENDED: (*TO_UNIT, "promise", "suspend"),
    S.UNIT_REVIEW: (*TO_UNIT, "reply"),
    S.REPLY_REVIEW: (*TO_UNIT, "reply", "release"),
    S.PENDING_CALLBACK: ANSWERED,
    S.CLOSED: (*ANSWERED, "call_back"),
    S.DIRECT_CLOSED: ("answer",),
    S.MERGED: ("merge",),
    S.SPLIT: ("split",),
}
"""How a ticket that was accepted comes into a state that steps start from."""
BACK_AGAIN = ("the unit is closed", "hand_on")
"""How a ticket that a unit has worked at waits for its dispatch once more."""


def answered(merged: Ticket, units: Units) -> None:
    """Have the ticket that another was merged into answered."""
    assert merged.merged_into
    master = Scene(units, list(User.objects.order_by("pk")), merged.merged_into)
    for name in ANSWERED:
        master.do(name)
    merged.refresh_from_db()


class Clock(Enum):
    """What a step does to the clock that matters."""

    RUNS_ON = "as it was"
    STARTS = "that of the new state begins"
    GOES_ON = "the unit's, which began with the dispatch, is not reset"
    NOT_SHORTER = "the unit's goes on, with what was left or more"
    LONGER = "the unit's, with days added"
    STANDS_STILL = "the promised day instead"
    STOPS = "none runs"


@dataclass(frozen=True)
class Walk:
    """One way to do a step: from these states, to that one, after this or that happened."""

    do: str
    to: Status | None = None
    first: tuple[str, ...] = ()
    sources: frozenset[Status] | None = None
    way: tuple[str, ...] | None = None
    kind: str = "help"
    begins: tuple[str, ...] = ()
    clock: Clock | None = None

    @property
    def verb(self) -> str:
        """The row of the table that is walked."""
        return self.do.partition(":")[0]

    def froms(self, steps: Mapping[str, Step]) -> frozenset[Status]:
        """The states from which it is walked: the row's, where the walk does not say."""
        return steps[self.verb].sources if self.sources is None else self.sources

    def ends(self, source: Status) -> Status:
        """The state in which it ends."""
        return self.to or source

    def effect(self, source: Status) -> Clock:
        """What it does to the clock, by the rule of states where the walk does not say."""
        return self.clock or _usual(source, self.ends(source))

    @property
    def plain(self) -> bool:
        """Tell whether it may begin with any ticket in its state."""
        return (self.way, self.kind, self.begins) == (None, "help", ())


def _usual(source: Status, to: Status) -> Clock:
    if to == source:
        return Clock.RUNS_ON
    if to not in CLOCK_OF_STATUS:
        return Clock.STOPS
    if CLOCK_OF_STATUS[to] == "handle":
        return Clock.GOES_ON
    return Clock.STANDS_STILL if CLOCK_OF_STATUS[to] == PROMISE else Clock.STARTS


def at(*states: Status) -> frozenset[Status]:
    """Write states as a walk has them."""
    return frozenset(states)


TWICE = WAYS[S.REDO]
WALKS: tuple[Walk, ...] = (
    Walk("accept", S.PENDING_REVIEW),
    Walk("answer", S.DIRECT_CLOSED),
    Walk("screen", S.PENDING_DISPATCH),
    Walk("dispatch", S.PENDING_SIGN),
    Walk("take_back", S.PENDING_DISPATCH),
    Walk("redirect", S.PENDING_SIGN, clock=Clock.STARTS),
    Walk("sign", S.PROCESSING),
    Walk("send_back", S.RETURN_REVIEW),
    Walk("decide_return", S.PENDING_DISPATCH),
    Walk("decide_return: refused", S.PROCESSING),
    Walk("decide_return", S.DISPUTING, way=WAYS[S.DISPUTING][:-1]),
    Walk("designate", S.PENDING_SIGN),
    Walk("reply", S.UNIT_REVIEW, clock=Clock.GOES_ON),
    Walk("reply", S.REPLY_REVIEW, first=("nobody signs",)),
    Walk("contact"),
    Walk("record"),
    Walk("hand_over"),
    Walk("endorse", begins=("two sign",)),
    Walk("extend"),
    Walk("decide_extension", first=("extend",), clock=Clock.LONGER),
    Walk("decide_extension: refused", first=("extend",)),
    Walk("promise"),
    Walk("suspend", S.SUSPENDED, first=("promise",)),
    Walk("suspend: refused", first=("promise",)),
    Walk("note_progress"),
    Walk("resume", S.PROCESSING, clock=Clock.NOT_SHORTER),
    Walk("resume", S.REDO, way=(*TWICE, "promise", "suspend"), clock=Clock.NOT_SHORTER),
    Walk("release", S.REPLY_REVIEW),
    Walk("review", S.PENDING_CALLBACK),
    Walk("review", S.CLOSED, kind="consult"),
    Walk("send_reply_back", S.PROCESSING, clock=Clock.NOT_SHORTER),
    Walk("call_back", S.CLOSED),
    Walk("call_back: unhappy", S.REDO),
    Walk("call_back: no answer"),
    Walk("rate", S.CLOSED, sources=at(S.PENDING_CALLBACK, S.CLOSED)),
    Walk("rate: unhappy", S.REDO, sources=at(S.PENDING_CALLBACK, S.CLOSED)),
    Walk("rate: unhappy", sources=at(S.DIRECT_CLOSED)),
    Walk("reopen", S.REDO),
    Walk("close", S.CLOSED),
    Walk("call_in"),
    Walk("receive", first=("call_in",)),
    Walk("advise", first=("call_in", "receive")),
    Walk("recall", first=("call_in",)),
    Walk("waive", first=("call_in",)),
    Walk("sub_dispatch"),
    Walk("send_up", first=("sub_dispatch",)),
    Walk("take_over", first=("sub_dispatch",)),
    Walk("ask", S.PENDING_INFO),
    Walk("inform", S.PENDING_REVIEW),
    Walk("inform", S.PENDING_DISPATCH, way=("screen", "ask")),
    Walk("remind"),
    Walk("relay", kind="report"),
    Walk("respond", first=("relay",), kind="report"),
    Walk("propose_withdrawal"),
    Walk("keep", first=("propose_withdrawal",)),
    Walk("supplement"),
    Walk("urge"),
    Walk("instruct"),
    Walk("supervise"),
    Walk("escalate", first=("supervise",)),
    Walk("explain", first=("supervise",)),
    Walk("end_supervision", first=("supervise",)),
    Walk("decline", S.NOT_ACCEPTED),
    Walk("invalidate", S.INVALID),
    Walk("merge", S.MERGED),
    Walk("unmerge", S.PENDING_DISPATCH),
    Walk("conclude", S.PENDING_CALLBACK, first=("the master is answered",)),
    Walk("conclude", S.CLOSED, first=("the master is answered",), begins=("consulted only",)),
    Walk("split", S.SPLIT),
    Walk("unsplit", S.PENDING_DISPATCH),
    Walk("gather"),
    Walk("part", first=("gather",)),
    Walk("withdraw", S.WITHDRAWN),
    Walk("hand_on", first=("another unit follows",)),
    Walk(
        "hand_on",
        S.PENDING_DISPATCH,
        first=("the unit is closed",),
        sources=STEPS["hand_on"].sources - {S.REPLY_REVIEW},
    ),
    Walk("archive", S.ARCHIVED),
)


def walked(steps: Mapping[str, Step] = STEPS) -> Iterator[tuple[str, Status | None, Status]]:
    """Name each step that is walked: verb, from where (None makes the ticket), to where."""
    for walk in WALKS:
        if walk.to and steps[walk.verb].creates:
            yield walk.verb, None, walk.to
        yield from ((walk.verb, source, walk.ends(source)) for source in walk.froms(steps))


def unwalked(steps: Mapping[str, Step]) -> list[str]:
    """Name what of the table no walk does: a row, a state it starts from, one it leads to."""
    done = set(walked(steps))
    return [lack for step in steps.values() for lack in _lacking(step, done)]


def _lacking(step: Step, done: Iterable[tuple[str, Status | None, Status]]) -> Iterator[str]:
    own = [(source, to) for verb, source, to in done if verb == step.verb]
    if not own:
        yield step.verb
    yield from (f"{step.verb} from {s}" for s in step.sources - {source for source, _ in own})
    yield from (f"{step.verb} to {s}" for s in set(step.targets) - {to for _, to in own})


def brought(scene: Scene, walk: Walk, source: Status) -> Scene:
    """Bring a fresh ticket to where the walk begins.

    What must come first is done in that state; what cannot be done there, while a unit handles.
    """
    early = [name for name in walk.first if name in STEPS and source not in STEPS[name].sources]
    for name in (*walk.begins, *_way(walk, source, early)):
        scene.do(name)
    for name in walk.first:
        if name not in early:
            scene.do(name)
    return scene


def _way(walk: Walk, source: Status, early: list[str]) -> list[str]:
    way = list(WAYS[source] if walk.way is None else walk.way)
    if not early:
        return way
    if source in HANDLED or "sign" not in way:
        back = way[len(ROUND) :] if source == S.DISPUTING else way  # it was dispatched once
        way = [*TO_UNIT, *BACK_AGAIN, *back]
    after = way.index("sign") + 1
    return [*way[:after], *early, *way[after:]]


def fresh(scene: Scene, kind: str = "help") -> Scene:
    """Begin again with a ticket of its own."""
    return replace(scene, ticket=accepted(kind=kind))


Effect = Callable[[Ticket, Ticket], bool]
HOLDS: dict[Clock, Effect] = {
    Clock.RUNS_ON: lambda old, new: (new.due_at, new.due_kind) == (old.due_at, old.due_kind),
    Clock.STARTS: lambda old, new: (
        new.due_at is not None
        and new.due_at > new.moved_at
        and new.due_kind == CLOCK_OF_STATUS[Status(new.status)]
    ),
    Clock.GOES_ON: lambda old, new: old.handle_due_at == new.handle_due_at == new.due_at,
    Clock.NOT_SHORTER: lambda old, new: (
        new.due_at == new.handle_due_at and _moment(new) >= _moment(old)
    ),
    Clock.LONGER: lambda old, new: _moment(new) > _moment(old),
    Clock.STANDS_STILL: lambda old, new: new.due_kind == PROMISE and bool(new.promised_on),
    Clock.STOPS: lambda old, new: (
        new.due_at is None and not (old.lead_id and new.status in UNSENT and new.handle_due_at)
    ),
}
"""What is true of a ticket as it was and as it is now."""


def _moment(ticket: Ticket) -> float:
    return ticket.handle_due_at.timestamp() if ticket.handle_due_at else 0.0
