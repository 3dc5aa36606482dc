"""Lists too long for one answer: written by a worker, told of, fetched by who asked, swept."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django import Settings

from accounts import actions as accounts
from accounts.models import AccessLog, Role, User
from city import actions as city
from city.models import Parameter
from hotline import tasks
from hotline.exports import actions as exports
from hotline.exports import writing
from hotline.exports.models import Export
from outbox.models import Notice
from tests.factories import Units, make_user
from tests.web.conftest import MakeTicket, SignIn
from tickets import actions
from tickets.models import Ticket

ASK = {"as": "csv", "query": "source=web"}


@pytest.fixture(autouse=True)
def small(settings: Settings, tmp_path: Path, db: None) -> None:
    """One row an answer, as the city set it."""
    settings.EXPORT_DIR = tmp_path / "exports"
    row = Parameter(name=Parameter.Name.EXPORT_ROWS, amount=1, valid_from="2020-01-01")
    city.save_row(row)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(timezone.now(), tick=False) as travel:
        yield travel


@pytest.fixture
def three(make_ticket: MakeTicket, units: Units, dispatcher: User) -> list[Ticket]:
    """Three of 市住建局's, the last the most pressing; one of 市城管局's."""
    made = []
    for number in range(3):
        ticket = make_ticket(f"我是王小明，第{number}件，电话13812345678", name="王小明")
        actions.dispatch(ticket, to=units.housing, by=dispatcher)
        due = timezone.now() + timedelta(hours=9 - number)
        Ticket.objects.filter(pk=ticket.pk).update(due_at=due)
        made.append(ticket)
    actions.dispatch(make_ticket("另一单位的", phone="13912345678"), to=units.urban, by=dispatcher)
    return made


def numbers(content: bytes) -> list[str]:
    return [line["工单编号"] for line in csv.DictReader(io.StringIO(content.decode("utf-8-sig")))]


def test_a_long_list_is_written_as_it_is_seen_masked_told_of_and_fetched_by_who_asked(
    three: list[Ticket], signer: User, stranger: User, supervisor: User, sign_in: SignIn
) -> None:
    browser = sign_in(signer)

    said = browser.post("/worklist/export/", ASK, follow=True).content.decode()
    early = browser.get(f"/exports/{Export.objects.get().pk}/file/")
    assert tasks.write_exports() == 1

    row = Export.objects.get()
    page = browser.get("/exports/").content.decode()
    file = browser.get(f"/exports/{row.pk}/file/")
    assert "共 3 件，正在后台导出" in said
    assert early.status_code == 404
    assert (row.state, row.total, row.percent) == ("ready", 3, 100)
    assert f"/exports/{row.pk}/file/" in page
    assert numbers(file.content) == [ticket.number for ticket in reversed(three)]
    assert "王小明" not in file.content.decode()
    assert "13812345678" not in file.content.decode()
    assert "attachment" in file["Content-Disposition"]
    for other in (stranger, supervisor):
        assert sign_in(other).get(f"/exports/{row.pk}/file/").status_code == 404
        assert sign_in(other).post(f"/exports/{row.pk}/delete/").status_code == 404
        assert f"/exports/{row.pk}/" not in sign_in(other).get("/exports/").content.decode()
    notice = Notice.objects.get(user=signer, label="导出已完成")
    assert browser.get(f"/notices/{notice.pk}/").url == "/exports/"  # type: ignore[attr-defined]  # a redirect
    assert "查看导出的文件" in browser.get("/notices/").content.decode()
    kept = AccessLog.objects.filter(user=signer, action="export").order_by("id")
    assert ["下载" in line.reason for line in kept] == [False, True]
    assert all("source=web" in line.reason for line in kept)


def test_all_tickets_are_written_newest_first_as_a_sheet_without_formulas(
    three: list[Ticket], supervisor: User, sign_in: SignIn
) -> None:
    sign_in(supervisor).post("/tickets/export/", {"query": "source=web"})
    tasks.write_exports()

    file = sign_in(supervisor).get(f"/exports/{Export.objects.get().pk}/file/")

    sheet = load_workbook(io.BytesIO(file.content)).worksheets[0]
    found = [row[0].value for row in sheet.iter_rows(min_row=2)]
    newest = Ticket.objects.order_by("-accepted_at", "-pk").values_list("number", flat=True)
    assert found == list(newest)
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}


def test_a_file_is_kept_for_the_days_of_a_row_and_then_swept(
    three: list[Ticket], signer: User, sign_in: SignIn, clock: time_machine.Traveller
) -> None:
    browser = sign_in(signer)
    browser.post("/worklist/export/", ASK)
    tasks.write_exports()
    row = Export.objects.get()
    assert row.path.exists()
    assert tasks.sweep_exports() == 0

    clock.shift(timedelta(days=3, minutes=1))
    late = sign_in(signer).get(f"/exports/{row.pk}/file/", follow=True).content.decode()

    assert "这个文件已过保留期" in late
    assert tasks.sweep_exports() == 1
    assert not row.path.exists()
    assert not Export.objects.exists()


def test_who_changed_his_post_since_cannot_fetch_what_was_written_for_the_former(
    three: list[Ticket], units: Units, sign_in: SignIn
) -> None:
    mover = make_user(Role.SIGNER, units.housing)
    sign_in(mover).post("/worklist/export/", ASK)
    tasks.write_exports()
    accounts.set_posts(mover, {(Role.SIGNER, units.urban)})

    answer = sign_in(mover).get(f"/exports/{Export.objects.get().pk}/file/", follow=True)

    assert "岗位或单位有变动" in answer.content.decode()
    assert AccessLog.objects.filter(user=mover).count() == 1


def test_what_a_person_may_see_is_asked_when_it_is_written(
    three: list[Ticket], signer: User, dispatcher: User, units: Units, sign_in: SignIn
) -> None:
    sign_in(signer).post("/worklist/export/", ASK)
    actions.redirect(three[0], to=units.urban, by=dispatcher)
    tasks.write_exports()

    file = sign_in(signer).get(f"/exports/{Export.objects.get().pk}/file/")

    assert numbers(file.content) == [three[2].number, three[1].number]


def test_one_at_a_time_a_person_and_no_more_than_the_city_lets_out(
    three: list[Ticket], signer: User, supervisor: User, sign_in: SignIn
) -> None:
    browser = sign_in(signer)
    browser.post("/worklist/export/", ASK)

    again = browser.post("/worklist/export/", ASK, follow=True).content.decode()
    row = Parameter(name=Parameter.Name.EXPORT_MOST, amount=0, valid_from="2020-01-01")
    city.save_row(row)
    refused = sign_in(supervisor).post("/tickets/export/", ASK, follow=True).content.decode()
    tasks.write_exports()

    assert "上一个导出还没有完成" in again
    assert "一次最多导出 0 件" in refused
    assert Export.objects.get().state == "failed"  # the row was changed meanwhile
    assert Notice.objects.filter(user=signer, label="导出未完成").exists()


def test_an_export_whose_worker_was_killed_is_begun_anew_and_given_up_in_the_end(
    three: list[Ticket],
    signer: User,
    sign_in: SignIn,
    clock: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sign_in(signer).post("/worklist/export/", ASK)
    killed = exports.take_up(timezone.now())
    assert killed is not None
    assert tasks.write_exports() == 0  # somebody is at it

    clock.shift(timedelta(seconds=exports.SILENT_S + 1))
    taken = exports.take_up(timezone.now())
    assert taken is not None
    assert not exports.go_on(killed, timezone.now(), written=1)  # the former one's word is void
    monkeypatch.setattr(writing, "SOURCES", {})  # each try breaks
    clock.shift(timedelta(seconds=exports.SILENT_S + 1))
    tasks.write_exports()

    assert (Export.objects.get().state, Export.objects.get().tries) == ("failed", 3)


def test_who_removes_an_export_stops_it_and_no_file_is_left(
    three: list[Ticket], signer: User, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = sign_in(signer)
    browser.post("/worklist/export/", ASK)
    row = Export.objects.get()
    monkeypatch.setattr(
        writing, "until_calm", lambda most: browser.post(f"/exports/{row.pk}/delete/")
    )
    monkeypatch.setattr("tickets.actions.exporting.AT_ONCE", 1)

    assert tasks.write_exports() == 1

    assert not Export.objects.exists()
    assert list(row.path.parent.glob("*")) == []
