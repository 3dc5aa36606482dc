"""The history of a ticket cannot be bent: what is changed, removed or added is found and named."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from accounts import ledgers
from accounts.models import User
from tests.factories import Units
from tests.meddling import meddle
from tickets import actions
from tickets.assessment.chain import flaws
from tickets.models import Entry, EntryNote, Source, Ticket
from tickets.workflow import Party

NOTE = "请三日内联系李女士13812345678"


@pytest.fixture
def ticket(units: Units, dispatcher: User, signer: User) -> Ticket:
    ticket = actions.accept(text="路灯不亮，晚上看不清路。", source=Source.WEB, by=Party.CITIZEN)
    actions.dispatch(ticket, to=units.housing, by=dispatcher, note=NOTE)
    actions.sign(ticket, by=signer)
    actions.urge(ticket, by=Party.CITIZEN)
    return ticket


def of_version(version: int) -> Entry:
    return Entry.objects.get(version=version)


def test_what_was_written_is_found_sound(ticket: Ticket) -> None:
    said = StringIO()

    call_command("verify_history", "--ticket", ticket.number, stdout=said)

    assert "核验通过：流转记录 4 条" in said.getvalue()


def test_the_chain_holds_no_personal_data(ticket: Ticket) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {Entry._meta.db_table}")
        rows = str(cursor.fetchall())
        cursor.execute(f"SELECT text FROM {EntryNote._meta.db_table}")
        words = str(cursor.fetchall())

    assert of_version(2).note == NOTE
    assert "李女士" not in rows
    assert "李女士" not in words


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tickets_entry SET step = 'redirect' WHERE version = 2",
        "UPDATE tickets_entry SET took_s = took_s + 60 WHERE version = 2",
        "UPDATE tickets_entry SET note_digest = '' WHERE version = 2",
        "UPDATE tickets_entry SET by_id = NULL WHERE version = 2",
    ],
)
def test_a_changed_step_is_named(ticket: Ticket, statement: str) -> None:
    meddle(statement)

    found = list(flaws())

    assert (ticket.number, 2) in {(flaw.number, flaw.version) for flaw in found}
    assert "被改动" in found[0].what


def test_removed_steps_are_named_in_the_middle_and_at_the_end(ticket: Ticket) -> None:
    meddle("DELETE FROM tickets_entry WHERE version IN (3, 4)")

    assert [(flaw.version, flaw.what) for flaw in flaws()] == [(3, "被删除"), (4, "被删除")]


def test_an_added_step_is_named(ticket: Ticket) -> None:
    last = of_version(4)
    last.pk, last.version = None, 5
    last.seal = last.reckon(ticket.number, of_version(4).seal)
    Entry.objects.bulk_create([last])

    assert [(flaw.version, flaw.what) for flaw in flaws()] == [(5, "“催办”为后来添加")]


def test_a_chain_rewritten_throughout_no_longer_fits_its_ticket(ticket: Ticket) -> None:
    before = ""
    for entry in Entry.objects.order_by("version"):
        entry.took_s += 1
        entry.seal = before = entry.reckon(ticket.number, before)
        meddle(
            f"UPDATE tickets_entry SET took_s = {entry.took_s}, seal = '{entry.seal}' "
            f"WHERE id = {entry.pk}"
        )

    [flaw] = flaws()

    assert "末摘要不符" in flaw.what


def test_words_changed_or_removed_behind_the_chain_are_found(ticket: Ticket) -> None:
    words = EntryNote.objects.get()
    words.text = "请当日联系"
    words.save()
    changed = list(flaws(ticket.number))
    words.delete()
    gone = list(flaws(ticket.number))

    assert [flaw.what for flaw in changed] == ["“派单”的意见原文被改动"]
    assert [flaw.what for flaw in gone] == ["“派单”的意见原文被删除"]
    assert of_version(2).note == ""


def test_a_ticket_without_any_history_is_found(ticket: Ticket) -> None:
    EntryNote.objects.all().delete()
    meddle("DELETE FROM tickets_entry")

    assert [(f.number, f.what) for f in flaws()] == [(ticket.number, "全部流转记录被删除")]


def test_the_command_names_what_is_wrong_and_fails(ticket: Ticket) -> None:
    for model in ledgers.guarded():
        ledgers.protect(connection, model)
    meddle("UPDATE tickets_entry SET took_s = took_s + 1 WHERE version = 3")
    said = StringIO()

    with pytest.raises(CommandError, match="1 处不符"):
        call_command("verify_history", stdout=said)

    assert f"工单 {ticket.number} 第 3 步“签收”被改动" in said.getvalue()


def test_a_database_without_its_guard_is_reported(ticket: Ticket) -> None:
    with connection.cursor() as cursor:
        where = " ON tickets_entry" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER IF EXISTS tickets_entry_keep{where}")
    said = StringIO()

    with pytest.raises(CommandError):
        call_command("verify_history", stdout=said)

    assert "数据库没有禁止改动“流转记录”" in said.getvalue()


@pytest.mark.django_db
def test_an_unknown_number_is_refused() -> None:
    with pytest.raises(CommandError, match="没有编号为"):
        call_command("verify_history", "--ticket", "12345")


@pytest.mark.parametrize("change", ["delete", "update"])
def test_the_model_refuses_too(ticket: Ticket, change: str) -> None:
    rows = Entry.objects.all()

    with pytest.raises(TypeError):
        rows.delete() if change == "delete" else rows.update(took_s=F("took_s") + 1)


def test_the_database_refuses_to_change_a_step(ticket: Ticket) -> None:
    ledgers.protect(connection, Entry)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.filter(pk=of_version(3).pk)._raw_delete(using="default")
