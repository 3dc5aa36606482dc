"""Cards: a ticket is warned of half way, nearly out and out; each once, also after an outage."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from city.models import Parameter
from hotline.web.ticket.story import story
from outbox import bus
from tests.factories import Units, make_user
from tests.tickets.steps import NOTE, TOLD, accepted
from tickets import actions, policy, selectors, tasks
from tickets.events import CardsShown
from tickets.models import Card, Ticket
from tickets.workflow import STEPS, Party, Status

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 16, 10, 0, tzinfo=SHANGHAI)


def moment(day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ticket(clock: time_machine.Traveller, units: Units, dispatcher: User, signer: User) -> Ticket:
    """A 求助 signed on Monday, the citizen called: due on Wednesday week, 17:30."""
    made = actions.dispatch(accepted(), to=units.housing, by=dispatcher)
    actions.sign(made, by=signer)
    actions.contact(made, spoken=actions.Spoken(MONDAY), by=signer)
    return made


def shown(ticket: Ticket) -> list[str]:
    return list(ticket.cards.order_by("id").values_list("level", flat=True))


def test_a_ticket_is_warned_of_half_way_with_a_day_left_and_when_it_is_over(
    clock: time_machine.Traveller, ticket: Ticket
) -> None:
    seen = []
    for at in (moment(20), moment(21, 2), moment(24, 8, 59), moment(24, 9), moment(25, 17, 30)):
        clock.move_to(at)
        tasks.show_cards()
        tasks.show_cards()  # a second tick of the same minute adds nothing
        seen.append(shown(ticket))

    assert seen == [
        [],
        ["reminder"],
        ["reminder"],
        ["reminder", "yellow"],
        ["reminder", "yellow", "red"],
    ]
    ticket.refresh_from_db()
    assert (ticket.card, ticket.watch_at, ticket.urge_count) == ("red", None, 1)
    entry = ticket.entries.latest("id")
    assert (entry.step, entry.party) == ("urge", Party.SYSTEM.value)
    assert "您催办了一次" not in [station.label for station in selectors.progress(ticket).timeline]


def test_after_an_outage_only_the_card_that_fits_is_shown_and_told_once(
    clock: time_machine.Traveller, ticket: Ticket
) -> None:
    told: list[CardsShown] = []

    @bus.subscribe(CardsShown, name="tests.hears_of_cards")
    def hear(events: Sequence[CardsShown]) -> None:
        told.extend(events)

    clock.move_to(moment(30))
    assert actions.show_cards() == 1
    assert actions.show_cards() == 0

    bus.drain()
    bus.unsubscribe("tests.hears_of_cards")
    assert shown(ticket) == ["red"]
    assert told == [CardsShown("red", (ticket.pk,), (ticket.lead_id or 0,))]


def test_a_new_limit_brings_new_cards_and_a_standstill_none(
    clock: time_machine.Traveller,
    ticket: Ticket,
    handler: User,
    auditor: User,
    supervisor: User,
) -> None:
    clock.move_to(moment(24))
    actions.show_cards()
    actions.extend(ticket, days=5, note=NOTE, told=TOLD, by=handler)
    actions.decide_extension(ticket, accepted=True, note=NOTE, by=auditor)
    assert (ticket.card, shown(ticket)) == ("", ["yellow"])
    actions.promise(
        ticket, code="works", promised_on=date(2027, 3, 1), note=NOTE, told=TOLD, by=auditor
    )
    actions.suspend(ticket, accepted=True, note=NOTE, by=supervisor)

    clock.move_to(datetime(2027, 1, 20, 10, tzinfo=SHANGHAI))
    actions.show_cards()
    assert shown(ticket) == ["yellow"]

    clock.move_to(datetime(2027, 2, 26, 9, tzinfo=SHANGHAI))
    actions.show_cards()
    assert list(ticket.cards.values_list("level", "clock")) == [
        ("yellow", "handle"),
        ("yellow", "promise"),
    ]


def test_who_is_not_spoken_to_in_time_is_noted_and_the_unit_urged_once(
    clock: time_machine.Traveller, units: Units, dispatcher: User
) -> None:
    late = actions.dispatch(accepted(), to=units.housing, by=dispatcher)
    nameless = actions.dispatch(accepted(phone=""), to=units.housing, by=dispatcher)
    clock.move_to(moment(17, 17, 30))

    actions.show_cards()
    actions.show_cards()

    assert late.assignments.get().contact_late
    assert late.cards.filter(clock="contact").count() == 1
    assert nameless.assignments.get().contact_due_at is None
    assert not nameless.cards.filter(clock="contact").exists()


def test_an_urgent_ticket_gets_its_yellow_card_with_a_fifth_left(
    clock: time_machine.Traveller, units: Units, dispatcher: User, signer: User
) -> None:
    urgent = actions.screen(accepted(), urgency="urgent", by=dispatcher)
    actions.dispatch(urgent, to=units.housing, by=dispatcher)
    actions.sign(urgent, by=signer)

    assert urgent.yellow_at == MONDAY + timedelta(hours=24 * 0.8)


def test_a_promised_day_that_came_lets_the_clock_go_on(
    clock: time_machine.Traveller, ticket: Ticket, auditor: User, supervisor: User
) -> None:
    actions.promise(
        ticket, code="works", promised_on=date(2026, 11, 30), note=NOTE, told=TOLD, by=auditor
    )
    actions.suspend(ticket, accepted=True, note=NOTE, by=supervisor)
    clock.move_to(moment(30, 17, 29))
    assert tasks.keep_promises() == 0
    clock.move_to(moment(30, 17, 31))

    assert tasks.keep_promises() == 1

    ticket.refresh_from_db()
    assert (ticket.status, ticket.supervised) == (Status.PROCESSING, False)
    assert ticket.due_at == datetime(2026, 12, 10, 16, 30, tzinfo=SHANGHAI)


def test_a_promise_that_nobody_reports_on_is_resumed_and_supervised(
    clock: time_machine.Traveller, ticket: Ticket, handler: User, auditor: User, supervisor: User
) -> None:
    actions.promise(
        ticket, code="works", promised_on=date(2027, 6, 1), note=NOTE, told=TOLD, by=auditor
    )
    actions.suspend(ticket, accepted=True, note=NOTE, by=supervisor)
    clock.shift(timedelta(days=29))
    actions.note_progress(ticket, note="基础已完工", by=handler)
    clock.shift(timedelta(days=29))
    assert tasks.keep_promises() == 0
    clock.shift(timedelta(days=2))

    assert tasks.keep_promises() == 1

    ticket.refresh_from_db()
    assert (ticket.status, ticket.supervised) == (Status.PROCESSING, True)
    assert tasks.keep_promises() == 0


def test_a_tick_asks_the_same_few_questions_however_many_tickets_are_not_due(
    clock: time_machine.Traveller, ticket: Ticket
) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        actions.show_cards()

    assert len([query for query in asked if query["sql"].startswith("SELECT")]) == 3
    assert not Card.objects.exists()


def test_who_does_not_sign_in_time_is_signed_for_where_the_city_wishes_it(
    clock: time_machine.Traveller, units: Units, dispatcher: User, signer: User
) -> None:
    Parameter.objects.create(name="auto_sign", amount=1, valid_from="2026-01-01")
    sent = actions.dispatch(
        accepted(), to=units.housing, assisting=[units.urban, units.wanghe], by=dispatcher
    )
    actions.receive(sent, by=make_user(Role.SIGNER, units.urban))
    due = sent.due_at
    clock.move_to(moment(17, 17, 30))

    actions.show_cards()
    actions.show_cards()

    sent.refresh_from_db()
    states = {row.department: (row.state, row.auto_signed) for row in sent.assignments.all()}
    assert states == {
        units.housing: ("handling", True),
        units.urban: ("handling", False),
        units.wanghe: ("handling", True),
    }
    assert (sent.status, sent.signed_late) == (Status.PROCESSING, True)
    assert due
    assert Card.objects.filter(ticket=sent, clock="sign", level="red", due_at=due).exists()
    late = sent.entries.filter(step="sign").get()
    assert (late.party, late.department) == (Party.SYSTEM.value, units.housing)
    assert story(sent)[-1].detail == f"{units.wanghe.name}签收超时，系统代签"
    assert not policy.may(signer, STEPS["send_back"], sent)


def test_without_the_row_who_does_not_sign_only_gets_the_card(
    clock: time_machine.Traveller, units: Units, dispatcher: User
) -> None:
    sent = actions.dispatch(accepted(), to=units.housing, by=dispatcher)
    clock.move_to(moment(17, 17, 30))

    actions.show_cards()

    sent.refresh_from_db()
    assert (sent.status, sent.card) == (Status.PENDING_SIGN, "red")
