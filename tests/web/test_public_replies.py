"""Anybody reads public replies, and nobody else's."""

import pytest
from django.test import Client

from accounts.models import User
from knowledge.models import SearchLog
from knowledge.selectors.gaps import hit_rate
from outbox.bus import drain_all
from search import engine
from tests.factories import Units
from tests.web.conftest import ANSWER, MakeTicket, SignIn
from tickets import actions
from tickets.models import Reply, Ticket
from tickets.published import PUBLISHED

pytestmark = pytest.mark.usefixtures("fresh_indexes")


@pytest.fixture
def public(
    make_ticket: MakeTicket,
    units: Units,
    dispatcher: User,
    signer: User,
    handler: User,
    auditor: User,
    reviewer: User,
) -> Reply:
    ticket = make_ticket(name="王小明", public=True, title="路灯不亮")
    actions.dispatch(ticket, to=units.housing, by=dispatcher)
    actions.sign(ticket, by=signer)
    actions.reply(
        ticket, text=ANSWER, result="solved", contacted=True, may_publish=True, by=handler
    )
    actions.release(ticket, by=auditor)
    actions.review(ticket, publish=True, by=reviewer)
    drain_all()
    engine.current().refresh(PUBLISHED)
    return Reply.objects.get(ticket=ticket)


def test_a_search_of_the_public_shows_replies_beside_policies(
    client: Client, public: Reply
) -> None:
    page = client.get("/knowledge/", {"q": "路灯"}).content.decode()

    assert f"/replies/{public.pk}/" in page
    assert public.ticket.number not in page
    assert "没有找到相关内容" not in page


def test_a_public_reply_has_an_address_of_its_own(client: Client, public: Reply) -> None:
    page = client.get(f"/replies/{public.pk}/").content.decode()

    assert ANSWER in page
    assert "王小明" not in page
    assert public.ticket.number not in page


def test_replies_are_searched_and_leafed_through(client: Client, public: Reply) -> None:
    found = client.get("/replies/", {"q": "路灯"}).content.decode()
    latest = client.get("/replies/").content.decode()
    nothing = client.get("/replies/", {"q": "火星移民"}).content.decode()

    assert "共 1 件" in found
    assert f"/replies/{public.pk}/" in latest
    assert "没有找到相关的答复" in nothing


def test_what_is_not_found_among_the_replies_comes_to_the_editors(
    client: Client, public: Reply, editor: User, sign_in: SignIn
) -> None:
    for asked in ("火星移民", "火星移民", "路灯", "", "望和花园"):
        client.get("/replies/", {"q": asked})

    gaps = sign_in(editor).get("/editing/gaps/").content.decode()

    assert [(log.text, log.hits) for log in SearchLog.objects.all()] == [("火星移民", 0)] * 2
    assert "查公开答复 2" in gaps
    assert hit_rate() is None


def test_letters_of_pinyin_find_public_replies(client: Client, public: Reply) -> None:
    page = client.get("/replies/", {"q": "ludeng"}).content.decode()

    assert "<mark>路灯</mark>不亮" in page


def test_a_reply_that_is_not_public_is_not_there(client: Client, reviewed: Ticket) -> None:
    reply = Reply.objects.get(ticket=reviewed)

    assert client.get(f"/replies/{reply.pk}/").status_code == 404
    assert client.get("/replies/999999/").status_code == 404


def test_an_earlier_version_leads_to_the_one_in_force(client: Client, public: Reply) -> None:
    later = Reply.objects.create(
        ticket=public.ticket,
        version=public.version + 1,
        text="已更换整条线路。",
        result="solved",
        at=public.at,
        accepted_at=public.accepted_at,
        published_at=public.published_at,
    )

    assert client.get(f"/replies/{public.pk}/")["Location"] == f"/replies/{later.pk}/"
