"""Units that assist the lead: let in, heard, let off, called in, each with a limit of its own."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from accounts import actions as accounts
from accounts.models import Role, User
from city.models import Parameter
from tests.cast import People
from tests.factories import Units
from tests.tickets.steps import NOTE, REPLY, SAID, accepted, turn, verbs
from tickets import actions, errors, policy, selectors
from tickets.models import Opinion, Ticket
from tickets.workflow import STEPS, Status

MONDAY = "2026-11-16 09:30 +0800"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as travel:
        yield travel


@pytest.fixture
def led(units: Units, dispatcher: User, signer: User) -> Ticket:
    """A ticket that 市住建局 handles, with 市城管局 and 望河街道 assisting."""
    ticket = accepted()
    helpers = [units.urban, units.wanghe, units.urban]
    actions.dispatch(ticket, to=units.housing, assisting=helpers, by=dispatcher)
    return actions.sign(ticket, by=signer)


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
