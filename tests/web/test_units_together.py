"""The page of a ticket that several units have: legs, opinions, and each one's next step."""

import pytest
from django.utils.timezone import localtime
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role, User
from tests.factories import Units, make_user
from tests.web.conftest import MakeTicket, SignIn
from tickets import actions
from tickets.models import Ticket

SAID = "已到现场核查，路面破损属实，建议列入本月修补计划。"


@pytest.fixture
def shared(accepted: Ticket, units: Units, dispatcher: User) -> Ticket:
    """A ticket that 临溪区 handles, 市住建局 assists, and 望河街道 was handed."""
    actions.dispatch(accepted, to=units.linxi, assisting=[units.housing], by=dispatcher)
    lead = make_user(Role.SIGNER, units.linxi)
    actions.sign(accepted, by=lead)
    return actions.sub_dispatch(accepted, to=[units.wanghe], by=lead)


def test_an_assisting_unit_takes_it_in_and_gives_its_opinion_on_the_page(
    shared: Ticket, handler: User, dispatcher: User, sign_in: SignIn
) -> None:
    browser, url = sign_in(handler), f"/tickets/{shared.number}/"

    assert f"{url}reply/" not in browser.get(url).content.decode()
    browser.post(f"{url}receive/")
    short = browser.post(f"{url}advise/", {"text": "好"})
    browser.post(f"{url}advise/", {"text": SAID})

    assert (short.status_code, "反馈意见应为" in short.content.decode()) == (400, True)
    page = sign_in(dispatcher).get(url).content.decode()
    assert SAID in page
    assert "待望河街道办事处（下派）接收" in page


def test_the_dispatcher_calls_a_unit_in_on_the_page_and_a_unit_is_not_offered_it(
    shared: Ticket, dispatcher: User, handler: User, sign_in: SignIn
) -> None:
    url, words = f"/tickets/{shared.number}/call_in/", {"note": "涉及供水管"}

    nobody = sign_in(dispatcher).post(url, words)
    sign_in(dispatcher).post(url, words | {"assisting": ["gsgs"]})
    stranger = sign_in(handler).post(url, words | {"assisting": ["lx-cgzf"]})

    page = sign_in(dispatcher).get(f"/tickets/{shared.number}/").content.decode()
    assert (nobody.status_code, "请选择协办单位" in nobody.content.decode()) == (400, True)
    assert "协办：云江供水集团" in page
    assert stranger.status_code == 403
    assert not shared.assignments.filter(department__code="lx-cgzf").exists()


def test_a_unit_hands_down_on_the_page_only_what_is_below_it(
    accepted: Ticket, units: Units, dispatcher: User, sign_in: SignIn
) -> None:
    actions.dispatch(accepted, to=units.linxi, by=dispatcher)
    lead = make_user(Role.SIGNER, units.linxi)
    actions.sign(accepted, by=lead)
    browser, url = sign_in(lead), f"/tickets/{accepted.number}/"

    form = browser.get(url).content.decode()
    foreign = browser.post(f"{url}sub_dispatch/", {"to": ["np-cgzf"]})
    nobody = browser.post(f"{url}sub_dispatch/", {})
    browser.post(f"{url}sub_dispatch/", {"to": ["lx-wh", "lx-cgzf"], "note": "请核查"})

    assert "望河街道办事处" in form
    assert "南屏区城市管理局" not in form
    assert (foreign.status_code, nobody.status_code) == (400, 400)
    units_now = accepted.assignments.filter(voided_at=None).values_list("department__code", "part")
    assert set(units_now) == {("lx", "lead"), ("lx-wh", "sub"), ("lx-cgzf", "sub")}


def test_the_list_of_an_assisting_unit_shows_its_own_limit_and_the_leads_its_own(
    shared: Ticket, units: Units, handler: User, sign_in: SignIn
) -> None:
    def page_of(user: User) -> str:
        return sign_in(user).get("/worklist/").content.decode()

    turn = shared.assignments.get(department=units.housing)
    shared.refresh_from_db()
    shown = [f'datetime="{localtime(at).isoformat()}"' for at in (turn.sign_due_at, turn.due_at)]
    of_ticket = f'datetime="{localtime(shared.due_at).isoformat()}"'

    before = page_of(handler)
    actions.receive(shared, by=handler)
    after, leads = page_of(handler), page_of(make_user(Role.HANDLER, units.linxi))

    assert (shown[0] in before, shown[1] in after, of_ticket in leads) == (True, True, True)
    assert of_ticket not in before + after
    assert shown[1] not in leads


def test_who_assists_twice_over_is_asked_for_which_unit(
    shared: Ticket, units: Units, sign_in: SignIn
) -> None:
    both = make_user(Role.SIGNER, units.housing)
    other = make_user(Role.SIGNER, units.wanghe)
    both.memberships.create(role=Role.SIGNER, department=units.wanghe)
    url = f"/tickets/{shared.number}/"
    theirs = shared.assignments.get(department=units.wanghe)

    page = sign_in(both).get(url).content.decode()
    sign_in(both).post(f"{url}receive/", {"turn": theirs.pk})
    again = sign_in(other).post(f"{url}receive/", {"turn": theirs.pk})

    assert '<select name="turn"' in page
    theirs.refresh_from_db()
    assert theirs.state == "handling"
    assert again.status_code in {400, 403}


def test_a_stranger_sees_nothing_of_it(shared: Ticket, stranger: User, sign_in: SignIn) -> None:
    for verb in ("receive", "advise", "take_over", "sub_dispatch", "recall", "waive", "send_up"):
        answer = sign_in(stranger).post(f"/tickets/{shared.number}/{verb}/", {"note": "随便"})
        assert answer.status_code == 404


def test_the_page_asks_no_more_for_many_units_than_for_few(
    shared: Ticket,
    units: Units,
    dispatcher: User,
    sign_in: SignIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    lead = make_user(Role.SIGNER, units.linxi)
    actions.sub_dispatch(shared, to=[units.linxi_urban, units.linxi_housing], by=lead)
    browser = sign_in(lead)

    with django_assert_max_num_queries(20):
        answer = browser.get(f"/tickets/{shared.number}/")

    assert answer.status_code == 200


def test_chosen_tickets_are_handed_down_together_and_refusals_named(
    shared: Ticket, make_ticket: MakeTicket, units: Units, dispatcher: User, sign_in: SignIn
) -> None:
    second = actions.dispatch(make_ticket("路灯不亮"), to=units.linxi, by=dispatcher)
    lead = make_user(Role.SIGNER, units.linxi)
    actions.sign(second, by=lead)
    shared.refresh_from_db()
    browser = sign_in(lead)
    chosen = [f"{t.number}:{t.version}" for t in (shared, second)]
    asked = {"chosen": chosen, "to": ["lx-wh"], "note": "", "answered": "1"}
    turn = shared.assignments.get(part="lead")

    page = browser.post("/worklist/steps/sub_dispatch/", asked | {"turn": turn.pk}, follow=True)

    assert second.assignments.filter(part="sub", department=units.wanghe).exists()
    assert shared.assignments.filter(part="sub").count() == 1
    assert shared.number in page.content.decode()
    assert "已在承办这件工单" in page.content.decode()


def test_the_list_of_work_asks_as_many_questions_for_many_tickets_as_for_few(
    make_ticket: MakeTicket,
    units: Units,
    dispatcher: User,
    sign_in: SignIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    lead = make_user(Role.SIGNER, units.linxi)
    for n in range(6):
        ticket = make_ticket(f"第 {n} 件", phone="")
        actions.dispatch(ticket, to=units.linxi, assisting=[units.wanghe], by=dispatcher)
        actions.sign(ticket, by=lead)
    browser = sign_in(make_user(Role.HANDLER, units.linxi))

    with django_assert_max_num_queries(16):
        page = browser.get("/worklist/").content.decode()

    assert page.count("sub_dispatch") >= 6
