"""Taking demands in: what is refused, what is tidied, and the same request only once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.db import connection

from accounts.models import User
from outbox.models import Delivery
from tests.factories import Town, Units
from tests.tickets.steps import TEXT, accepted
from tickets import actions, errors
from tickets.actions import numbering
from tickets.models import IntakeKey, Source, Ticket
from tickets.numbers import check_digit, code_fits, looks_like_number, query_code, ticket_number
from tickets.workflow import Kind, Party, Status

PHONE = "13812345678"
AT_ONCE = 8
READY_S = 30


def send(**about: Any) -> Ticket:
    asked: dict[str, Any] = {"text": TEXT, "source": Source.WEB, "by": Party.CITIZEN} | about
    return actions.accept(**asked)


@pytest.mark.parametrize("text", ["", "  \n\t ", "\x00\x01", "字" * 10_001])
def test_no_words_and_too_many_words_are_refused(text: str, units: Units) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        send(text=text)

    assert list(refusal.value.fields) == ["text"]
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("text", ["灯", "字" * 10_000, "😀🚌" * 50, "<script>alert(1)</script>"])
def test_one_to_ten_thousand_characters_are_kept_as_they_are(text: str, units: Units) -> None:
    ticket = send(text=text)

    ticket.refresh_from_db()
    assert ticket.text == text


def test_what_no_one_typed_is_taken_out(units: Units, agent: User) -> None:
    ticket = send(text="路灯\x00不亮\ud800\r\n请修", title="路\x07灯", name="李\x00梅")

    actions.supplement(ticket, text="补\x00充\x1b一点", by=agent)

    ticket.refresh_from_db()
    assert (ticket.text, ticket.title, ticket.name) == ("路灯不亮\n请修", "路灯", "李梅")
    assert ticket.entries.latest("id").note == "补充一点"


def test_a_remark_of_control_characters_only_is_no_remark(units: Units, agent: User) -> None:
    with pytest.raises(errors.Invalid, match="补充"):
        actions.supplement(send(), text="\x00\x01", by=agent)


def test_a_wrong_phone_number_is_refused_in_words(units: Units) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        send(phone="12345")

    assert list(refusal.value.fields) == ["phone"]


def test_a_report_is_confidential_and_never_public(units: Units) -> None:
    ticket = send(kind=Kind.REPORT, public=True, phone=PHONE)

    assert (ticket.confidential, ticket.public) == (True, False)


def test_without_a_phone_nobody_is_called_back(units: Units) -> None:
    assert not send(wants_callback=True).wants_callback


def test_a_number_takes_ten_demands_a_day_and_the_next_day_more(units: Units) -> None:
    with time_machine.travel("2026-11-16 23:00 +0800") as clock:
        for n in range(10):
            accepted(f"第{n}盏路灯不亮。")
        with pytest.raises(errors.Invalid, match="明天"):
            accepted("第十一盏路灯不亮。")

        clock.move_to("2026-11-17 00:05 +0800")

        assert accepted("第十一盏路灯不亮。").status == Status.PENDING_REVIEW


def test_an_agent_takes_as_many_demands_of_a_number_as_come(units: Units, agent: User) -> None:
    for n in range(11):
        send(text=f"第{n}盏路灯不亮。", phone=PHONE, by=agent, source=Source.PHONE)

    assert Ticket.objects.count() == 11


def test_a_sender_s_own_number_is_accepted_once_for_each_source(units: Units) -> None:
    first = send(external_number="A-1")

    assert send(external_number="A-1", text="换了说法") == first
    assert send(external_number="A-1", source=Source.TRANSFER) != first


def test_the_same_key_of_another_source_is_another_request(units: Units) -> None:
    first = send(idempotency_key="k")

    assert send(idempotency_key="k", source=Source.API) != first
    assert IntakeKey.objects.count() == 2


def test_a_unit_takes_no_demands_in(units: Units, handler: User) -> None:
    with pytest.raises(errors.NotAllowed):
        send(by=handler)


def test_a_demand_answered_at_once_is_closed_with_its_answer(agent: User) -> None:
    def say(answer: str) -> Ticket:
        return actions.answer(
            text=TEXT, source=Source.PHONE, by=agent, answer_text=answer, idempotency_key="call-1"
        )

    ticket = say("请带身份证到窗口办理。")

    assert (ticket.status, ticket.kind) == (Status.DIRECT_CLOSED, Kind.CONSULT)
    assert ticket.replies.get().text == "请带身份证到窗口办理。"
    assert say("请带身份证到窗口办理。") == ticket
    assert ticket.replies.count() == 1
    with pytest.raises(errors.Invalid, match="答复"):
        say(" ")


def test_a_number_carries_the_city_the_day_and_a_check_digit(town: Town, units: Units) -> None:
    with time_machine.travel("2026-12-31 16:30 +0000"):
        number = send().number

    assert number.startswith("99010020270101")
    assert looks_like_number(number)
    assert not looks_like_number(number[:-1] + str((int(number[-1]) + 1) % 10))
    assert check_digit("7992739871") == "3"


def test_a_query_code_fits_under_an_old_key_and_no_other(settings: Any) -> None:
    number = "990100202611160000019"
    code = query_code(number)

    settings.FIELD_KEYS = ["a-new-key", *settings.FIELD_KEYS]

    assert query_code(number) != code
    assert code_fits(number, f" {code.lower()} ")
    settings.FIELD_KEYS = ["a-new-key"]
    assert not code_fits(number, code)


def at_once(**about: Any) -> list[str]:
    """Send the same request from several threads at one moment."""
    gate = Barrier(AT_ONCE, timeout=READY_S)

    def one(_: int) -> str:
        try:
            gate.wait()
            return send(**about).number
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("about", [{"idempotency_key": "k"}, {"external_number": "A-1"}])
def test_the_same_request_at_one_moment_is_one_ticket(about: dict[str, str], units: Units) -> None:
    numbers = at_once(**about)

    ticket = Ticket.objects.get()
    assert set(numbers) == {ticket.number}
    assert Delivery.objects.filter(subscriber="tickets.route").count() == 1


@pytest.mark.django_db(transaction=True)
def test_different_requests_at_one_moment_get_different_numbers(units: Units) -> None:
    assert len(set(at_once())) == AT_ONCE


def test_a_number_that_a_past_day_has_given_out_is_not_given_again(units: Units) -> None:
    """A serial comes again after a million; an import of old years then meets its own numbers."""
    day = date(2025, 3, 4)
    (last,) = numbering.draw("990100", [day])
    old = send()
    coming = [ticket_number("990100", day, int(last[14:20]) + n) for n in (2, 3)]
    Ticket.objects.filter(pk=old.pk).update(number=coming[0])

    drawn = numbering.draw("990100", [day, day])

    assert coming[1] in drawn
    assert coming[0] not in drawn
    assert len(set(drawn)) == 2
