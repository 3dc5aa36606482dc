"""Special forms and nameless demands: rows say what is asked, actions say whether it fits."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts.models import User
from city.models import SpecialForm
from city.questions import Question, Wrong, read
from city.selectors import special_form, special_forms
from tests.factories import Units
from tests.tickets.steps import TRY, accepted
from tickets import actions, errors, policy
from tickets.actions.closing import to_be_called
from tickets.models import Filling, Source, Ticket
from tickets.workflow import Party, Status

WAGE = {"employer": "某某建筑公司", "amount": "12,800", "people": "7", "boss_phone": "13700001111"}


def tell(**about: object) -> Ticket:
    fields: dict[str, object] = {"text": "老板拖欠工资。", "kind": "help", "phone": "13812345678"}
    return actions.accept(source=Source.WEB, by=Party.CITIZEN, **fields | about)  # type: ignore[arg-type]  # whatever a test needs


@pytest.mark.parametrize(
    ("question", "said", "kept"),
    [
        (Question("a", "金额", "amount"), "1,280.5", "1280.50"),
        (Question("a", "人数", "count"), "7", "7"),
        (Question("a", "日期", "date"), "2026-11-02", "2026-11-02"),
        (Question("a", "电话", "phone"), "0571-88880000", "0571-88880000"),
        (Question("a", "是否", "yes_no"), "是", "是"),
        (Question("a", "说明", "long"), " 写一点 ", "写一点"),
        (Question("a", "名称"), "", ""),
    ],
)
def test_an_answer_that_fits_is_kept(question: Question, said: str, kept: str) -> None:
    assert question.check(said) == kept


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (Question("a", "金额", "amount"), "很多"),
        (Question("a", "金额", "amount"), "-1"),
        (Question("a", "金额", "amount"), "NaN"),
        (Question("a", "人数", "count"), "1.5"),
        (Question("a", "日期", "date"), "上个月"),
        (Question("a", "电话", "phone"), "不知道"),
        (Question("a", "类型", "choice", choices=("商品",)), "别的"),
        (Question("a", "名称"), "长" * 201),
        (Question("a", "名称", required=True), "  "),
    ],
)
def test_an_answer_that_does_not_fit_is_named(question: Question, said: str) -> None:
    with pytest.raises(Wrong, match=question.label):
        question.check(said)


@pytest.mark.parametrize(
    "rows",
    [
        [{"name": "A b", "label": "名称"}],
        [{"name": "a"}],
        [{"name": "a", "label": "甲", "type": "song"}],
        [{"name": "a", "label": "甲", "type": "choice"}],
        [{"name": "a", "label": "甲"}, {"name": "a", "label": "乙"}],
        ["a"],
    ],
)
def test_a_form_that_nobody_can_fill_in_is_refused(rows: list[object]) -> None:
    with pytest.raises(ValidationError):
        SpecialForm(code="x", name="某", questions=rows).clean()


def test_a_city_starts_with_the_shipped_forms_and_may_have_its_own(units: Units) -> None:
    assert [form.code for form in special_forms()] == ["consume", "wage", "noise"]
    assert all(read(form.questions) for form in special_forms())
    assert special_form("nothing") is None


def test_a_special_form_stays_with_its_ticket_and_is_not_readable_in_the_tables(
    units: Units,
) -> None:
    ticket = tell(filling=actions.checked("wage", WAGE))

    answers = dict(ticket.filling.answers)
    assert answers["工作单位"] == "某某建筑公司"
    assert answers["欠薪金额（元）"] == "12800.00"
    assert "岗位" not in answers
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT said FROM {Filling._meta.db_table}")
        assert "工作单位" not in str(cursor.fetchone())


def test_what_is_wrong_in_a_special_form_is_named_field_by_field(units: Units) -> None:
    with pytest.raises(errors.Invalid) as refused:
        actions.checked("wage", {"amount": "许多"})

    assert {"wage-employer", "wage-amount", "wage-people"} <= set(refused.value.fields)
    with pytest.raises(errors.Invalid, match="没有这种"):
        actions.checked("nothing", {})


def test_匿名举报(
    units: Units,
    dispatcher: User,
    signer: User,
    handler: User,
    auditor: User,
    reviewer: User,
) -> None:
    ticket = tell(kind="report", anonymous=True, name="王小明", text="某公司偷排污水。")

    assert (ticket.name, ticket.phone, ticket.phone_hash) == ("", "", "")
    assert (ticket.confidential, ticket.public, ticket.wants_callback) == (True, False, False)
    assert not to_be_called(ticket)
    assert not policy.may_see_contact(handler, ticket)
    actions.dispatch(ticket, to=units.housing, by=dispatcher)
    actions.sign(ticket, by=signer)
    for verb, by in (("reply", handler), ("release", auditor), ("review", reviewer)):
        TRY[verb](ticket, by, units)
    assert ticket.status == Status.CLOSED


@pytest.mark.parametrize("kind", ["help", "complaint", "consult", None])
def test_only_reports_and_advice_may_be_nameless(kind: str | None, units: Units) -> None:
    with pytest.raises(errors.Invalid, match="匿名"):
        tell(kind=kind, anonymous=True)

    assert tell(kind="advice", anonymous=True).anonymous
    assert not accepted().anonymous
