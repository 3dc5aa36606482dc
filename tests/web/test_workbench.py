"""The lists of work: three numbers, what narrows them, kept views, one step for many tickets."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import Role, User
from city import actions as city
from city.models import Category
from hotline.web.bulk import TOGETHER
from tests.factories import Units, make_user
from tests.web.conftest import MakeTicket, SignIn
from tickets import actions
from tickets.models import Assignment, SavedSearch, Ticket
from tickets.workflow import Status


@pytest.fixture
def three(make_ticket: MakeTicket, units: Units, dispatcher: User) -> list[Ticket]:
    """Three that wait to be signed: one overdue, one due today, one later."""
    rows = [make_ticket(f"第 {n} 盏路灯坏了") for n in range(3)]
    for row in rows:
        actions.dispatch(row, to=units.housing, by=dispatcher)
    now = timezone.now()
    midnight = timezone.localtime(now).replace(hour=23, minute=59, second=59)
    for row, due in zip(
        rows, (now - timedelta(days=1), midnight, now + timedelta(days=3)), strict=True
    ):
        Ticket.objects.filter(pk=row.pk).update(due_at=due)
    return rows


def chosen(*rows: Ticket) -> list[str]:
    return [f"{row.number}:{row.version}" for row in rows]


def shown(page: str) -> list[str]:
    return re.findall(r'data-row="(\w+)"', page)


def test_three_numbers_stand_above_one_list_by_remaining_time(
    three: list[Ticket], signer: User, sign_in: SignIn
) -> None:
    page = sign_in(signer).get("/worklist/?list=to_sign").content.decode()

    figures = re.findall(r"<b[^>]*>(\d+)</b><small>(\S+?)</small>", page)
    assert figures == [("3", "待签收"), ("1", "今日到期"), ("1", "已超期")]
    assert shown(page) == [row.number for row in three]
    assert "超期 1 天" in page


@pytest.mark.parametrize(("due", "at"), [("overdue", 0), ("today", 1)])
def test_each_number_leads_to_its_tickets(
    due: str, at: int, three: list[Ticket], signer: User, sign_in: SignIn
) -> None:
    page = sign_in(signer).get(f"/worklist/?due={due}").content.decode()

    assert shown(page) == [three[at].number]
    assert "共 1 件" in page


def test_a_list_is_narrowed_by_all_that_is_asked(
    three: list[Ticket], units: Units, signer: User, handler: User, sign_in: SignIn
) -> None:
    lamps = city.save_category(Category(code="03", name="市政设施"))
    first, second, third = three
    Ticket.objects.filter(pk=first.pk).update(category=lamps, urgency="urgent")
    actions.sign(second, by=handler)
    browser, today = sign_in(handler), timezone.localdate()

    def rows(question: str) -> set[str]:
        return set(shown(browser.get(f"/worklist/?{question}").content.decode()))

    assert rows("category=03") == rows("urgency=urgent") == {first.number}
    assert rows("status=processing") == rows("mine=on") == {second.number}
    assert rows(f"unit={units.housing.code}&source=web&since={today}") == {r.number for r in three}
    assert rows(f"until={today - timedelta(days=1)}") == rows("source=phone") == set()
    assert rows(f"unit={units.urban.code}&status=nonsense") == {r.number for r in three}
    assert third.number in rows("list=to_sign")


def test_a_list_is_narrowed_by_a_unit_below_one_s_own(
    make_ticket: MakeTicket, units: Units, dispatcher: User, sign_in: SignIn
) -> None:
    here, there = make_ticket(), make_ticket("南屏的路灯", phone="")
    actions.dispatch(here, to=units.linxi_housing, by=dispatcher)
    actions.dispatch(there, to=units.nanping_urban, by=dispatcher)
    browser = sign_in(make_user(Role.SIGNER, units.linxi))

    page = browser.get(f"/worklist/?unit={units.linxi_housing.code}").content.decode()

    assert shown(page) == [here.number]
    assert units.linxi_urban.code in page
    assert f'value="{units.nanping_urban.code}"' not in page


def test_a_narrowed_list_is_kept_under_a_name_and_is_nobody_else_s(
    three: list[Ticket], signer: User, stranger: User, sign_in: SignIn
) -> None:
    browser = sign_in(signer)

    kept = browser.post(
        "/worklist/views/", {"name": "我的超期", "query": "due=overdue&after=9&x=1"}
    )
    view = SavedSearch.objects.get()
    theirs = sign_in(stranger).post(f"/worklist/views/{view.pk}/delete/")

    assert kept["Location"] == "/worklist/?due=overdue"
    assert "我的超期" in browser.get("/worklist/").content.decode()
    assert "我的超期" not in browser.get("/search/").content.decode()
    assert theirs.status_code == 404
    browser.post(f"/worklist/views/{view.pk}/delete/")
    assert not SavedSearch.objects.exists()


@pytest.mark.parametrize("asked", [{"name": "空"}, {"name": " ", "query": "due=today"}])
def test_a_view_without_conditions_or_name_is_not_kept(
    asked: dict[str, str], signer: User, sign_in: SignIn
) -> None:
    sign_in(signer).post("/worklist/views/", asked)

    assert not SavedSearch.objects.exists()


def test_an_empty_list_says_so_and_when_one_last_did_its_step(
    dispatched: Ticket, signer: User, sign_in: SignIn
) -> None:
    browser = sign_in(signer)
    actions.sign(dispatched, by=signer)

    page = browser.get("/worklist/?list=to_sign").content.decode()

    at = timezone.localtime(dispatched.entries.get(step="sign").at)
    assert f"没有待签收的工单。上次签收 {at:%H:%M}" in page
    assert "没有符合条件的工单" in browser.get("/worklist/?due=today").content.decode()


def test_what_was_the_unit_s_page_leads_to_the_list(signer: User, sign_in: SignIn) -> None:
    assert sign_in(signer).get("/department/?due=today")["Location"] == "/worklist/?due=today"


def test_several_are_signed_at_once(three: list[Ticket], signer: User, sign_in: SignIn) -> None:
    answer = sign_in(signer).post("/worklist/steps/sign/", {"chosen": chosen(*three)}, follow=True)

    assert "已签收 3 件" in answer.content.decode()
    assert set(Ticket.objects.values_list("status", flat=True)) == {Status.PROCESSING}


def test_what_is_refused_is_named_with_its_reason_and_the_rest_is_done(
    three: list[Ticket], units: Units, signer: User, handler: User, sign_in: SignIn
) -> None:
    before = chosen(*three)
    signed, taken_away, good = three
    actions.sign(signed, by=handler)
    turns = Assignment.objects.filter(ticket=taken_away)
    turns.update(voided_at=timezone.now())

    page = sign_in(signer).post("/worklist/steps/sign/", {"chosen": before}).content.decode()

    assert "办成 1 件，未办 2 件" in page
    assert re.search(rf"{signed.number}</a>\s*</td>\s*<td>这件工单刚刚被别人处理过", page)
    assert re.search(rf"{taken_away.number}</a>\s*</td>\s*<td>没有这件工单", page)
    good.refresh_from_db()
    taken_away.refresh_from_db()
    assert (good.status, taken_away.status) == (Status.PROCESSING, Status.PENDING_SIGN)


def test_a_step_that_asks_something_asks_once_for_all(
    make_ticket: MakeTicket, units: Units, dispatcher: User, sign_in: SignIn
) -> None:
    rows = [make_ticket(f"第 {n} 件", phone="") for n in range(2)]
    browser = sign_in(dispatcher)
    asked = {"chosen": chosen(*rows)}

    questions = browser.post("/worklist/steps/dispatch/", asked).content.decode()
    wrong = browser.post("/worklist/steps/dispatch/", asked | {"answered": "yes", "to": "nowhere"})
    browser.post(
        "/worklist/steps/dispatch/",
        asked | {"answered": "yes", "to": units.urban.code, "note": "同一路段"},
    )

    assert "批量派单 2 件" in questions
    assert "这个单位不能选择" in wrong.content.decode()
    assert set(Ticket.objects.values_list("lead", flat=True)) == {units.urban.pk}
    assert [e.note for e in rows[1].entries.filter(step="dispatch")] == ["同一路段"]


def test_who_leaves_hands_all_tickets_over_at_once(
    three: list[Ticket], units: Units, handler: User, sign_in: SignIn
) -> None:
    colleague, outside = (make_user(Role.HANDLER, unit) for unit in (units.housing, units.urban))
    for row in three:
        actions.sign(row, by=handler)
    browser, asked = sign_in(handler), {"chosen": chosen(*three), "answered": "yes"}

    questions = browser.post("/worklist/steps/hand_over/", {"chosen": chosen(*three)})
    wrong = browser.post("/worklist/steps/hand_over/", asked | {"to": outside.pk})
    browser.post("/worklist/steps/hand_over/", asked | {"to": colleague.pk, "note": "调离"})

    assert "批量转交承办人 3 件" in questions.content.decode()
    assert "请选择本单位的承办人" in wrong.content.decode()
    assert shown(sign_in(handler).get("/worklist/?mine=on").content.decode()) == []
    assert len(shown(sign_in(colleague).get("/worklist/?mine=on").content.decode())) == 3


def test_a_stranger_does_nothing_to_many(
    dispatched: Ticket, stranger: User, sign_in: SignIn
) -> None:
    page = sign_in(stranger).post("/worklist/steps/sign/", {"chosen": chosen(dispatched)})

    assert "没有这件工单" in page.content.decode()
    dispatched.refresh_from_db()
    assert dispatched.status == Status.PENDING_SIGN


def test_nothing_chosen_too_many_or_a_step_with_more_questions_does_nothing(
    dispatched: Ticket, signer: User, sign_in: SignIn
) -> None:
    browser = sign_in(signer)

    nothing = browser.post("/worklist/steps/sign/", {}, follow=True).content.decode()
    many = {"chosen": [f"{n}:1" for n in range(101)]}
    too_many = browser.post("/worklist/steps/sign/", many, follow=True).content.decode()

    assert "请先勾选工单" in nothing
    assert "一次最多办理 100 件" in too_many
    assert browser.post("/worklist/steps/reply/", {}).status_code == 404


def test_steps_for_many_ask_no_more_than_a_remark_and_units() -> None:
    assert {"sign", "dispatch", "redirect", "close", "urge", "supervise"} <= set(TOGETHER)
    assert not {"reply", "send_back", "call_back", "screen", "merge", "decline"} & set(TOGETHER)


def test_only_steps_that_are_possible_are_offered_for_a_row(
    dispatched: Ticket, auditor: User, handler: User, sign_in: SignIn
) -> None:
    accounts.grant(handler, Role.AUDITOR, None)
    page = sign_in(handler).get("/worklist/").content.decode()

    assert 'data-verbs="sign"' in page
    assert "/worklist/steps/release/" not in page
    assert "data-verbs" not in sign_in(auditor).get("/worklist/").content.decode()


def test_beside_its_list_a_ticket_comes_whole_and_its_steps_lead_back_to_the_list(
    dispatched: Ticket, signer: User, stranger: User, sign_in: SignIn
) -> None:
    headers = {
        "HX-Request": "true",
        "HX-Target": "beside",
        "HX-Current-URL": "http://testserver/worklist/?list=to_sign",
    }
    address = f"/tickets/{dispatched.number}/"

    part = sign_in(signer).get(address, headers=headers).content.decode()

    assert "<html" not in part
    assert dispatched.text in part
    assert 'name="next" value="/worklist/?list=to_sign"' in part
    assert sign_in(stranger).get(address, headers=headers).status_code == 404


def test_an_open_page_says_what_changed_since_it_was_read(
    dispatched: Ticket, signer: User, dispatcher: User, sign_in: SignIn
) -> None:
    seen = dispatched.version
    actions.sign(dispatched, by=signer)
    browser, address = sign_in(dispatcher), f"/tickets/{dispatched.number}/"

    told = browser.get(f"{address}?seen={seen}", headers={"HX-Request": "true"}).content.decode()
    fresh = browser.get(f"{address}?seen={dispatched.version}").content.decode()

    changes = told.split("此单已有变化")[1].split("</section>")[0]
    assert "签收" in changes
    assert "派单" not in changes
    assert "此单已有变化" not in fresh
    assert "此单已有变化" not in browser.get(f"{address}?seen=x").content.decode()


def test_the_printed_sheet_has_code_words_opinions_and_signatures_and_masks_the_citizen(
    signed: Ticket, handler: User, stranger: User, sign_in: SignIn
) -> None:
    actions.reply(
        signed, text="您好，路灯已于今日修复。", result="solved", contacted=True, by=handler
    )
    address = f"/tickets/{signed.number}/paper/"

    page = sign_in(handler).get(address).content.decode()

    for said in (
        signed.number,
        signed.text,
        "路灯已于今日修复",
        "<svg",
        "承办人签字",
        "138****5678",
    ):
        assert said in page
    assert "13812345678" not in page
    assert "王小明" not in page
    assert sign_in(stranger).get(address).status_code == 404


def test_a_return_that_is_too_late_is_explained(
    dispatched: Ticket, signer: User, auditor: User, sign_in: SignIn
) -> None:
    address = f"/tickets/{dispatched.number}/"
    in_time = sign_in(signer).get(address).content.decode()
    past = timezone.now() - timedelta(minutes=1)
    Ticket.objects.filter(pk=dispatched.pk).update(return_due_at=past)

    late = sign_in(signer).get(address).content.decode()

    assert "已过退单期限" not in in_time
    assert "已过退单期限" in late
    assert "/send_back/" not in late
    assert "已过退单期限" not in sign_in(auditor).get(address).content.decode()
    assert "现在轮到" in sign_in(auditor).get(address).content.decode()


def test_who_had_a_ticket_is_told_who_has_it_now_and_a_stranger_is_told_nothing(
    dispatched: Ticket, units: Units, signer: User, dispatcher: User, editor: User, sign_in: SignIn
) -> None:
    actions.redirect(dispatched, to=units.urban, by=dispatcher)
    address = f"/tickets/{dispatched.number}/"
    others = make_user(Role.HANDLER, units.water)

    told = sign_in(signer).get(address)

    assert told.status_code == 403
    assert "现由云江市城市管理和综合执法局承办" in told.content.decode()
    assert dispatched.text not in told.content.decode()
    assert sign_in(signer).get(f"{address}why/").status_code == 404
    assert sign_in(others).get(address).status_code == 404
    assert sign_in(editor).get(address).status_code == 404


def test_a_street_worker_takes_a_photo_into_the_reply(
    signed: Ticket, handler: User, sign_in: SignIn
) -> None:
    page = sign_in(handler).get(f"/tickets/{signed.number}/").content.decode()

    assert re.search(r'name="attachments"\s+accept="image/\*"\s+capture="environment"', page)
