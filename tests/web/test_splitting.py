"""Several matters of one caller on the pages: desk, ticket page, the citizen's progress."""

from django.test import Client

from accounts.models import User
from hotline.calls.gateways import simulator
from tests.web.conftest import MakeTicket, SignIn
from tickets.models import Ticket
from tickets.numbers import query_code
from tickets.workflow import Status


def test_same_person_two_matters_one_call(agent: User, sign_in: SignIn) -> None:
    call = simulator.ring("13800001234", agent)
    simulator.answer(call, by=agent)
    sent = {
        "text": "望河花园路灯不亮。",
        "other_1": "公交卡充值没有到账。",
        "token": "a-call",
        "call": call.pk,
    }
    browser = sign_in(agent)

    page = browser.post("/desk/submit/", sent | {"phone": "13800001234"}, follow=True)
    browser.post("/desk/submit/", sent | {"phone": "13800001234"})

    first, second = Ticket.objects.order_by("pk")
    assert second.split_from == first
    assert first.call_id == second.call_id == call.pk
    assert first.phone == second.phone
    shown = page.content.decode()
    assert query_code(first.number) in shown
    assert query_code(second.number) in shown
    assert second.number in browser.get(f"/tickets/{first.number}/").content.decode()


def test_a_reviewer_splits_and_the_citizen_s_number_shows_the_parts(
    make_ticket: MakeTicket, reviewer: User, sign_in: SignIn, stranger: User
) -> None:
    whole = make_ticket("路灯不亮，还有垃圾没人清。")
    sent = {"text_1": "路灯不亮。", "text_2": "垃圾没人清。", "version": whole.version}

    refused = sign_in(stranger).post(f"/tickets/{whole.number}/split/", sent)
    incomplete = sign_in(reviewer).post(f"/tickets/{whole.number}/split/", sent | {"text_2": ""})
    sign_in(reviewer).post(f"/tickets/{whole.number}/split/", sent)

    assert refused.status_code == 404
    assert incomplete.status_code == 400
    whole.refresh_from_db()
    assert whole.status == Status.SPLIT
    asked = {"number": whole.number, "code": query_code(whole.number)}
    page = Client().post("/progress/", asked, follow=True).content.decode()
    part = whole.parts.first()
    assert part
    assert "分件办理" in page
    assert part.number in page
    assert query_code(part.number) in page
    staff_page = sign_in(reviewer).get(f"/tickets/{part.number}/").content.decode()
    assert "路灯不亮，还有垃圾没人清。" in staff_page
    assert "拆为 " in sign_in(reviewer).get(f"/tickets/{whole.number}/").content.decode()
