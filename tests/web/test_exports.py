"""Lists taken away as files: what one sees, masked, bounded, no formula, and kept in the log."""

import csv
import io

import pytest
from openpyxl import load_workbook

from accounts.models import AccessLog, User
from city import actions as city
from city.models import Parameter
from tests.factories import Units
from tests.web.conftest import MakeTicket, SignIn
from tickets import actions
from tickets.models import Ticket


@pytest.fixture
def named(make_ticket: MakeTicket, units: Units, dispatcher: User) -> Ticket:
    """A ticket whose words begin as a formula does and name the caller and his number."""
    ticket = make_ticket("=1+1 我是王小明，电话13812345678，路灯坏了", name="王小明")
    return actions.dispatch(ticket, to=units.housing, by=dispatcher)


def lines(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("address", ["/worklist/export/", "/tickets/export/"])
def test_what_one_sees_is_taken_away_masked_and_kept_in_the_log(
    address: str, named: Ticket, signer: User, stranger: User, sign_in: SignIn
) -> None:
    mine = sign_in(signer).post(address, {"as": "csv", "query": "source=web"})
    theirs = sign_in(stranger).post(address, {"as": "csv"})

    (line,) = lines(mine.content)
    assert line["工单编号"] == named.number
    assert (line["诉求人"], line["电话"]) == ("王**", "138****5678")
    assert "王小明" not in mine.content.decode()
    assert "13812345678" not in mine.content.decode()
    assert lines(theirs.content) == []
    kept = AccessLog.objects.get(user=signer)
    assert (kept.action, kept.subject_id) == ("export", "1")
    assert "source=web" in kept.reason


def test_no_cell_is_a_formula_in_either_kind(
    named: Ticket, supervisor: User, sign_in: SignIn
) -> None:
    browser = sign_in(supervisor)

    table = lines(browser.post("/worklist/export/", {"as": "csv"}).content)
    book = load_workbook(io.BytesIO(browser.post("/worklist/export/", {}).content))

    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert table[0]["诉求内容"].startswith("'=1+1")
    assert {cell.data_type for cell in cells if cell.value} == {"s"}
    assert any(str(cell.value).startswith("=1+1") for cell in cells)


def test_nothing_of_a_confidential_citizen_leaves_with_a_unit(
    make_ticket: MakeTicket, units: Units, dispatcher: User, signer: User, sign_in: SignIn
) -> None:
    ticket = make_ticket("某单位违规收费", name="李四海", confidential=True)
    actions.dispatch(ticket, to=units.housing, by=dispatcher)

    (unit,) = lines(sign_in(signer).post("/worklist/export/", {"as": "csv"}).content)
    (center,) = lines(sign_in(dispatcher).post("/tickets/export/", {"as": "csv"}).content)

    assert (unit["诉求人"], unit["电话"]) == ("保密", "保密")
    assert center["诉求人"] == "李**"


@pytest.mark.parametrize("address", ["/worklist/export/", "/tickets/export/"])
def test_more_than_the_city_lets_out_at_once_is_refused_with_what_to_do(
    address: str, named: Ticket, supervisor: User, sign_in: SignIn
) -> None:
    city.save_row(Parameter(name=Parameter.Name.EXPORT_MOST, amount=0, valid_from="2020-01-01"))

    answer = sign_in(supervisor).post(address, {"as": "csv"}, follow=True)

    assert "一次最多导出 0 件，请按单位、状态或日期缩小范围" in answer.content.decode()
    assert not AccessLog.objects.exists()
