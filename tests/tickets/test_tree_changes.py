"""The tree of units changes while tickets are open: what units have follows them."""

import pytest
from django.db.models import ProtectedError

from accounts import actions as accounts
from accounts.models import Department, Role, User
from outbox.bus import drain_all
from search import engine
from search.query import Query
from tests.factories import Units, make_user
from tests.tickets.steps import accepted
from tickets import actions, errors, policy
from tickets.indexes import TICKETS, lines_of, permission
from tickets.models import Ticket
from tickets.workflow import Party, Status

Rows = list[tuple[Department, str, str, Department | None]]


@pytest.fixture
def liulin(units: Units) -> Department:
    kind = Department.Kind.COMMUNITY
    return accounts.create_department("lx-wh-ll", "柳林社区居委会", kind=kind, parent=units.wanghe)


@pytest.fixture
def handed(units: Units, dispatcher: User, liulin: Department) -> Ticket:
    """临溪区 handles, 市住建局 assists, 望河街道 was handed it and handed it to 柳林社区."""
    ticket = accepted()
    actions.dispatch(ticket, to=units.linxi, assisting=[units.housing], by=dispatcher)
    district, street = (make_user(Role.SIGNER, unit) for unit in (units.linxi, units.wanghe))
    actions.sign(ticket, by=district)
    actions.sub_dispatch(ticket, to=[units.wanghe], by=district)
    actions.receive(ticket, by=street)
    return actions.sub_dispatch(ticket, to=[liulin], by=street)


def closed(unit: Department, heir: Department | None) -> None:
    accounts.change_department(unit, active=False, successor=heir)


def live(ticket: Ticket) -> Rows:
    rows = ticket.assignments.filter(voided_at=None).order_by("id")
    said = rows.select_related("department", "parent__department")
    return [
        (row.department, row.part, row.state, row.parent.department if row.parent else None)
        for row in said
    ]


def moved(ticket: Ticket) -> Ticket:
    actions.follow_successors()
    ticket.refresh_from_db()
    return ticket


def test_what_was_handed_down_goes_on_below_the_heir_of_a_street(
    handed: Ticket, units: Units, liulin: Department
) -> None:
    heir = accounts.create_department("lx-xin", "新城街道", kind="street", parent=units.linxi)
    closed(units.wanghe, heir)

    moved(handed)

    assert live(handed) == [
        (units.linxi, "lead", "handling", None),
        (units.housing, "assisting", "pending", None),
        (liulin, "sub", "pending", heir),
        (heir, "sub", "handling", units.linxi),
    ]


def test_a_community_that_becomes_its_street_s_heir_has_the_street_s_turn(
    handed: Ticket, units: Units, liulin: Department
) -> None:
    closed(units.wanghe, liulin)

    moved(handed)

    assert live(handed)[2:] == [(liulin, "sub", "handling", units.linxi)]


def test_a_community_joined_to_its_street_leaves_its_part_to_it(
    handed: Ticket, units: Units, liulin: Department
) -> None:
    closed(liulin, units.wanghe)

    moved(handed)

    assert live(handed)[2:] == [(units.wanghe, "sub", "handling", units.linxi)]


def test_a_lead_s_heir_has_what_was_handed_down_too(
    handed: Ticket, units: Units, liulin: Department
) -> None:
    closed(units.linxi, units.housing)

    moved(handed)

    assert handed.lead == units.housing
    assert live(handed) == [
        (units.wanghe, "sub", "handling", units.housing),
        (liulin, "sub", "pending", units.wanghe),
        (units.housing, "lead", "handling", None),
    ]


def test_without_an_heir_the_ticket_goes_back_to_the_dispatcher_with_a_line_of_why(
    handed: Ticket, units: Units, dispatcher: User
) -> None:
    closed(units.linxi, None)

    moved(handed)

    assert (handed.status, handed.lead, live(handed)) == (Status.PENDING_DISPATCH, None, [])
    assert handed.entries.latest("id").extra == {"from": units.linxi.name, "to": ""}
    assert actions.follow_successors() == 0
    actions.dispatch(handed, to=units.urban, by=dispatcher)


def test_a_return_that_waits_ends_with_the_unit_that_asked(
    units: Units, dispatcher: User, signer: User
) -> None:
    ticket = actions.dispatch(accepted(), to=units.housing, by=dispatcher)
    actions.send_back(ticket, reason="不属于我局职责", by=signer)
    closed(units.housing, None)

    moved(ticket)

    assert ticket.status == Status.PENDING_DISPATCH
    assert ticket.return_count == ticket.returns.filter(accepted=True).count() == 1


def test_beside_the_lead_a_unit_without_an_heir_is_no_longer_waited_for(
    handed: Ticket, units: Units
) -> None:
    closed(units.housing, None)
    closed(units.wanghe, None)

    moved(handed)

    assert live(handed) == [(units.linxi, "lead", "handling", None)]
    assert handed.status == Status.PROCESSING
    with pytest.raises(errors.WrongState):
        actions.hand_on(handed)


def test_a_reply_that_waits_at_the_hotline_needs_no_unit_any_more(
    units: Units, dispatcher: User, signer: User, handler: User, auditor: User
) -> None:
    ticket = actions.dispatch(accepted(), to=units.housing, by=dispatcher)
    actions.sign(ticket, by=signer)
    text = "经现场核查，楼道灯线路老化，已于当日更换完毕。"
    actions.reply(ticket, text=text, result="solved", contacted=True, by=handler)
    actions.release(ticket, by=auditor)
    closed(units.housing, None)

    moved(ticket)

    assert (ticket.status, ticket.lead) == (Status.REPLY_REVIEW, units.housing)


@pytest.mark.usefixtures("fresh_indexes")
def test_who_hangs_elsewhere_is_seen_from_there_in_rows_and_in_the_index(
    handed: Ticket, units: Units, liulin: Department
) -> None:
    above, new = (make_user(Role.SIGNER, unit) for unit in (units.wanghe, units.nanping_urban))
    drain_all()

    accounts.change_department(liulin, parent=units.nanping_urban, name="柳林新社区")
    drain_all()

    assert policy.may_read(new, handed)
    assert policy.may_read(above, handed)  # it handed it down, and may take it back
    assert policy.may_read(make_user(Role.HANDLER, liulin), handed)
    engine.current().refresh(TICKETS)
    found = engine.current().search(TICKETS, _all(new)).hits
    assert [hit.id for hit in found] == [str(handed.pk)]
    liulin.refresh_from_db()
    assert lines_of(liulin.path)[0] == units.nanping.path


def _all(user: User) -> Query:
    return Query(permission=permission(user), limit=5)


def test_a_unit_that_had_tickets_is_closed_and_never_deleted_so_that_its_figures_stay(
    units: Units, dispatcher: User
) -> None:
    ticket = actions.dispatch(accepted(), to=units.housing, by=dispatcher)
    actions.withdraw(ticket, reason="已解决", by=Party.CITIZEN)
    closed(units.housing, units.urban)

    moved(ticket)

    with pytest.raises(ProtectedError):
        units.housing.delete()
    assert Ticket.objects.filter(lead=units.housing).get() == ticket
