"""A ticket handed down the tree of units, and what is found coming up again."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine

from accounts import actions as accounts
from accounts.models import Department, Role, User
from tests.cast import People
from tests.factories import Units
from tests.tickets.steps import NOTE, REPLY, SAID, accepted, turn, verbs
from tickets import actions, errors, policy, selectors
from tickets.models import Ticket
from tickets.workflow import Status

MONDAY = "2026-11-16 09:30 +0800"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as travel:
        yield travel


@pytest.fixture
def liulin(units: Units) -> Department:
    """柳林社区, the fourth level: city, 临溪区, 望河街道, 柳林社区."""
    kind = Department.Kind.COMMUNITY
    return accounts.create_department("lx-wh-ll", "柳林社区居委会", kind=kind, parent=units.wanghe)


@pytest.fixture
def handed(units: Units, dispatcher: User, person: People) -> Ticket:
    """A ticket that 临溪区 handles and has handed down to 望河街道."""
    ticket = accepted()
    actions.dispatch(ticket, to=units.linxi, by=dispatcher)
    actions.sign(ticket, by=person(Role.SIGNER, units.linxi))
    by = person(Role.SIGNER, units.linxi)
    return actions.sub_dispatch(ticket, to=[units.wanghe], by=by, note="请到现场看看")


def test_a_ticket_goes_down_four_levels_and_what_is_found_comes_up_again(
    handed: Ticket, units: Units, liulin: Department, person: People
) -> None:
    due = handed.handle_due_at
    street, community = person(Role.SIGNER, units.wanghe), person(Role.HANDLER, liulin)
    actions.receive(handed, by=street)
    actions.sub_dispatch(handed, to=[liulin], by=street)
    actions.receive(handed, by=community)
    assert policy.may_read(community, handed)
    assert policy.may_read(street, handed)
    assert "advise" not in verbs(person(Role.HANDLER, units.wanghe), handed)

    actions.advise(handed, text=SAID, by=community)
    up = selectors.summed_up(turn(handed, units.wanghe))
    actions.advise(handed, text=f"{up} 我街道已安排修补。", by=person(Role.HANDLER, units.wanghe))
    actions.reply(
        handed,
        text=REPLY,
        result="solved",
        contacted=True,
        by=person(Role.HANDLER, units.linxi),
    )
    actions.release(handed, by=person(Role.AUDITOR, units.linxi))

    assert up == f"柳林社区居委会：{SAID}"
    assert [(leg.turn.department, leg.depth) for leg in selectors.legs(handed)] == [
        (units.linxi, 0),
        (units.wanghe, 1),
        (liulin, 2),
    ]
    assert (handed.handle_due_at, handed.status) == (due, Status.REPLY_REVIEW)


def test_each_level_is_charged_the_time_the_ticket_lay_with_it(
    handed: Ticket,
    units: Units,
    liulin: Department,
    person: People,
    clock: time_machine.Traveller,
) -> None:
    street = person(Role.SIGNER, units.wanghe)
    clock.shift(timedelta(hours=1))
    actions.receive(handed, by=street)
    actions.sub_dispatch(handed, to=[liulin], by=street)
    clock.shift(timedelta(hours=2))
    actions.receive(handed, by=person(Role.HANDLER, liulin))
    actions.advise(handed, text=SAID, by=person(Role.HANDLER, liulin))
    clock.shift(timedelta(minutes=30))
    actions.advise(handed, text=SAID, by=person(Role.HANDLER, units.wanghe))
    clock.shift(timedelta(hours=3))

    minutes = {leg.turn.department: leg.minutes for leg in selectors.legs(handed)}

    assert minutes == {units.linxi: 180, units.wanghe: 90, liulin: 120}


def test_a_lower_unit_s_limit_is_a_share_of_what_is_left_above(
    handed: Ticket,
    units: Units,
    liulin: Department,
    person: People,
    clock: time_machine.Traveller,
) -> None:
    district, street = turn(handed, units.linxi), turn(handed, units.wanghe)
    assert f"{street.due_at.astimezone():%m%d}" == "1124"  # 80 % of seven working days
    clock.shift(timedelta(days=30))
    actions.receive(handed, by=person(Role.SIGNER, units.wanghe))

    actions.sub_dispatch(handed, to=[liulin], by=person(Role.SIGNER, units.wanghe))

    late = turn(handed, liulin)
    assert late.due_at == late.sign_due_at > datetime.now(late.due_at.tzinfo) > district.due_at


def test_a_ticket_is_handed_only_to_units_below_that_do_not_have_it(
    handed: Ticket, units: Units, person: People
) -> None:
    by = person(Role.SIGNER, units.linxi)
    below = policy.units_below(handed, turn(handed, units.linxi))
    assert below == {units.linxi_housing.pk, units.linxi_urban.pk}

    for unit, why in (
        (units.nanping_urban, "不是临溪区人民政府的下级"),
        (units.linxi, "不是临溪区人民政府的下级"),
        (units.wanghe, "已在承办"),
    ):
        with pytest.raises(errors.Invalid, match=why):
            actions.sub_dispatch(handed, to=[unit], by=by)
    with pytest.raises(errors.Invalid, match="请选择"):
        actions.sub_dispatch(handed, to=[], by=by)
    Ticket.objects.update(respondent=units.linxi_urban)
    with pytest.raises(errors.Invalid, match="回避"):
        actions.sub_dispatch(handed, to=[units.linxi_urban], by=by)


def test_a_unit_gives_it_back_one_level_up_with_all_it_handed_down(
    handed: Ticket, units: Units, liulin: Department, person: People
) -> None:
    street = person(Role.SIGNER, units.wanghe)
    actions.receive(handed, by=street)
    actions.sub_dispatch(handed, to=[liulin], by=street)

    actions.send_up(handed, reason="不在本街道范围", by=street)

    states = {row.department: row.state for row in handed.assignments.all()}
    assert states == {units.linxi: "handling", units.wanghe: "returned", liulin: "void"}
    assert not policy.may_read(street, handed)
    assert not policy.may_read(person(Role.HANDLER, liulin), handed)
    assert handed.status == Status.PROCESSING
    assert handed.entries.latest("id").extra["to"] == units.linxi.name
    assert "send_up" not in verbs(person(Role.SIGNER, units.linxi), handed)


def test_the_unit_above_takes_back_what_it_handed_down_and_a_stranger_does_not(
    handed: Ticket, units: Units, person: People, stranger: User
) -> None:
    with pytest.raises(errors.NotAllowed):
        actions.take_over(handed, note=NOTE, by=stranger)
    with pytest.raises(errors.NotAllowed):
        actions.take_over(handed, note=NOTE, by=person(Role.SIGNER, units.wanghe))

    actions.take_over(handed, note="由区里直接办理", by=person(Role.HANDLER, units.linxi))

    assert policy.awaited(handed) == []
    assert not policy.may_read(person(Role.SIGNER, units.wanghe), handed)


def test_a_unit_that_answered_may_be_asked_anew_and_both_answers_stay(
    handed: Ticket, units: Units, person: People
) -> None:
    actions.receive(handed, by=person(Role.SIGNER, units.wanghe))
    actions.advise(handed, text=SAID, by=person(Role.HANDLER, units.wanghe))

    actions.sub_dispatch(handed, to=[units.wanghe], by=person(Role.SIGNER, units.linxi))

    rows = handed.assignments.filter(department=units.wanghe).order_by("id")
    assert [(row.state, bool(row.voided_at)) for row in rows] == [
        ("replied", True),
        ("pending", False),
    ]
    assert "receive" in verbs(person(Role.SIGNER, units.wanghe), handed)


def test_the_citizen_sees_the_lead_only(handed: Ticket, units: Units, person: People) -> None:
    actions.receive(handed, by=person(Role.SIGNER, units.wanghe))
    actions.advise(handed, text=SAID, by=person(Role.HANDLER, units.wanghe))

    told = selectors.progress(handed)

    assert told.department == units.linxi.name
    assert "望河" not in str(told)
    assert SAID not in str(told)
