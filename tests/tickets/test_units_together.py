"""Units at one ticket together: the lead, those that assist it, and those below them."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import time_machine

from accounts import actions as accounts
from accounts.models import Department, Role, User
from city.models import Parameter
from tests.factories import Units, make_user
from tests.tickets.steps import NOTE, REPLY, accepted
from tickets import actions, errors, policy, selectors
from tickets.models import Assignment, Opinion, Ticket
from tickets.workflow import STEPS, Status

MONDAY = "2026-11-16 09:30 +0800"
SAID = "我单位已到现场看过，路面破损属实。"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as travel:
        yield travel


@pytest.fixture
def liulin(units: Units) -> Department:
    """柳林社区, the fourth level: city, 临溪区, 望河街道, 柳林社区."""
    kind = Department.Kind.COMMUNITY
    return accounts.create_department("lx-wh-ll", "柳林社区居委会", kind=kind, parent=units.wanghe)


People = Callable[[Role, Department], User]


@pytest.fixture
def person() -> People:
    """One person a post, made when first asked for."""
    known: dict[tuple[Role, Department], User] = {}

    def find(role: Role, unit: Department) -> User:
        if (role, unit) not in known:
            known[role, unit] = make_user(role, unit)
        return known[role, unit]

    return find


@pytest.fixture
def led(units: Units, dispatcher: User, signer: User) -> Ticket:
    """A ticket that 市住建局 handles, with 市城管局 and 望河街道 assisting."""
    ticket = accepted()
    helpers = [units.urban, units.wanghe, units.urban]
    actions.dispatch(ticket, to=units.housing, assisting=helpers, by=dispatcher)
    return actions.sign(ticket, by=signer)


@pytest.fixture
def handed(units: Units, dispatcher: User, person: People) -> Ticket:
    """A ticket that 临溪区 handles and has handed down to 望河街道."""
    ticket = accepted()
    actions.dispatch(ticket, to=units.linxi, by=dispatcher)
    actions.sign(ticket, by=person(Role.SIGNER, units.linxi))
    by = person(Role.SIGNER, units.linxi)
    return actions.sub_dispatch(ticket, to=[units.wanghe], by=by, note="请到现场看看")


def turn(ticket: Ticket, unit: Department) -> Assignment:
    return ticket.assignments.filter(department=unit).latest("id")


def verbs(user: User, ticket: Ticket) -> list[str]:
    return [step.verb for step in policy.allowed_steps(user, Ticket.objects.get(pk=ticket.pk))]


def test_who_assists_has_two_working_days_less_and_the_lead_its_own(
    led: Ticket, units: Units
) -> None:
    lead, beside = turn(led, units.housing), turn(led, units.urban)

    assert f"{lead.due_at:%m%d}" == "1125"  # 求助：七个工作日
    assert f"{beside.due_at:%m%d}" == "1123"
    assert led.handle_due_at == lead.due_at
    assert led.assignments.count() == 3


def test_how_much_earlier_is_a_row(units: Units, dispatcher: User) -> None:
    Parameter.objects.create(name="assist_ahead", amount=30, valid_from="2026-01-01")
    ticket = actions.dispatch(accepted(), to=units.housing, assisting=[units.urban], by=dispatcher)

    assert f"{turn(ticket, units.urban).due_at:%m%d}" == "1117"  # one working day at least


def test_an_assisting_unit_takes_it_in_and_has_its_say_and_nothing_else(
    led: Ticket, units: Units, person: People, stranger: User, handler: User
) -> None:
    ours = person(Role.HANDLER, units.wanghe)
    assert verbs(ours, led) == ["receive"]
    actions.receive(led, by=ours)
    assert verbs(ours, led) == ["advise"]

    actions.advise(led, text=SAID, by=ours)

    own = turn(led, units.wanghe)
    assert (own.state, own.handler, own.is_late) == ("replied", ours, False)
    assert led.status == Status.PROCESSING
    assert led.entries.latest("id").department == units.wanghe
    assert "advise" not in verbs(handler, led)
    with pytest.raises(errors.NotAllowed):
        actions.reply(led, text=REPLY, result="solved", contacted=True, by=ours)
    assert verbs(person(Role.HANDLER, units.linxi_urban), led) == []


def test_the_reply_leaves_the_unit_when_all_had_their_say_or_were_let_off(
    led: Ticket, units: Units, person: People, handler: User, auditor: User, stranger: User
) -> None:
    actions.reply(led, text=REPLY, result="solved", contacted=True, by=handler)
    assert "release" not in verbs(auditor, led)
    with pytest.raises(
        errors.WrongState, match=r"市城管局（协办）、望河街道办事处（协办）还没有反馈"
    ):
        actions.release(led, by=auditor)
    with pytest.raises(errors.NotAllowed):
        actions.waive(led, note=NOTE, by=stranger)
    with pytest.raises(errors.Invalid, match="理由"):
        actions.waive(led, note=" ", by=auditor)

    actions.waive(led, turn=turn(led, units.urban), note="现场已查清", by=auditor)
    actions.receive(led, by=person(Role.SIGNER, units.wanghe))
    actions.advise(led, text=SAID, by=person(Role.HANDLER, units.wanghe))
    actions.release(led, by=auditor)

    assert led.status == Status.REPLY_REVIEW
    assert turn(led, units.urban).state == "waived"
    assert not policy.may_read(stranger, led)
    assert led.entries.get(step="waive").extra == {"unit": units.urban.name}


def test_the_dispatcher_calls_an_assisting_unit_off(
    led: Ticket, units: Units, dispatcher: User, stranger: User, signer: User
) -> None:
    assert policy.may_read(stranger, led)
    with pytest.raises(errors.NotAllowed):
        actions.recall(led, note=NOTE, by=signer)

    actions.recall(led, turn=turn(led, units.urban), note="与城管无关", by=dispatcher)

    assert not policy.may_read(stranger, led)
    assert verbs(stranger, led) == []
    with pytest.raises(errors.WrongState):
        actions.recall(led, turn=turn(led, units.urban), note="再撤一次", by=dispatcher)


def test_who_says_it_late_is_late_however_often_it_says_it(
    led: Ticket, units: Units, person: People, clock: time_machine.Traveller
) -> None:
    ours = person(Role.HANDLER, units.wanghe)
    actions.receive(led, by=ours)
    clock.shift(timedelta(days=8))
    actions.advise(led, text=SAID, by=ours)
    actions.advise(led, text="补充：已通知产权单位。", by=ours)

    assert turn(led, units.wanghe).is_late
    assert [leg.late for leg in selectors.legs(led) if leg.opinions] == [True]
    assert Opinion.objects.count() == 2
    with pytest.raises(errors.Invalid, match="5 到"):
        actions.advise(led, text="好", by=ours)


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


def test_who_is_of_two_units_says_for_which_he_acts(
    led: Ticket, units: Units, person: People
) -> None:
    both = person(Role.SIGNER, units.urban)
    accounts.grant(both, Role.SIGNER, units.wanghe)
    step = STEPS["receive"]
    assert [row.department for row in policy.turns_for(both, step, led)] == [
        units.urban,
        units.wanghe,
    ]

    actions.receive(led, by=both, turn=turn(led, units.wanghe))

    assert turn(led, units.urban).state == "pending"
    assert turn(led, units.wanghe).state == "handling"


def test_whose_post_is_taken_away_does_nothing_more_with_what_he_had(
    led: Ticket, units: Units, person: People
) -> None:
    ours = person(Role.HANDLER, units.wanghe)
    actions.receive(led, by=ours)

    accounts.revoke(ours, Role.HANDLER, units.wanghe)

    assert verbs(ours, led) == []
    assert not policy.may_read(ours, led)
    with pytest.raises(errors.NotAllowed):
        actions.advise(led, text=SAID, by=ours)


def test_each_unit_finds_its_own_work_in_its_lists(
    led: Ticket, units: Units, person: People, signer: User, stranger: User
) -> None:
    ours = person(Role.SIGNER, units.wanghe)
    names = ("to_sign", "to_receive", "to_handle", "to_advise")

    def lists(user: User) -> list[int]:
        found = selectors.counts(user)
        rows = [selectors.worklist(user, name).count() for name in names]
        assert all(
            found[name].total == row for name, row in zip(names, rows, strict=True) if name in found
        )
        return rows

    assert lists(ours) == [0, 1, 0, 0]
    assert lists(signer) == [0, 0, 1, 0]
    actions.receive(led, by=ours)
    assert lists(ours) == [0, 0, 0, 1]
    assert lists(stranger) == [0, 1, 0, 0]
    assert set(selectors.work_of(ours)) == {led}


def test_the_citizen_sees_the_lead_only(handed: Ticket, units: Units, person: People) -> None:
    actions.receive(handed, by=person(Role.SIGNER, units.wanghe))
    actions.advise(handed, text=SAID, by=person(Role.HANDLER, units.wanghe))

    told = selectors.progress(handed)

    assert told.department == units.linxi.name
    assert "望河" not in str(told)
    assert SAID not in str(told)


def test_a_unit_is_called_in_while_the_lead_is_at_work_with_a_limit_and_a_page_of_its_own(
    led: Ticket,
    units: Units,
    dispatcher: User,
    person: People,
    clock: time_machine.Traveller,
) -> None:
    water, nanping = person(Role.HANDLER, units.water), person(Role.SIGNER, units.nanping)
    clock.shift(timedelta(days=2))
    assert not policy.may_read(water, led)

    actions.call_in(led, assisting=[units.water], note="涉及供水管", by=dispatcher)

    own = turn(led, units.water)
    assert (own.part, own.state) == ("assisting", "pending")
    assert f"{own.due_at:%m%d}" == "1125"  # five working days from Wednesday, two before a lead's
    assert policy.may_read(water, led)
    assert verbs(water, led) == ["receive"]
    assert not policy.may_read(nanping, led)
    assert led.status == Status.PROCESSING
    assert led.entries.latest("id").extra == {"assisting": [units.water.name]}
    assert own in policy.awaited(Ticket.objects.get(pk=led.pk))


def test_who_is_called_in_late_gets_no_day_after_the_lead_s_limit(
    led: Ticket, units: Units, dispatcher: User, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(days=6))

    actions.call_in(led, assisting=[units.water], note=NOTE, by=dispatcher)

    assert turn(led, units.water).due_at == led.handle_due_at


def test_only_the_hotline_calls_in_and_only_who_does_not_have_it(
    led: Ticket, units: Units, dispatcher: User, signer: User, stranger: User, person: People
) -> None:
    for by in (signer, stranger, person(Role.AUDITOR, units.housing)):
        with pytest.raises(errors.NotAllowed):
            actions.call_in(led, assisting=[units.water], note=NOTE, by=by)
    for unit in (units.housing, units.urban):
        with pytest.raises(errors.Invalid, match="已在承办"):
            actions.call_in(led, assisting=[unit], note=NOTE, by=dispatcher)
    with pytest.raises(errors.Invalid, match="请选择"):
        actions.call_in(led, assisting=[], note=NOTE, by=dispatcher)
    Ticket.objects.update(respondent=units.water)
    with pytest.raises(errors.Invalid, match="回避"):
        actions.call_in(led, assisting=[units.water], note=NOTE, by=dispatcher)
    assert led.assignments.count() == 3


def test_who_assisted_may_be_called_in_anew_and_the_lead_waits_for_it(
    led: Ticket, units: Units, dispatcher: User, person: People
) -> None:
    actions.receive(led, by=person(Role.SIGNER, units.urban))
    actions.advise(led, text=SAID, by=person(Role.HANDLER, units.urban))

    actions.call_in(led, assisting=[units.urban], note="请再看一处", by=dispatcher)

    rows = led.assignments.filter(department=units.urban).order_by("id")
    assert [(r.state, bool(r.voided_at)) for r in rows] == [("replied", True), ("pending", False)]
