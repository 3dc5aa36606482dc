"""The one judge: who may see a ticket and who may do which step."""

from collections.abc import Callable
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts import policy as people
from accounts.models import Department, Role, User
from accounts.selectors import ids_from
from city import selectors as city
from city.models import Parameter
from tickets.deadlines import seconds_to_take_back
from tickets.models import (
    DUTY_STEPS,
    Assignment,
    Attachment,
    Awaits,
    DutyItem,
    DutyStep,
    Inquiry,
    ReplyTemplate,
    Supervised,
    Ticket,
)
from tickets.workflow import (
    STEPS,
    UNSENT,
    Holder,
    Part,
    Party,
    Status,
    Step,
    TurnState,
    Urgency,
)

SEES_ALL = (Role.AGENT, Role.DISPATCHER, Role.REVIEWER, Role.CALLBACK, Role.SUPERVISOR)
UNIT_ROLES = (Role.SIGNER, Role.HANDLER, Role.AUDITOR)
KEEPS_TEMPLATES = (Role.AUDITOR, Role.EDITOR)
SIGNATURES = frozenset({"endorse", "release"})
WRITES_DUTIES = (Role.SUPERVISOR, Role.ADMIN)
READS_DUTIES = (*WRITES_DUTIES, Role.DISPATCHER)
RUNS_ROUTING = (Role.SUPERVISOR, Role.ADMIN)
SEES_TOPICS = (Role.SUPERVISOR,)
SETS_LIMITS = (Role.ADMIN,)
SEES_CONTACT = (Role.CALLBACK, Role.AGENT, Role.DISPATCHER, Role.SUPERVISOR)


def visible_to(user: User) -> QuerySet[Ticket]:
    """The tickets that USER may see (可见工单): the hotline all, a unit those it now has."""
    if not user.is_authenticated or not user.is_active:
        return Ticket.objects.none()
    if user.has_role(*SEES_ALL):
        return Ticket.objects.all()
    paths = unit_paths(user)
    if not paths:
        return Ticket.objects.none()
    mine = Assignment.objects.filter(_under(paths), ticket=OuterRef("pk"), voided_at=None)
    return Ticket.objects.filter(Exists(mine))


def findable_by_phone(user: User) -> QuerySet[Ticket]:
    """The tickets that USER may look for by the citizen's number (按电话查单).

    A number that leads to a ticket tells who spoke: only for those whose work needs contacts,
    and never to a confidential ticket for a unit.
    """
    if not people.may_see_contact(user):
        return Ticket.objects.none()
    rows = visible_to(user)
    return rows if user.has_role(*SEES_CONTACT) else rows.filter(confidential=False)


def unit_paths(user: User) -> list[str]:
    """Paths of the units for which USER acts in a unit's role."""
    return [unit.path for unit in user.departments_as(*UNIT_ROLES)]


def _under(paths: list[str]) -> Q:
    return reduce(or_, (Q(department__path__startswith=path) for path in paths))


def leads(user: User) -> Q:
    """Say which of the tickets that USER sees his units lead (主办工单); the hotline sees all."""
    if user.has_role(*SEES_ALL):
        return Q()
    under = [Q(lead__path__startswith=path) for path in unit_paths(user)]
    return reduce(or_, under) if under else Q(pk__in=[])


def beside(user: User, *states: TurnState) -> QuerySet[Assignment]:
    """The live turns of the units of USER beside a lead (协办、下派), of the row asked about."""
    units = [unit.pk for unit in user.departments_as(*UNIT_ROLES)]
    rows = Assignment.objects.filter(ticket=OuterRef("pk"), department__in=units, voided_at=None)
    return rows.filter(state__in=states, part__in=(Part.ASSISTING, Part.SUB))


def once_had(user: User, number: str) -> Ticket | None:
    """Find a ticket that was taken from a unit of USER's (曾经承办), to tell where it is."""
    paths = unit_paths(user)
    if not paths:
        return None
    past = Assignment.objects.filter(_under(paths), ticket__number=number, voided_at__isnull=False)
    return Ticket.objects.select_related("lead").filter(pk__in=past.values("ticket")).first()


def may_read(user: User, ticket: Ticket) -> bool:
    """Tell whether USER may see this ticket."""
    return visible_to(user).filter(pk=ticket.pk).exists()


def may(user: User, step: Step, ticket: Ticket) -> bool:
    """Tell whether USER's role and unit allow STEP on this ticket where it stands."""
    if Status(ticket.status) not in step.sources or not may_ever(user, step, ticket):
        return False
    fits = _FITS.get(step.verb)
    return fits is None or fits(ticket)


def _asked(ticket: Ticket, purpose: str) -> bool:
    """Tell whether a question of this purpose waits for the citizen."""
    return any(each.waits and each.purpose == purpose for each in ticket.inquiries.all())


def _may_still_return(ticket: Ticket) -> bool:
    return ticket.return_due_at is not None and timezone.now() <= ticket.return_due_at


_FITS: dict[str, Callable[[Ticket], bool]] = {
    "take_back": lambda t: bool(seconds_to_take_back(t.dispatched_at, timezone.now())),
    "send_back": _may_still_return,
    "endorse": lambda t: t.sign_offs_left > 0,
    "release": lambda t: t.sign_offs_left == 0 and not awaited(t),
    "part": lambda t: t.incident_id is not None,
    "unsplit": lambda t: not t.parts.exclude(status__in=UNSENT).exists(),
    "inform": lambda t: _asked(t, Inquiry.Purpose.MISSING),
    "relay": lambda t: t.confidential and not _asked(t, Inquiry.Purpose.RELAY),
    "respond": lambda t: _asked(t, Inquiry.Purpose.RELAY),
    "propose_withdrawal": lambda t: not _asked(t, Inquiry.Purpose.WITHDRAWAL),
    "extend": lambda t: not why_not_extend(t, timezone.now()),
    "promise": lambda t: not t.awaits,
    "suspend": lambda t: t.awaits == Awaits.PROMISE,
    "decide_extension": lambda t: t.awaits in {Awaits.EXTENSION, Awaits.LONG_EXTENSION},
    "withdraw": lambda t: not _asked(t, Inquiry.Purpose.WITHDRAWAL),
    "escalate": lambda t: t.supervise_level + 1 in Supervised.values,
    "explain": lambda t: t.explain_due_at is not None,
    "end_supervision": lambda t: t.supervise_level > 0,
}
"""What must hold beside state and role before a step is offered to staff."""


def too_late_to_return(user: User, ticket: Ticket) -> datetime | None:
    """Give the limit that USER missed (退单期限已过); None where none was, or it still runs."""
    step, until = STEPS["send_back"], ticket.return_due_at
    if until is None or timezone.now() <= until or Status(ticket.status) not in step.sources:
        return None
    return until if may_ever(user, step, ticket) else None


def live_turns(ticket: Ticket) -> list[Assignment]:
    """The turns of the units that have the ticket now (承办), as they were fetched with it."""
    return [turn for turn in ticket.assignments.all() if turn.voided_at is None]


def awaited(ticket: Ticket, above: Assignment | None = None) -> list[Assignment]:
    """The turns beside the lead whose unit has not had its say (待反馈), or those below ABOVE."""
    waiting = [turn for turn in live_turns(ticket) if turn.part != Part.LEAD and turn.is_open]
    return [turn for turn in waiting if above is None or turn.parent_id == above.pk]


def owed_by(user: User, ticket: Ticket) -> Assignment | None:
    """The turn that a unit of USER's owes beside the lead (本单位待办), the next due first."""
    units = {unit.pk for unit in user.departments_as(*UNIT_ROLES)}
    if ticket.lead_id in units:
        return None
    mine = [turn for turn in awaited(ticket) if turn.department_id in units]
    return min(mine, key=lambda turn: turn.limit_at, default=None)


def turns_for(user: User, step: Step, ticket: Ticket) -> list[Assignment]:
    """The units' turns at which USER may do STEP (可办的承办), wherever the ticket stands."""
    asked = step.turns
    if asked is None or not user.is_active:
        return []
    rows = [t for t in live_turns(ticket) if t.part in asked.parts and t.state in asked.states]
    rows = [turn for turn in rows if _holds(user, step, turn)]
    if step.verb == "advise":
        return [turn for turn in rows if not awaited(ticket, turn)]
    if step.verb == "sub_dispatch":
        return [turn for turn in rows if units_below(ticket, turn)]
    return rows


def units_below(ticket: Ticket, turn: Assignment) -> set[int]:
    """The units to which this turn can be handed down (可下派单位): below it, in use, not accused.

    Those that have the ticket are left out, but for those that answered: they may be asked anew.
    """
    accused = set(ids_from(ticket.respondent)) if ticket.respondent else set()
    live = live_turns(ticket)
    answered = {t.department_id for t in live if t.parent_id == turn.pk and not t.is_open}
    busy = {t.department_id for t in live} - answered
    return set(ids_from(turn.department)) - {turn.department_id} - busy - accused


def _holds(user: User, step: Step, turn: Assignment) -> bool:
    """Tell whether USER is of the unit whose people do STEP at this turn."""
    holder = step.turns.holder if step.turns else Holder.OWN
    if holder == Holder.HOTLINE:
        return user.has_role(*step.roles)
    if holder == Holder.LEAD:
        lead = turn.ticket.lead
        return lead is not None and acts_for(user, lead, *step.roles)
    mine = {unit.pk for unit in user.departments_as(*step.roles)}
    if holder == Holder.ABOVE:
        return turn.parent is not None and turn.parent.department_id in mine
    return turn.department_id in mine


def may_ever(user: User, step: Step, ticket: Ticket) -> bool:
    """Tell whether USER's role and unit allow STEP on this ticket, wherever it stands."""
    if not user.is_active or not user.has_role(*step.roles):
        return False
    if step.turns:
        return bool(turns_for(user, step, ticket))
    if step.verb in SHARED:
        return SHARED[step.verb](user, ticket)
    if step.own_unit:
        return acts_for_lead(user, ticket, step)
    return user.has_role(*step.roles) and not _only_unit_roles(user, step)


def acts_for_lead(user: User, ticket: Ticket, step: Step) -> bool:
    """Tell whether USER does STEP for the unit in the lead; a signature only who is to sign."""
    if ticket.lead is None or (step.verb in SIGNATURES and _waits_for_another(user, ticket)):
        return False
    return acts_for(user, ticket.lead, *step.roles)


def _waits_for_another(user: User, ticket: Ticket) -> bool:
    return ticket.next_signer_id not in {None, user.pk}


def _only_unit_roles(user: User, step: Step) -> bool:
    """Tell whether only a unit's role would allow what the hotline does."""
    return not user.roles & step.roles - set(UNIT_ROLES)


def _may_send_reply_back(user: User, ticket: Ticket) -> bool:
    """The unit's auditor before release, the hotline's reviewer after it (退回重写)."""
    if ticket.status == Status.REPLY_REVIEW:
        return user.has_role(Role.REVIEWER)
    if _waits_for_another(user, ticket):
        return False
    return ticket.lead is not None and acts_for(user, ticket.lead, Role.AUDITOR)


def _may_resume(user: User, ticket: Ticket) -> bool:
    """The unit's auditor, or supervision (恢复办理)."""
    return user.has_role(Role.SUPERVISOR) or _audits(user, ticket)


def _may_decide_extension(user: User, ticket: Ticket) -> bool:
    """The unit's auditor on few days, supervision on many (延期审批)."""
    if ticket.awaits == Awaits.EXTENSION:
        return _audits(user, ticket)
    return user.has_role(Role.SUPERVISOR)


def _audits(user: User, ticket: Ticket) -> bool:
    return ticket.lead is not None and acts_for(user, ticket.lead, Role.AUDITOR)


SHARED = {
    "send_reply_back": _may_send_reply_back,
    "resume": _may_resume,
    "decide_extension": _may_decide_extension,
}
"""Steps that belong to the unit or to the hotline, as the ticket stands."""


def why_not_extend(ticket: Ticket, now: datetime) -> str:
    """Say why no more days can be asked for (不能延期的原因), "" where they can."""
    most = city.number(Parameter.Name.EXTENSIONS, at=now)
    if ticket.awaits:
        return f"这件工单已有申请（{ticket.get_awaits_display()}），请等待审批。"
    if ticket.handle_due_at is None or now > ticket.handle_due_at:
        return "办理期限已过，不能再申请延期。"
    if ticket.extension_count >= most:
        return f"每件工单最多延期 {most} 次。"
    if ticket.urgency != Urgency.NORMAL and not _contacted(ticket):
        return "紧急工单须先联系诉求人，首次响应不能延期。"
    return ""


def _contacted(ticket: Ticket) -> bool:
    lead = ticket.assignments.filter(part=Assignment.Part.LEAD, voided_at=None)
    return lead.exclude(first_contact_at=None).exists()


def acts_for(user: User, unit: Department, *roles: Role) -> bool:
    """Tell whether USER has one of ROLES in UNIT or above it."""
    return any(unit.path.startswith(own.path) for own in user.departments_as(*roles))


def may_party(party: Party, step: Step) -> bool:
    """Tell whether the system or the citizen does STEP at all."""
    return party in step.parties


def allowed_steps(user: User, ticket: Ticket) -> list[Step]:
    """The steps that USER may do now (下一步), in the table's order."""
    return [step for step in STEPS.values() if not step.creates and may(user, step, ticket)]


def may_see_contact(user: User, ticket: Ticket) -> bool:
    """Tell whether USER may reveal who the citizen is (查看联系方式).

    A unit needs the contact to handle, but never of a confidential ticket; the agent keeps the
    caller's number only while the hotline's roles allow.
    """
    if user.has_role(*SEES_CONTACT):
        return True
    if ticket.confidential or ticket.lead is None:
        return False
    return acts_for(user, ticket.lead, Role.HANDLER, Role.SIGNER)


def veil_of(user: User, ticket: Ticket) -> Callable[[str], str]:
    """Give what hides from USER in words who a confidential citizen is (隐去身份)."""
    return ticket.hide if ticket.confidential and not user.has_role(*SEES_ALL) else str


def conflicted(ticket: Ticket, unit: Department) -> bool:
    """Tell whether UNIT is complained about (回避): it or anything below it must not handle."""
    accused = ticket.respondent
    return accused is not None and unit.path.startswith(accused.path)


def may_write_duties(user: User) -> bool:
    """Tell whether USER keeps the duty list and the rules (维护派单目录)."""
    return user.is_active and user.has_role(*WRITES_DUTIES)


def may_run_routing(user: User) -> bool:
    """Tell whether USER decides which model is in force (匹配工坊)."""
    return user.is_active and user.has_role(*RUNS_ROUTING)


def may_see_topics(user: User) -> bool:
    """Tell whether USER sees what the whole city tells of (热点): units see no others' counts."""
    return user.is_active and user.has_role(*SEES_TOPICS)


def may_set_limits(user: User) -> bool:
    """Tell whether USER decides which limits open tickets have (时限改用)."""
    return user.is_active and user.has_role(*SETS_LIMITS)


def may_move_duty(user: User, step: DutyStep, item: DutyItem) -> bool:
    """Tell whether USER may do STEP on this row of the duty list; nobody reviews his own words."""
    if item.state != step.source or not may_write_duties(user):
        return False
    return not (step.of_another and item.written_by_id == user.pk)


def allowed_duty_steps(user: User, item: DutyItem) -> dict[str, DutyStep]:
    """The steps that USER may do on this row of the duty list now (目录条目下一步)."""
    return {verb: step for verb, step in DUTY_STEPS.items() if may_move_duty(user, step, item)}


def files_of(user: User, ticket: Ticket) -> QuerySet[Attachment]:
    """The files of a ticket that USER may open (附件): what he sent may show who a citizen is."""
    if ticket.confidential and not user.has_role(*SEES_CONTACT):
        return ticket.attachments.exclude(stage=Attachment.Stage.DEMAND)
    return ticket.attachments.all()


def may_keep_templates(user: User, unit: Department | None) -> bool:
    """Tell whether USER keeps the reply templates of UNIT (维护答复模板); None is all units."""
    if not user.is_active:
        return False
    if unit is None:
        kinds = [own.kind for own in user.departments_as(Role.EDITOR)]
        return user.has_role(Role.ADMIN) or Department.Kind.CENTER in kinds
    return may_keep_templates(user, None) or acts_for(user, unit, *KEEPS_TEMPLATES)


def templates_kept_by(user: User) -> QuerySet[ReplyTemplate]:
    """The reply templates that USER keeps (维护的答复模板): all, or those of his units."""
    if may_keep_templates(user, None):
        return ReplyTemplate.objects.all()
    paths = [unit.path for unit in user.departments_as(*KEEPS_TEMPLATES)]
    return ReplyTemplate.objects.filter(_under(paths)) if paths else ReplyTemplate.objects.none()
