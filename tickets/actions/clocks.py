"""Keeps a ticket's clocks while its state changes: they stop, go on, and are reckoned anew."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import Department, Role, User
from city import selectors as city
from city.memo import steady
from city.models import Parameter, TimeLimit
from city.working_time import Calendar, Deadline
from tickets import deadlines, policy
from tickets.deadlines import Longer, Standstill
from tickets.models import Assignment, Awaits, ClockStop, Entry, Extension, Promise, Ticket
from tickets.workflow import HANDLED, PAUSED, Status

OF_UNITS = frozenset({TimeLimit.Clock.HANDLE, TimeLimit.Clock.REDO})
LEAD = Assignment.Part.LEAD
LAPSED = "申请未及审批，工单已进入下一环节"


def limit_of(row: Ticket, clock: str, at: datetime) -> TimeLimit:
    """Give the limit of CLOCK that is in force for this ticket (时限)."""
    return city.limit_for(clock, kind=row.kind, urgency=row.urgency, at=at)


def calendar_of(unit: Department | None) -> Calendar:
    """Give the calendar by which a unit works (工作日历), the city's without a unit."""
    return city.calendar(unit.region_id if unit else None)


def keep_rule(turn: Assignment, limit: TimeLimit, start: datetime) -> None:
    """Note from when and by which rule the turn is reckoned: it keeps the rule it began with."""
    turn.counted_from = start
    turn.limit_amount, turn.limit_unit, turn.limit_preset = limit.amount, limit.unit, limit.preset


def live(ticket: Ticket) -> QuerySet[Assignment]:
    """The turns whose clocks may run."""
    return Assignment.objects.filter(ticket=ticket, voided_at=None)


def leave(row: Ticket, before: Status, to: Status, at: datetime) -> None:
    """Stop the clocks (停表) or let them go on, and drop what was asked and not decided."""
    if before in PAUSED and to not in PAUSED:
        _end_stop(row, at)
    if to in PAUSED and before not in PAUSED:
        ClockStop.objects.create(ticket=row, state=to, before=before, begun_at=at)
    if row.awaits and to not in HANDLED:
        drop_asked(row, at)


def redo(row: Ticket, at: datetime) -> None:
    """Let the lead unit's clock begin anew (重办)."""
    for turn in live(row).filter(part=LEAD):
        restart(row, turn, at)
        turn.save()


def _end_stop(row: Ticket, at: datetime) -> None:
    stop = ClockStop.objects.get(ticket=row, ended_at=None)
    stop.ended_at = max(at, stop.begun_at)
    stop.save(update_fields=["ended_at"])
    Promise.objects.filter(ticket=row, accepted=True, ended_at=None).update(ended_at=at)
    row.promised_on = None
    still = Standstill(stop.begun_at, stop.ended_at)
    for turn in live(row):
        shift(row, turn, still)
        turn.save(update_fields=["sign_due_at", "contact_due_at", "due_at"])


def shift(row: Ticket, turn: Assignment, still: Standstill) -> None:
    """Give a turn back the time in which its clocks stood still; those that are done stay."""
    calendar, unit = calendar_of(turn.department), turn.limit_unit
    if turn.signed_at is None:
        turn.sign_due_at = deadlines.resumed(turn.sign_due_at, still, unit, calendar).at
    if turn.contact_due_at and turn.first_contact_at is None:
        turn.contact_due_at = deadlines.resumed(turn.contact_due_at, still, unit, calendar).at
    if turn.replied_at is None:
        due = deadlines.resumed(turn.due_at, still, unit, calendar)
        put_due(row, turn, Deadline(due.at, due.provisional or row.handle_provisional))


def put_due(row: Ticket, turn: Assignment, due: Deadline) -> None:
    """Set when the turn is due (办理期限); the lead's is the ticket's."""
    turn.due_at = due.at
    if turn.part == LEAD:
        row.handle_due_at, row.handle_provisional = due.at, due.provisional


def level(row: Ticket, days: int, by: User) -> Awaits:
    """Say who decides on an extension (审批层级): the unit, or supervision."""
    long = days > city.number(Parameter.Name.EXTENSION_UNIT_DAYS) or row.extension_count > 0
    own = row.lead is not None and policy.acts_for(by, row.lead, Role.AUDITOR)
    return Awaits.LONG_EXTENSION if long or own else Awaits.EXTENSION


def lengthen(row: Ticket, turn: Assignment, days: int) -> None:
    """Give a turn more working days (延期)."""
    due = deadlines.extended(turn.due_at, days, calendar_of(turn.department))
    put_due(row, turn, Deadline(due.at, due.provisional or row.handle_provisional))


def leave_for_rewrite(row: Ticket, turn: Assignment, at: datetime) -> dict[str, int]:
    """Leave the unit some days for a rewrite that the hotline wants (退回重写): what the clock
    has left, or as many as the city says; gives what the history keeps, to be reckoned again.

    A unit that answered too late gains nothing by it.
    """
    days = city.number(Parameter.Name.REWRITE_DAYS)
    if not days or turn.replied_at is None or turn.replied_at > turn.due_at:
        return {}
    longer = Longer(at, days, at_least=True)
    due = deadlines.lengthened(turn.due_at, longer, calendar_of(turn.department))
    put_due(row, turn, Deadline(due.at, due.provisional or row.handle_provisional))
    return {"rewrite_days": days, "rewrite_unit": turn.department_id}


def drop_asked(row: Ticket, at: datetime) -> None:
    """Let a request lapse that nobody decided on in time (申请失效)."""
    asked = Promise if row.awaits == Awaits.PROMISE else Extension
    asked.objects.filter(ticket=row, accepted=None).update(
        accepted=False, decision=LAPSED, decided_at=at
    )
    row.awaits = ""


def go_on(row: Ticket, status: Status) -> None:
    """Show the unit's handling clock as the one that matters, as far as it has run."""
    row.due_at, row.due_provisional = row.handle_due_at, row.handle_provisional
    row.due_kind = deadlines.CLOCK_OF_STATUS[status]


def await_promise(row: Ticket) -> None:
    """Show the promised day as the one that matters (承诺日期)."""
    if row.promised_on is None:
        raise ValueError("nobody promised a day")
    due = deadlines.promised(row.promised_on, city.calendar())
    row.due_at, row.due_kind, row.due_provisional = due.at, deadlines.PROMISE, False


def restart(row: Ticket, turn: Assignment, at: datetime) -> None:
    """Begin a turn's clock anew (重办) where the ticket's has just begun."""
    keep_rule(turn, limit_of(row, TimeLimit.Clock.REDO, at), at)
    turn.due_at, turn.replied_at = row.handle_due_at or turn.due_at, None


def watch(row: Ticket, at: datetime) -> None:
    """Set when the clock that now matters is warned of (亮牌时间); a new clock has no card yet."""
    row.card, row.watch_at, row.yellow_at = "", None, None
    if row.due_at is None:
        return
    with steady():
        calendar = calendar_of(row.lead)
        found = deadlines.warnings(at, row.due_at, _warning_rule(at), calendar)
    row.watch_at = found.next_after(at, reminded=row.due_kind in OF_UNITS)
    row.yellow_at = found.yellow_at


def _warning_rule(at: datetime) -> deadlines.WarningRule:
    name = Parameter.Name
    shares = (name.REMIND_SHARE, name.YELLOW_DAYS, name.YELLOW_SHARE)
    return deadlines.WarningRule(*(city.number(each, at=at) for each in shares))


Shifts = Mapping[int, Sequence[tuple[int | None, Standstill | Longer]]]


def shifts_of(tickets: Collection[int]) -> Shifts:
    """Gather what stopped or lengthened the clocks of tickets: for all units, or for one."""
    found: defaultdict[int, list[tuple[int | None, Standstill | Longer]]] = defaultdict(list)
    for stop in ClockStop.objects.filter(ticket__in=tickets, ended_at__isnull=False):
        if stop.ended_at:
            found[stop.ticket_id].append((None, Standstill(stop.begun_at, stop.ended_at)))
    for granted in Extension.objects.filter(ticket__in=tickets, accepted=True):
        if granted.decided_at:
            longer = Longer(granted.decided_at, granted.days)
            found[granted.ticket_id].append((granted.department_id, longer))
    sent_back = Entry.objects.filter(ticket__in=tickets, step="send_reply_back")
    for entry in sent_back.filter(from_status=Status.REPLY_REVIEW):
        if "rewrite_days" in entry.extra:
            longer = Longer(entry.at, entry.extra["rewrite_days"], at_least=True)
            found[entry.ticket_id].append((entry.extra["rewrite_unit"], longer))
    return found


def assisting_limit(limit: TimeLimit, at: datetime) -> TimeLimit:
    """Give the limit of who assists (协办时限) beside a lead's, by the row in force at AT."""
    return deadlines.assisting(limit, city.number(Parameter.Name.ASSIST_AHEAD, at=at))


def within(own: datetime, lead: datetime, sign: datetime) -> datetime:
    """Keep the day of who was called in (加派协办) within the lead's, but not before it signs."""
    return max(sign, min(own, lead))


def sub_due(above: Assignment, until: datetime, sign: datetime, at: datetime) -> datetime:
    """Say until when a unit must speak to which ABOVE, due UNTIL, hands down at AT (下派期限).

    Never before it must have signed, however late the unit above is.
    """
    share = city.number(Parameter.Name.SUB_SHARE, at=at)
    return max(deadlines.sub_due(at, until, share, calendar_of(above.department)), sign)


def note_contact(ticket: Ticket, at: datetime) -> None:
    """Note that the lead unit spoke to the citizen (先行联系); only the first time counts."""
    live(ticket).filter(part=LEAD, first_contact_at=None).update(first_contact_at=at)


def stopped_before(ticket: Ticket) -> Status:
    """Give the state to which a ticket goes back once its clocks go on."""
    return Status(ClockStop.objects.get(ticket=ticket, ended_at=None).before)
