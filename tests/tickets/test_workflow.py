"""The table of steps as data: every state, every role, every step, against what the actions do."""

import pytest
from django.db import transaction

from accounts.models import Role, User
from tests.factories import Units, make_user
from tests.tickets.steps import TRY, accepted
from tickets import actions, errors, policy
from tickets.management.commands import draw_workflow
from tickets.models import Assignment, ClockStop, Reply, Ticket
from tickets.workflow import FINAL, OPEN, PAUSED, STEPS, UNSENT, Status, Step

BY_STAFF = [step for step in STEPS.values() if step.roles and not step.creates]
UNIT_ROLES = (Role.SIGNER, Role.HANDLER, Role.AUDITOR)


@pytest.fixture
def staff(units: Units) -> dict[str, User]:
    """One of each role, the unit's roles in 市住建局 and again in 市城管局."""
    own = {
        role.value: make_user(role, units.housing if role in UNIT_ROLES else units.center)
        for role in Role
    }
    return own | {f"other {role.value}": make_user(role, units.urban) for role in UNIT_ROLES}


@pytest.fixture
def ticket(units: Units, staff: dict[str, User]) -> Ticket:
    """A ticket of 市住建局 that has a reply."""
    made = accepted()
    actions.dispatch(made, to=units.housing, by=staff["dispatcher"])
    actions.sign(made, by=staff["signer"])
    TRY["reply"](made, staff["handler"], units)
    assert Reply.objects.exists()
    return made


def put(ticket: Ticket, status: Status) -> None:
    """Set the ticket down in a state; before dispatch no unit has it."""
    Ticket.objects.update(status=status)
    if status in {*UNSENT, Status.PENDING_INFO, Status.DISPUTING}:
        Ticket.objects.update(lead=None)
        Assignment.objects.update(voided_at=ticket.moved_at)
    if status in PAUSED:
        ClockStop.objects.create(
            ticket=ticket, state=status, before=Status.PROCESSING, begun_at=ticket.moved_at
        )
    ticket.refresh_from_db()


def outcome(step: Step, ticket: Ticket, by: User, units: Units) -> bool:
    """Try a step and take it back; tell whether the state and the role allowed it."""
    with transaction.atomic():
        try:
            TRY[step.verb](ticket, by, units)
        except (errors.NotAllowed, errors.WrongState):
            return False
        except errors.Invalid:
            return True
        finally:
            transaction.set_rollback(True)
    return True


@pytest.mark.parametrize("status", Status)
def test_what_policy_says_is_what_the_actions_do(
    status: Status, ticket: Ticket, staff: dict[str, User], units: Units
) -> None:
    put(ticket, status)

    said = {(n, s.verb): policy.may(by, s, ticket) for n, by in staff.items() for s in BY_STAFF}
    done = {(n, s.verb): outcome(s, ticket, by, units) for n, by in staff.items() for s in BY_STAFF}

    assert done == said


@pytest.mark.parametrize("status", Status)
def test_nobody_gets_a_step_whose_row_does_not_name_role_and_state(
    status: Status, ticket: Ticket, staff: dict[str, User]
) -> None:
    put(ticket, status)

    given = {n: policy.allowed_steps(by, ticket) for n, by in staff.items()}

    for name, steps in given.items():
        assert all(status in step.sources for step in steps)
        assert all(Role(name.split()[-1]) in step.roles for step in steps)
        assert name.split()[0] != "other" or steps == []
    assert given["admin"] == given["editor"] == []


def test_the_unit_of_another_branch_gets_no_step_of_the_unit(
    ticket: Ticket, staff: dict[str, User]
) -> None:
    put(ticket, Status.PENDING_SIGN)

    assert [s.verb for s in policy.allowed_steps(staff["signer"], ticket)] == ["sign", "send_back"]
    assert policy.allowed_steps(staff["other signer"], ticket) == []


@pytest.mark.parametrize("verb", STEPS)
def test_every_step_has_its_action_and_is_tried_here(verb: str) -> None:
    assert callable(getattr(actions, verb))
    assert verb in TRY


@pytest.mark.parametrize("status", sorted(OPEN))
def test_every_open_state_leads_on_and_can_be_reached(status: Status) -> None:
    leaving = [s for s in STEPS.values() if status in s.sources and set(s.targets) - {status}]
    coming = [s for s in STEPS.values() if status in s.targets]

    assert {s.verb for s in leaving} - {"withdraw"}
    assert coming


def test_nothing_leaves_the_archive_nor_a_withdrawal() -> None:
    ends = {Status.ARCHIVED, Status.WITHDRAWN}

    assert ends < FINAL
    assert [s.verb for s in STEPS.values() if s.sources & ends] == []


def test_the_drawing_of_the_way_is_fresh() -> None:
    assert draw_workflow.path().read_text(encoding="utf-8") == draw_workflow.render()
