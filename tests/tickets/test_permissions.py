"""Who sees a ticket and its citizen: the hotline, the unit that has it, nobody else."""

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import AccessLog, Role, User
from tests.factories import Units, make_user
from tests.tickets.steps import accepted
from tickets import actions, errors, finding, policy, selectors
from tickets.finding import Wanted
from tickets.models import Ticket
from tickets.workflow import Party

REASON = "核实地址"


@pytest.fixture
def ticket(units: Units, dispatcher: User) -> Ticket:
    """A ticket of 市住建局, with 望河街道 assisting."""
    return actions.dispatch(accepted(), to=units.housing, assisting=[units.wanghe], by=dispatcher)


def sees(user: User) -> bool:
    return policy.visible_to(user).exists()


@pytest.mark.parametrize(
    "role", [Role.AGENT, Role.DISPATCHER, Role.REVIEWER, Role.CALLBACK, Role.SUPERVISOR]
)
def test_the_hotline_sees_every_ticket(role: Role, ticket: Ticket, units: Units) -> None:
    assert sees(make_user(role, units.center))


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ADMIN])
def test_who_does_not_work_on_tickets_sees_none(role: Role, ticket: Ticket, units: Units) -> None:
    user = make_user(role, units.center)

    assert not sees(user)
    assert selectors.counts(user) == {}
    assert finding.find_in_database(user, Wanted(words=ticket.number)) == []


def test_a_stranger_s_unit_sees_counts_and_finds_nothing(ticket: Ticket, stranger: User) -> None:
    assert not sees(stranger)
    assert not policy.may_read(stranger, ticket)
    assert not selectors.work_of(stranger).exists()
    assert not any(selectors.worklist(stranger, name).exists() for name in selectors.WORK_LISTS)
    assert finding.find_in_database(stranger, Wanted(words="楼道灯")) == []
    assert selectors.open_of_phone("13812345678", stranger) == []


def test_an_assisting_unit_and_those_above_it_see_the_ticket(ticket: Ticket, units: Units) -> None:
    assert sees(make_user(Role.HANDLER, units.wanghe))
    assert sees(make_user(Role.AUDITOR, units.linxi))
    assert not sees(make_user(Role.HANDLER, units.linxi_urban))


def test_an_assisting_unit_neither_signs_nor_reveals(ticket: Ticket, units: Units) -> None:
    assisting = make_user(Role.SIGNER, units.wanghe)

    with pytest.raises(errors.NotAllowed):
        actions.sign(ticket, by=assisting)
    with pytest.raises(errors.NotAllowed):
        actions.reveal(ticket, by=assisting, reason=REASON)


def test_a_dismissed_person_sees_nothing(ticket: Ticket, dispatcher: User) -> None:
    dispatcher.is_active = False

    assert not sees(dispatcher)
    assert policy.allowed_steps(dispatcher, ticket) == []


def test_a_role_in_the_hotline_gives_no_unit_s_role(ticket: Ticket, units: Units) -> None:
    signer_of_the_center = make_user(Role.SIGNER, units.center)

    assert not sees(signer_of_the_center)


@pytest.mark.parametrize("role", [Role.CALLBACK, Role.AGENT, Role.DISPATCHER, Role.SUPERVISOR])
def test_a_look_at_the_citizen_is_kept(role: Role, ticket: Ticket, units: Units) -> None:
    by = make_user(role, units.center)

    contact = actions.reveal(ticket, by=by, reason=REASON, ip="127.0.0.1")

    assert contact.phone == "13812345678"
    kept = AccessLog.objects.get()
    assert (kept.user, kept.reason, kept.subject_id) == (by, REASON, str(ticket.pk))


def test_the_handling_unit_may_look_unless_the_citizen_is_confidential(
    ticket: Ticket, handler: User
) -> None:
    assert actions.reveal(ticket, by=handler, reason=REASON).phone == "13812345678"
    Ticket.objects.update(confidential=True)
    ticket.refresh_from_db()

    with pytest.raises(errors.NotAllowed):
        actions.reveal(ticket, by=handler, reason=REASON)

    assert AccessLog.objects.count() == 1


def test_nobody_looks_without_a_reason_nor_without_the_role(
    ticket: Ticket, agent: User, stranger: User, auditor: User, reviewer: User
) -> None:
    with pytest.raises(errors.Invalid, match="理由"):
        actions.reveal(ticket, by=agent, reason=" ")
    for by in (stranger, auditor, reviewer):
        with pytest.raises(errors.NotAllowed):
            actions.reveal(ticket, by=by, reason=REASON)

    assert not AccessLog.objects.exists()


def test_a_ticket_withdrawn_from_a_unit_is_gone_from_its_lists(
    ticket: Ticket, signer: User, dispatcher: User, units: Units
) -> None:
    assert selectors.work_of(signer, "to_sign").count() == 1

    actions.redirect(ticket, to=units.urban, by=dispatcher)

    assert not selectors.work_of(signer).exists()
    assert not sees(signer)


def test_the_citizen_does_only_what_the_table_gives_him(ticket: Ticket, units: Units) -> None:
    with pytest.raises(errors.NotAllowed):
        actions.redirect(ticket, to=units.urban, by=Party.CITIZEN)


@pytest.mark.parametrize("name", selectors.WORK_LISTS)
def test_a_work_list_is_one_query_however_long(
    name: str,
    ticket: Ticket,
    units: Units,
    supervisor: User,
    dispatcher: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for n in range(3):
        actions.dispatch(accepted(f"第{n}盏路灯不亮。"), to=units.urban, by=dispatcher)
        accepted(f"第{n}口井盖松动。", phone="13912345678")
    assert supervisor.roles

    with django_assert_num_queries(1):
        rows = list(selectors.worklist(supervisor, name))
        shown = [(row.lead and row.lead.name, row.category, row.region) for row in rows]

    assert len(shown) == {"to_dispatch": 3, "to_sign": 4, "open": 7}.get(name, 0)
