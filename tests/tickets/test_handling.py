"""What a unit establishes, whom it spoke to, and what must be known before it answers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from tests.factories import Units
from tests.tickets.steps import HAPPY, REPLY, UNHAPPY, accepted
from tests.tickets.test_attachments import photo
from tickets import actions, quality, selectors
from tickets.actions import Findings, Spoken
from tickets.errors import Invalid, NotAllowed, WrongState
from tickets.models import ContactAttempt, Handling, Reply, Ticket
from tickets.workflow import Status


@pytest.fixture
def ticket(units: Units, dispatcher: User, signer: User) -> Ticket:
    """A ticket that 市住建局 handles."""
    found = accepted()
    actions.dispatch(found, to=units.housing, by=dispatcher)
    return actions.sign(found, by=signer)


def just_now(**said: Any) -> Spoken:
    return Spoken(timezone.now(), **said)


def test_a_record_grows_step_by_step_and_the_history_names_what_came(
    ticket: Ticket, handler: User, signer: User
) -> None:
    actions.record(ticket, findings=Findings(grounded="yes", account="已约物业"), by=signer)
    actions.record(
        ticket,
        findings=Findings(
            grounded="yes", account="已约物业", result="solved", visited_at=timezone.now()
        ),
        by=handler,
    )

    row = Handling.objects.get()
    said = [e.extra["recorded"] for e in ticket.entries.filter(step="record").order_by("id")]
    assert (row.grounded, row.account, row.result, row.by) == ("yes", "已约物业", "solved", handler)
    assert said == [["诉求是否属实", "办理经过"], ["现场查看时间", "办理结果"]]
    assert selectors.handling_of(ticket) == row


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"grounded": "partly"}, "findings"),
        ({"grounded": "no", "findings": " "}, "findings"),
        ({"beyond_duty": True}, "beyond_note"),
        ({"result": "unsolved"}, "unsolved_reason"),
        ({"visited_at": timezone.now() + timedelta(days=999)}, "visited_at"),
        ({}, "findings"),
    ],
)
def test_a_record_that_leaves_open_what_it_must_say_is_refused(
    ticket: Ticket, handler: User, said: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        actions.record(ticket, findings=Findings(**said), by=handler)

    assert list(refused.value.fields) == [field]
    assert not Handling.objects.exists()
    assert not ticket.entries.filter(step="record").exists()


def test_a_contact_keeps_who_when_how_and_its_proof(ticket: Ticket, handler: User) -> None:
    proof = actions.keep_file("通话.jpg", photo(), by=handler).key
    spoken = just_now(person="李梅", phone="139 1234 5678", said="约定周三上门")

    actions.contact(ticket, spoken=spoken, proofs=[proof], by=handler)

    row = ContactAttempt.objects.get()
    entry = ticket.entries.get(step="contact")
    assert (row.person, row.phone, row.proofs, row.department) == (
        "李梅",
        "13912345678",
        1,
        ticket.lead,
    )
    assert row.whom == "李*"
    assert entry.extra == {"outcome": "已联系上", "means": "电话", "attachments": 1}
    assert ticket.attachments.get().stage == "contact"
    assert selectors.contacts(ticket) == [(row, [ticket.attachments.get()])]
    assert row.proven
    with connection.cursor() as cursor:
        cursor.execute("SELECT person, phone, said FROM tickets_contactattempt")
        stored = "".join(cursor.fetchone())
    assert not any(word in stored for word in ("李梅", "13912345678", "周三"))


@pytest.mark.parametrize(
    ("spoken", "field"),
    [
        (lambda: Spoken(None), "contact_at"),
        (lambda: Spoken(timezone.now() + timedelta(minutes=5)), "contact_at"),
        (lambda: Spoken(timezone.now() - timedelta(days=3)), "contact_at"),
        (lambda: just_now(person=" "), "person"),
        (lambda: just_now(outcome="maybe"), "outcome"),
        (lambda: just_now(means="pigeon"), "means"),
        (lambda: just_now(phone="12"), "phone"),
    ],
)
def test_a_contact_without_time_person_or_sense_is_refused(
    ticket: Ticket, handler: User, spoken: Callable[[], Spoken], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        actions.contact(ticket, spoken=spoken(), by=handler)

    assert list(refused.value.fields) == [field]
    assert not ContactAttempt.objects.exists()


def test_a_reply_wants_a_contact_or_the_reason_for_none(ticket: Ticket, handler: User) -> None:
    actions.contact(ticket, spoken=just_now(outcome="no_answer", person=""), by=handler)
    with pytest.raises(Invalid, match="未联系的原因"):
        actions.reply(ticket, text=REPLY, result="solved", by=handler)

    actions.contact(ticket, spoken=just_now(), by=handler)
    actions.reply(ticket, text=REPLY, result="solved", by=handler)

    assert Reply.objects.get().contacted
    assert ContactAttempt.objects.count() == 2


def test_a_reply_that_tells_of_the_contact_leaves_a_row_of_it(
    ticket: Ticket, handler: User
) -> None:
    proof = actions.keep_file("短信.jpg", photo(), by=handler).key
    at = timezone.now()

    actions.reply(
        ticket,
        text=REPLY,
        result="solved",
        contacted=True,
        contact_at=at,
        contact_person="李梅",
        proofs=[proof],
        by=handler,
    )

    row = ContactAttempt.objects.get()
    assert (row.spoken_at, row.person, row.proofs, row.outcome) == (at, "李梅", 1, "reached")


def test_each_file_proves_its_own_contact_and_what_comes_with_the_reply_the_last_one(
    ticket: Ticket, handler: User
) -> None:
    one, two, late = (
        actions.keep_file(f"{n}.jpg", photo() + n.encode(), by=handler).key for n in "abc"
    )
    actions.contact(ticket, spoken=just_now(outcome="no_answer"), proofs=[one], by=handler)
    actions.contact(ticket, spoken=just_now(), proofs=[two], by=handler)
    actions.contact(ticket, spoken=just_now(outcome="refused"), by=handler)

    actions.reply(ticket, text=REPLY, result="solved", proofs=[late], by=handler)

    held = [(row.outcome, row.proofs, len(files)) for row, files in selectors.contacts(ticket)]
    assert held == [("no_answer", 1, 1), ("reached", 2, 2), ("refused", 0, 0)]


def test_the_quality_gate_asks_for_what_proves_that_the_citizen_was_spoken_to(
    ticket: Ticket, handler: User
) -> None:
    said = "尊敬的市民：已电话联系您，经现场核查，楼道灯已更换。咨询电话 0571-88123456。"

    def hints() -> list[str]:
        fresh = Ticket.objects.get(pk=ticket.pk)
        found = quality.of_reply(fresh, said).findings
        return [f"{f.risk}{f.hint}" for f in found if "联系" in f.hint]

    claimed = hints()
    actions.contact(ticket, spoken=just_now(), by=handler)
    unproven = hints()
    proof = actions.keep_file("通话.jpg", photo(), by=handler).key
    actions.contact(ticket, spoken=just_now(), proofs=[proof], by=handler)

    assert [hint[:1] for hint in claimed] == ["中"]
    assert "没有联系记录" in claimed[0]
    assert ["没有联系诉求人的凭证" in hint for hint in unproven] == [True]
    assert hints() == []
    Ticket.objects.update(phone="")
    assert hints() == []


def test_after_a_redo_the_citizen_must_be_spoken_to_anew(
    ticket: Ticket, handler: User, auditor: User, reviewer: User, callback: User
) -> None:
    actions.reply(ticket, text=REPLY, result="solved", contacted=True, by=handler)
    actions.release(ticket, by=auditor)
    actions.review(ticket, by=reviewer)
    actions.call_back(ticket, outcome="reached", by=callback, **UNHAPPY)

    with pytest.raises(Invalid, match="未联系的原因"):
        actions.reply(ticket, text=REPLY, result="solved", by=handler)


def test_a_leaders_words_are_kept_also_on_a_closed_ticket_and_put_an_open_one_under_watch(
    ticket: Ticket,
    handler: User,
    auditor: User,
    reviewer: User,
    callback: User,
    supervisor: User,
    stranger: User,
) -> None:
    with pytest.raises(NotAllowed):
        actions.instruct(ticket, leader="市长", note="请查明", by=stranger)
    with pytest.raises(Invalid) as refused:
        actions.instruct(ticket, leader=" ", note="请查明", by=supervisor)
    actions.instruct(ticket, leader="王副市长", note="请查明原因，举一反三", by=supervisor)
    watched = ticket.supervised
    actions.reply(ticket, text=REPLY, result="solved", contacted=True, by=handler)
    actions.release(ticket, by=auditor)
    actions.review(ticket, by=reviewer)
    actions.call_back(ticket, outcome="reached", by=callback, **HAPPY)

    actions.instruct(ticket, leader="市长", note="请总结经验", by=supervisor)

    said = ticket.entries.filter(step="instruct").order_by("id").select_related("words")
    assert list(refused.value.fields) == ["leader"]
    assert watched
    assert ticket.status == Status.CLOSED
    assert [(e.extra["leader"], e.note) for e in said] == [
        ("王副市长", "请查明原因，举一反三"),
        ("市长", "请总结经验"),
    ]


def test_only_the_unit_records_and_only_while_it_handles(
    ticket: Ticket, handler: User, stranger: User, reviewer: User
) -> None:
    for nobody in (stranger, reviewer):
        with pytest.raises(NotAllowed):
            actions.contact(ticket, spoken=just_now(), by=nobody)
        with pytest.raises(NotAllowed):
            actions.record(ticket, findings=Findings(account="不该写"), by=nobody)
    actions.reply(ticket, text=REPLY, result="solved", contacted=True, by=handler)
    with pytest.raises(WrongState):
        actions.record(ticket, findings=Findings(account="晚了"), by=handler)
