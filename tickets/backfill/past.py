"""One ticket's whole history in the making, with the clock passed in and no events."""

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from accounts.fields import phone_hash
from accounts.models import Department, User
from city.selectors import named_places
from tickets.actions import clocks, history, oversight
from tickets.actions.dispatching import open_turn, start_clocks
from tickets.actions.moves import department_of, due_for, set_clock
from tickets.actions.recording import Findings
from tickets.deadlines import Standstill
from tickets.models import (
    HIMSELF,
    Assignment,
    CallbackAttempt,
    ClockStop,
    ContactAttempt,
    Entry,
    Extension,
    Handling,
    Opinion,
    Promise,
    Rating,
    Reply,
    Return,
    Routing,
    Supervision,
    Ticket,
)
from tickets.workflow import HANDLED, PAUSED, STEPS, Party, Status

Actor = User | Party


@dataclass
class Past:
    """One ticket's whole history in the making; each method is a step of the table."""

    ticket: Ticket
    entries: list[Entry] = field(default_factory=list)
    turns: list[Assignment] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)
    handlings: list[Handling] = field(default_factory=list)
    contacts: list[ContactAttempt] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    callbacks: list[CallbackAttempt] = field(default_factory=list)
    ratings: list[Rating] = field(default_factory=list)
    stops: list[ClockStop] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)
    opinions: list[Opinion] = field(default_factory=list)
    supervisions: list[Supervision] = field(default_factory=list)
    routing: Routing | None = None
    due: tuple[datetime | None, str] = (None, "")

    @classmethod
    def accepted(cls, at: datetime, by: Actor, *, verb: str = "accept", **fields: Any) -> "Past":
        """Begin with a demand that was accepted (受理) or answered at once (直接答复)."""
        status = STEPS[verb].targets[0]
        said = (str(fields.get(name, "")) for name in ("place", "title", "text"))
        ticket = Ticket(
            places=named_places("\n".join(said)),
            status=status,
            phone_hash=phone_hash(fields.get("phone", "")),
            created_at=at,
            accepted_at=at,
            moved_at=at,
            closed_at=at if status == Status.DIRECT_CLOSED else None,
            created_by=by if isinstance(by, User) else None,
            **fields,
        )
        (past := cls(ticket))._enter(verb, at, by, "", status)
        return past

    def answered(self, at: datetime, by: User, text: str) -> None:
        """Note the answer that was given at once."""
        unit = next(iter(by.departments), None)
        row = self._reply_row(at, by, text, unit, "explained", contacted=True)
        self.replies.append(row)
        row.accepted_at = at
        if self.ticket.public:
            row.may_publish, row.published_at = True, at

    def step(
        self,
        verb: str,
        at: datetime,
        by: Actor,
        *,
        to: Status | None = None,
        note: str = "",
        extra: dict[str, Any] | None = None,
        unit: Department | None = None,
    ) -> None:
        """Do any step that changes nothing but state, clock and history."""
        row, before = self.ticket, Status(self.ticket.status)
        targets = STEPS[verb].targets
        after = to or (targets[0] if targets else before)
        if after != before:
            self._change_state(before, after, at)
        if (row.due_at, row.due_kind) != self.due:
            clocks.watch(row, at)
            self.due = (row.due_at, row.due_kind)
        row.status = after
        row.version += 1
        self._enter(verb, at, by, before, after, note, extra, unit)
        row.moved_at = at

    def _change_state(self, before: Status, after: Status, at: datetime) -> None:
        """Follow a change of state as `moves.change_state` does, on rows not yet written."""
        row = self.ticket
        if before in PAUSED:
            self._go_on(at)
        if after in PAUSED:
            self.stops.append(ClockStop(state=after, before=before, begun_at=at))
        if before in PAUSED and after in HANDLED:
            clocks.go_on(row, after)
            return
        set_clock(row, after, at)
        if after == Status.REDO:
            clocks.restart(row, self.turn, at)

    def _go_on(self, at: datetime) -> None:
        stop = self.stops[-1]
        stop.ended_at = self.promises[-1].ended_at = at
        self.ticket.promised_on = None
        for turn in self.live:
            clocks.shift(self.ticket, turn, Standstill(stop.begun_at, at))

    def _enter(
        self,
        verb: str,
        at: datetime,
        by: Actor,
        before: str,
        after: str,
        note: str = "",
        extra: dict[str, Any] | None = None,
        unit: Department | None = None,
    ) -> None:
        self.entries.append(
            history.entered(
                step=verb,
                from_status=before,
                to_status=after,
                by=by if isinstance(by, User) else None,
                party=by.value if isinstance(by, Party) else "",
                department=unit or department_of(by, self.ticket),
                at=at,
                note=note,
                extra=extra or {},
                version=self.ticket.version,
                took_s=max(0, int((at - self.ticket.moved_at).total_seconds())),
            )
        )

    def dispatch(
        self, at: datetime, by: Actor, unit: Department, note: str = "", *assisting: Department
    ) -> None:
        """Give the ticket to a unit (派单), with others to assist it."""
        self.ticket.auto_dispatched = by is Party.SYSTEM
        self._assign("dispatch", at, by, note, unit, *assisting)

    def redirect(self, at: datetime, by: User, unit: Department, note: str = "") -> None:
        """Give a ticket that is not yet signed to another unit (改派)."""
        self._void(at)
        self._assign("redirect", at, by, note, unit)

    def _void(self, at: datetime) -> None:
        for turn in self.live:
            turn.state, turn.voided_at = Assignment.State.VOID, at

    def _assign(self, verb: str, at: datetime, by: Actor, note: str, *units: Department) -> None:
        row = self.ticket
        row.lead, row.dispatched_at, row.signed_at = units[0], at, None
        row.dispatch_count += 1
        again = any(each.department_id == units[0].pk for each in self.returns)
        row.return_due_at = None if again else due_for(row, "return_request", at).at
        started = start_clocks(row, at)
        self.turns += [open_turn(row, unit, at, *started) for unit in units]
        lead, *helpers = [unit.name for unit in units]
        self.step(verb, at, by, note=note, extra={"to": lead, "assisting": helpers})

    @property
    def live(self) -> list[Assignment]:
        """The turns in force."""
        return [turn for turn in self.turns if turn.voided_at is None]

    @property
    def turn(self) -> Assignment:
        """The turn of the unit that leads the ticket."""
        return [turn for turn in self.turns if turn.part == Assignment.Part.LEAD][-1]

    def sign(self, at: datetime, by: User) -> None:
        """Acknowledge receipt (签收)."""
        self.ticket.signed_at = self.turn.signed_at = at
        self.turn.state = Assignment.State.HANDLING
        self.step("sign", at, by)

    def send_back(self, at: datetime, by: User, reason: str, suggest: str = "") -> None:
        """Return the ticket (退单)."""
        self.turn.state = Assignment.State.RETURNING
        code = Return.Code.NOT_OURS
        unit = self.turn.department
        self.returns.append(Return(department=unit, code=code, reason=reason, by=by, at=at))
        extra = {"code": code.label, "basis": "", "suggest": suggest}
        self.step("send_back", at, by, note=reason, extra=extra)

    def decide_return(self, at: datetime, by: User, note: str, *, accepted: bool) -> None:
        """Decide on the return (退单裁决)."""
        row, asked = self.ticket, self.returns[-1]
        asked.accepted, asked.decision, asked.decided_by, asked.decided_at = accepted, note, by, at
        if accepted:
            row.return_count += 1
            self._void(at)
            row.lead, row.handle_due_at, row.return_due_at = None, None, None
        else:
            row.signed_at = self.turn.signed_at = at
            self.turn.state = Assignment.State.HANDLING
        to = Status.PENDING_DISPATCH if accepted else Status.PROCESSING
        self.step("decide_return", at, by, to=to, note=note, extra={"accepted": accepted})

    def contact(
        self,
        at: datetime,
        by: User,
        *,
        spoken_at: datetime,
        outcome: str = ContactAttempt.Outcome.REACHED,
        said: str = "",
    ) -> None:
        """Note a try to speak to the citizen on the phone (联系诉求人)."""
        row = self._try(at, spoken_at, by, outcome, said)
        extra = {"outcome": row.get_outcome_display(), "means": row.get_means_display()}
        self.step("contact", at, by, extra=extra)

    def _try(
        self,
        at: datetime,
        spoken_at: datetime,
        by: User,
        outcome: str = ContactAttempt.Outcome.REACHED,
        said: str = "",
    ) -> ContactAttempt:
        row = ContactAttempt(
            department=self.turn.department,
            spoken_at=spoken_at,
            person=HIMSELF,
            outcome=outcome,
            said=said,
            by=by,
            at=at,
        )
        self.contacts.append(row)
        if outcome == ContactAttempt.Outcome.REACHED:
            self.turn.first_contact_at = self.turn.first_contact_at or spoken_at
        return row

    def _spoken_to(self) -> bool:
        """Tell whether the unit reached the citizen since it last had to answer."""
        last = max((row.accepted_at for row in self.replies if row.accepted_at), default=None)
        return any(
            row.outcome == ContactAttempt.Outcome.REACHED
            and row.department == self.turn.department
            and (last is None or row.at > last)
            for row in self.contacts
        )

    def record(self, at: datetime, by: User, said: dict[str, Any]) -> None:
        """Keep what the unit has established (办理记录)."""
        unit = self.turn.department
        found = (row for row in self.handlings if row.department == unit)
        row = next(found, None) or Handling(department=unit)
        if row not in self.handlings:
            self.handlings.append(row)
        known = [f.name for f in fields(Findings) if f.name in said]
        changed = [name for name in known if said[name] != getattr(row, name)]
        for name in changed:
            setattr(row, name, said[name])
        row.by, row.at = by, at
        self.step("record", at, by, extra={"recorded": Handling.labels(changed)})

    def reply(
        self,
        at: datetime,
        by: User,
        text: str,
        result: str,
        *,
        contacted: bool,
        sign_offs: int = 0,
        **more: Any,
    ) -> None:
        """Write the unit's reply (答复), to be signed by some before the last."""
        self.ticket.sign_offs_left = sign_offs
        if contacted and not self._spoken_to():
            self._try(at, at, by)
        told = self._spoken_to()
        row = self._reply_row(at, by, text, self.ticket.lead, result, contacted=told)
        row.contact_note = "" if told else "多次拨打无人接听"
        for name, said in more.items():
            setattr(row, name, said)
        self.replies.append(row)
        self.turn.state, self.turn.handler = Assignment.State.HANDLING, by
        self.step("reply", at, by, extra={"reply": row.version})

    def _reply_row(
        self,
        at: datetime,
        by: User,
        text: str,
        unit: Department | None,
        result: str,
        *,
        contacted: bool,
    ) -> Reply:
        return Reply(
            department=unit,
            version=len(self.replies) + 1,
            text=text,
            contacted=contacted,
            result=result,
            by=by,
            at=at,
        )

    def endorse(self, at: datetime, by: User, level: str) -> None:
        """Sign the reply on its way to the last level (审签)."""
        self.ticket.sign_offs_left -= 1
        self.step("endorse", at, by, extra={"level": level})

    def release(self, at: datetime, by: User) -> None:
        """Let the reply out of the unit (单位审核)."""
        self.ticket.replied_at = self.turn.replied_at = at
        self.turn.state = Assignment.State.REPLIED
        self.step("release", at, by)

    def review(self, at: datetime, by: User, *, close: bool, publish: bool = False) -> None:
        """Accept the reply (审核), on to the call-back or closed."""
        if publish and self.replies[-1].may_publish and self.ticket.public:
            self.replies[-1].published_at = at
        self.replies[-1].accepted_at = at
        if close:
            self.ticket.closed_at = at
        self.step("review", at, by, to=Status.CLOSED if close else Status.PENDING_CALLBACK)

    def call_back(
        self,
        at: datetime,
        by: User,
        outcome: str,
        answers: dict[str, str],
        *,
        to: Status,
        note: str = "",
    ) -> None:
        """Note a try to reach the citizen (回访) and where it led."""
        self.callbacks.append(CallbackAttempt(outcome=outcome, text=note, at=at, by=by, **answers))
        extra = {"outcome": outcome, "solved": "", "satisfied": ""}
        extra |= {name: answers[name] for name in ("solved", "satisfied") if name in answers}
        self._end_round(at, to)
        self.step("call_back", at, by, to=to, note=note, extra=extra)

    def rate(self, at: datetime, answers: dict[str, str], *, to: Status, text: str = "") -> None:
        """Take the citizen's own rating (评价)."""
        self.ratings.append(Rating(at=at, text=text, **answers))
        self._end_round(at, to)
        said = {key: answers[key] for key in ("solved", "satisfied")}
        self.step("rate", at, Party.CITIZEN, to=to, note=text, extra=said)

    def _end_round(self, at: datetime, to: Status) -> None:
        """Close the ticket, or send it back to its unit (重办)."""
        row = self.ticket
        row.closed_at = at if to == Status.CLOSED else row.closed_at
        if to == Status.REDO:
            row.redo_count += 1
            if row.redo_count >= 2 and not row.supervise_level:
                self.supervisions.append(oversight.begin(row, at, note=oversight.REDONE))
            row.closed_at = row.replied_at = None
            self.turn.state, self.turn.replied_at = Assignment.State.HANDLING, None

    def urge(self, at: datetime, by: Actor, note: str = "") -> None:
        """Count that the citizen asks to hurry (催办)."""
        self.ticket.urge_count += 1
        self.step("urge", at, by, note=note)

    def supervise(self, at: datetime, by: User, note: str) -> None:
        """Put the ticket under supervision (督办)."""
        self.supervisions.append(oversight.begin(self.ticket, at, note=note, by=by))
        self.step("supervise", at, by, note=note)

    def withdraw(self, at: datetime, by: Actor, reason: str) -> None:
        """Take the demand back (撤单)."""
        self.ticket.closed_at = at
        for turn in self.live:
            turn.state = Assignment.State.REPLIED
        self.step("withdraw", at, by, note=reason)
