"""A random walk over the table of steps; what must hold holds after every step."""

import itertools
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from accounts import actions as accounts
from accounts.models import Department, Role, User
from tests.factories import Units, make_town, make_units, make_user
from tests.tickets.steps import HAPPY, NOTE, TEXT, TRY, UNHAPPY, Try
from tickets import actions, errors, policy, selectors
from tickets.actions.moves import QUIET
from tickets.actions.reckoning import of_ticket
from tickets.deadlines import CLOCK_OF_STATUS
from tickets.models import Assignment, Entry, Opinion, Source, Ticket
from tickets.workflow import FINAL, HANDLED, PAUSED, STEPS, UNANSWERED, Party, Status

DEMANDS = (("13812345678", "help"), ("", "complaint"), ("13912345678", "consult"))
ONWARD = (
    "dispatch sign send_back decide_return designate extend decide_extension promise suspend "
    "resume reply release review call_back reopen receive advise sub_dispatch"
).split()
NOBODYS = {
    Status.PENDING_REVIEW,
    Status.PENDING_DISPATCH,
    Status.PENDING_INFO,
    Status.DISPUTING,
}
MONDAY = "2026-11-16 09:30 +0800"
BENDS: dict[str, Try] = {
    "refused return": lambda t, by, u: actions.decide_return(t, accepted=False, note=NOTE, by=by),
    "nobody answers": lambda t, by, u: actions.call_back(t, outcome="no_answer", by=by),
    "unhappy on the phone": lambda t, by, u: actions.call_back(
        t, outcome="reached", by=by, **UNHAPPY
    ),
    "unhappy online": lambda t, by, u: actions.rate(t, **UNHAPPY),
    "happy online": lambda t, by, u: actions.rate(t, **HAPPY),
    "dispatched to another": lambda t, by, u: actions.dispatch(
        t, to=u.urban, assisting=[u.wanghe], by=by
    ),
    "extension refused": lambda t, by, u: actions.decide_extension(
        t, accepted=False, note=NOTE, by=by
    ),
    "promise refused": lambda t, by, u: actions.suspend(t, accepted=False, note=NOTE, by=by),
    "supplemented online": lambda t, by, u: actions.supplement(t, text=NOTE, by=Party.CITIZEN),
    "informed online": lambda t, by, u: actions.inform(t, text=NOTE, by=Party.CITIZEN),
    "withdrawn online": lambda t, by, u: actions.withdraw(t, reason=NOTE, by=Party.CITIZEN),
}
DISTRICTS = "complaint"


def dispatched(ticket: Ticket, by: User, units: Units) -> object:
    """Dispatch complaints to the district, which has streets below it, all else to a bureau."""
    if ticket.kind == DISTRICTS:
        return actions.dispatch(ticket, to=units.linxi, assisting=[units.urban], by=by)
    return actions.dispatch(ticket, to=units.housing, assisting=[units.wanghe], by=by)


ONWARDS = TRY | {"dispatch": dispatched}
ANYTHING = {verb: do for verb, do in TRY.items() if not STEPS[verb].creates} | BENDS
ANY_TICKET = st.integers(0, len(DEMANDS) - 1)


class Walk(RuleBasedStateMachine):
    """Several tickets, all the people, and a clock that runs on."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.travel = time_machine.travel(MONDAY, tick=False)
        self.clock = self.travel.start()
        self.units = make_units(make_town())
        kind = Department.Kind.COMMUNITY
        liulin = accounts.create_department("ll", "柳林社区", kind=kind, parent=self.units.wanghe)
        four = (self.units.linxi, self.units.wanghe, liulin)
        self.homes = (self.units.housing, self.units.urban, *four)
        working = {Role.SIGNER, Role.HANDLER, Role.AUDITOR}
        self.staff: list[User] = [
            make_user(role, unit)
            for role in Role
            for unit in (self.homes if role in working else (None,))
        ]
        self.checked: dict[int, int] = {}
        self.tickets = [
            actions.accept(text=TEXT, source=Source.WEB, by=Party.CITIZEN, phone=phone, kind=kind)
            for phone, kind in DEMANDS
        ]

    def teardown(self) -> None:
        """Leave no row behind."""
        self.travel.stop()
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def ticket(self, index: int) -> Ticket:
        """Give a ticket a moment later: no two steps are of the same instant."""
        self.clock.shift(timedelta(seconds=1))
        found = self.tickets[index]
        found.refresh_from_db()
        return found

    @rule(index=ANY_TICKET, choices=st.lists(st.integers(0, 1_000), min_size=1, max_size=4))
    def go_on(self, index: int, choices: list[int]) -> None:
        """Do steps that policy gives somebody now: they must not be refused."""
        for choice in choices:
            self.ticket(index)  # a moment later
            ticket = selectors.with_turns(Ticket.objects.filter(pk=self.tickets[index].pk)).get()
            ways = [
                (step.verb, by)
                for by in self.staff
                for step in policy.allowed_steps(by, ticket)
                if choice % 8 == 0 or step.verb in ONWARD
            ]
            if not ways:
                return
            verb, by = ways[choice % len(ways)]
            before, gathered = ticket.version, verb == "gather" and ticket.incident_id

            ONWARDS[verb](ticket, by, self.units)

            assert ticket.version == before + (not gathered)  # the other one joins

    @rule(index=ANY_TICKET, what=st.sampled_from(sorted(ANYTHING)), who=st.integers(0, 99))
    def try_anything(self, index: int, what: str, who: int) -> None:
        """Let anybody try anything: done wholly, or refused with nothing changed."""
        ticket = self.ticket(index)
        before = (ticket.version, ticket.status, ticket.lead_id, ticket.due_at)
        gathered = what == "gather" and ticket.incident_id is not None  # the other one joins

        try:
            ANYTHING[what](ticket, self.staff[who % len(self.staff)], self.units)
        except errors.Refusal:
            ticket.refresh_from_db()
            assert (ticket.version, ticket.status, ticket.lead_id, ticket.due_at) == before
        else:
            assert ticket.version == before[0] + (not gathered)

    @rule(index=ANY_TICKET)
    def use_a_stale_form(self, index: int) -> None:
        ticket = self.ticket(index)
        last = ticket.entries.latest("id")
        if last.step in QUIET and last.party == Party.SYSTEM.value:
            return  # that makes no page stale

        with pytest.raises(errors.Stale):
            actions.withdraw(ticket, reason=NOTE, by=Party.CITIZEN, version=ticket.version - 1)

    @rule()
    def merged_tickets_follow(self) -> None:
        """Do what the outbox would: nobody's answer waits for a master that is done."""
        actions.follow_masters([ticket.pk for ticket in self.tickets])

        waiting = Ticket.objects.filter(status=Status.MERGED)
        assert not waiting.exclude(merged_into__status__in=UNANSWERED).exists()

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours: int) -> None:
        self.clock.shift(timedelta(hours=hours))

    def histories_are_whole(self, ticket: Ticket) -> None:
        entries = list(Entry.objects.filter(ticket=ticket).order_by("id"))
        assert [e.version for e in entries] == list(range(1, ticket.version + 1))
        assert entries[-1].to_status == ticket.status
        for one, two in itertools.pairwise(entries):
            assert two.from_status == one.to_status
            step = STEPS[two.step]
            assert two.from_status in step.sources
            assert two.to_status in step.targets or two.to_status == two.from_status

    def exactly_the_lead_leads(self, ticket: Ticket) -> None:
        live = Assignment.objects.filter(ticket=ticket, voided_at=None, part="lead")
        assert [row.department_id for row in live] == [ticket.lead_id] * bool(ticket.lead_id)
        waiting = ticket.status in NOBODYS
        assert not (waiting and ticket.lead_id)

    def nobody_is_merged_into_himself_or_into_who_is_merged(self) -> None:
        for child in Ticket.objects.filter(status=Status.MERGED).select_related("merged_into"):
            assert child.merged_into
            assert child.merged_into.status != Status.MERGED
            assert child.lead_id is None

    def counters_equal_the_history(self, ticket: Ticket) -> None:
        steps = list(ticket.entries.values_list("step", flat=True))
        sent = sum(steps.count(verb) for verb in ("dispatch", "redirect", "designate"))
        assert ticket.dispatch_count == sent - steps.count("take_back")
        assert ticket.urge_count == steps.count("urge")
        assert ticket.return_count == ticket.returns.filter(accepted=True).count()
        assert ticket.disputes.filter(settled_at=None).exists() == (
            ticket.status == Status.DISPUTING
        )

    def clocks_run_while_somebody_must_act(self, ticket: Ticket) -> None:
        assert (ticket.due_at is not None) == (Status(ticket.status) in CLOCK_OF_STATUS)
        assert (ticket.closed_at is not None) == (Status(ticket.status) in FINAL)
        reopened = ticket.entries.filter(step="reopen").count()
        assert ticket.redo_count <= 2 + reopened

    def clocks_stand_still_exactly_while_suspended(self, ticket: Ticket) -> None:
        still = ticket.stops.filter(ended_at=None)
        assert still.count() == (Status(ticket.status) in PAUSED)
        assert (ticket.promised_on is not None) == (ticket.status == Status.SUSPENDED)
        stops = list(ticket.stops.order_by("id"))
        for one, two in itertools.pairwise(stops):
            assert one.ended_at
            assert one.begun_at <= one.ended_at <= two.begun_at
        waiting = ticket.promises.filter(accepted=None).count()
        waiting += ticket.extensions.filter(accepted=None).count()
        assert waiting == bool(ticket.awaits)
        granted = ticket.extensions.filter(accepted=True).count()
        assert ticket.extension_count == granted <= 1

    def a_clock_that_runs_is_what_its_rule_and_its_stops_make_it(self, ticket: Ticket) -> None:
        known = of_ticket(ticket)
        for turn in known.turns:
            if turn.replied_at is None and ticket.status not in FINAL:
                assert turn.due_at == known.due(turn).at
                assert turn.due_at > (turn.counted_from or turn.dispatched_at)
        if ticket.status in HANDLED:
            lead = next(turn for turn in known.turns if turn.part == "lead")
            assert ticket.due_at == ticket.handle_due_at == lead.due_at

    def what_was_handed_down_hangs_below_who_has_it(self, ticket: Ticket) -> None:
        live = {row.pk: row for row in ticket.assignments.filter(voided_at=None)}
        assert len({row.department_id for row in live.values()}) == len(live)
        for row in live.values():
            assert (row.parent_id is None) == (row.part != "sub")
            if row.parent_id:
                above = live[row.parent_id].department
                assert row.department.path.startswith(above.path)
                assert row.department != above
        said = Opinion.objects.filter(turn__ticket=ticket, turn__signed_at=None)
        assert not said.exists()

    def nobody_who_was_asked_is_passed_over(self, ticket: Ticket) -> None:
        if ticket.status in {Status.REPLY_REVIEW, Status.PENDING_CALLBACK}:
            assert policy.awaited(ticket) == []

    def a_unit_sees_what_it_has_and_nothing_else(self) -> None:
        for unit in self.homes:
            user = next(u for u in self.staff if u.departments == [unit])
            mine = Assignment.objects.filter(department__path__startswith=unit.path, voided_at=None)
            assert set(policy.visible_to(user).values_list("pk", flat=True)) == set(
                mine.values_list("ticket_id", flat=True)
            )

    @invariant()
    def what_must_hold_holds(self) -> None:
        """Look at each ticket that moved, and at what several tickets must agree on."""
        rows = Ticket.objects.select_related("lead")
        moved = [row for row in rows if self.checked.get(row.pk) != row.version]
        for ticket in moved:
            self.histories_are_whole(ticket)
            self.exactly_the_lead_leads(ticket)
            self.counters_equal_the_history(ticket)
            self.clocks_run_while_somebody_must_act(ticket)
            self.clocks_stand_still_exactly_while_suspended(ticket)
            self.a_clock_that_runs_is_what_its_rule_and_its_stops_make_it(ticket)
            self.what_was_handed_down_hangs_below_who_has_it(ticket)
            self.nobody_who_was_asked_is_passed_over(ticket)
            self.checked[ticket.pk] = ticket.version
        if moved:
            self.nobody_is_merged_into_himself_or_into_who_is_merged()
            self.a_unit_sees_what_it_has_and_nothing_else()


def walk(examples: int, steps: int, *, derandomize: bool) -> None:
    plan = settings(
        max_examples=examples,
        stateful_step_count=steps,
        derandomize=derandomize,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
    )
    run_state_machine_as_test(Walk, settings=plan)


@pytest.mark.django_db
def test_what_must_hold_holds_after_each_of_two_thousand_steps() -> None:
    walk(40, 50, derandomize=True)


@pytest.mark.soak
@pytest.mark.django_db
def test_what_must_hold_holds_after_each_of_fifty_thousand_steps() -> None:
    walk(500, 100, derandomize=False)
