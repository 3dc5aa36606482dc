"""What the agent writes becomes a ticket, an answer, a supplement or an urging: once, and kept."""

import json
import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from hotline.calls.gateways import simulator
from hotline.calls.models import Call
from knowledge import actions as knowledge
from knowledge.models import ArticleVersion, SearchLog
from tests.desk.conftest import NUMBER, SHORT
from tests.factories import Units
from tickets import actions
from tickets.models import Confirmation, Source, Ticket
from tickets.numbers import query_code
from tickets.workflow import Kind, Party, Status

WORDS = "柳林社区三号楼前的路灯不亮，老人晚上出门害怕。"


def typed(call: Call | None = None, **more: object) -> dict[str, object]:
    """What the browser sends."""
    sent: dict[str, object] = {"text": WORDS, "phone": NUMBER, "token": "t-1"}
    return sent | ({"call": call.pk} if call else {}) | more


def test_words_become_a_ticket_of_the_call(browser: Client, agent: User, call: Call) -> None:
    answer = browser.post("/desk/submit/", typed(call, kind="help", wants_callback="on"))

    ticket = Ticket.objects.get()
    call.refresh_from_db()
    assert answer["Location"] == f"/desk/done/{ticket.number}/"
    assert (ticket.text, ticket.phone, ticket.source) == (WORDS, NUMBER, Source.PHONE)
    assert (ticket.kind, ticket.call_id, ticket.created_by) == (Kind.HELP, call.pk, agent)
    assert (call.disposition, call.ticket) == (Call.Disposition.TICKET, ticket)


def test_the_receipt_reads_number_and_query_code(browser: Client, call: Call) -> None:
    browser.post("/desk/submit/", typed(call))
    ticket = Ticket.objects.get()

    page = browser.get(f"/desk/done/{ticket.number}/").content.decode()

    assert query_code(ticket.number) in page
    assert re.sub("<[^>]+>", "", page).replace("\n", "").count(ticket.number) >= 1
    assert "data-draft-taken" in page
    assert "接下来" in page


def test_sending_twice_makes_one_ticket(browser: Client, call: Call) -> None:
    first = browser.post("/desk/submit/", typed(call))
    second = browser.post("/desk/submit/", typed(call))

    assert first["Location"] == second["Location"]
    assert Ticket.objects.count() == 1


def test_changed_words_under_the_same_token_ask_once_more_and_then_go_in(
    browser: Client, call: Call
) -> None:
    browser.post("/desk/submit/", typed(call))

    refused = browser.post("/desk/submit/", typed(call, text="另外还有井盖缺失。"))

    page = refused.content.decode()
    token = re.search(r'name="token" value="(\w+)"', page)
    assert "已经提交过" in page
    assert "另外还有井盖缺失。" in page
    assert token
    browser.post("/desk/submit/", typed(call, text="另外还有井盖缺失。", token=token[1]))
    assert Ticket.objects.count() == 2


def test_a_mistake_keeps_all_that_was_typed(browser: Client, call: Call) -> None:
    answer = browser.post("/desk/submit/", typed(call, phone="12", place="柳林社区"))

    page = answer.content.decode()
    assert answer.status_code == 400
    assert WORDS in page
    assert 'value="柳林社区"' in page
    assert "data-returned" in page
    assert Ticket.objects.count() == 0


def test_no_words_are_no_ticket(browser: Client) -> None:
    answer = browser.post("/desk/submit/", typed(text=" "))

    assert answer.status_code == 400
    assert "请" in answer.content.decode()


def test_another_agents_call_cannot_be_claimed(
    browser: Client, units: Units, call: Call, stranger: User
) -> None:
    Call.objects.filter(pk=call.pk).update(agent=stranger)

    answer = browser.post("/desk/submit/", typed(call))

    assert answer.status_code == 400
    assert "不在您名下" in answer.content.decode()


def test_an_answer_closes_at_once_and_cites_the_version(
    browser: Client, call: Call, known: ArticleVersion
) -> None:
    answer = browser.post("/desk/answer/", typed(call, answer_text=SHORT, article_version=known.pk))

    ticket, call = Ticket.objects.get(), Call.objects.get()
    shown = browser.get(f"/tickets/{ticket.number}/").content.decode()
    receipt = browser.get(answer["Location"]).content.decode()
    assert (ticket.status, ticket.article_version) == (Status.DIRECT_CLOSED, known)
    assert ticket.kind == Kind.CONSULT
    assert call.disposition == Call.Disposition.ANSWERED
    assert "《路灯坏了找谁修》第 1 版" in shown
    assert SHORT in shown
    assert "已当场答复办结" in receipt


def test_an_answer_needs_words(browser: Client, call: Call) -> None:
    answer = browser.post("/desk/answer/", typed(call))

    assert answer.status_code == 400
    assert "请写明答复" in answer.content.decode()
    assert Ticket.objects.count() == 0


def test_a_withdrawn_article_cannot_be_cited(
    browser: Client, call: Call, known: ArticleVersion, editor: User
) -> None:
    knowledge.withdraw(known.article, by=editor, note="政策已废止")

    sent = typed(call, answer_text=SHORT, article_version=known.pk)
    answer = browser.post("/desk/answer/", sent)

    assert answer.status_code == 400
    assert "已更新或下架" in answer.content.decode()


@pytest.fixture
def open_ticket(units: Units) -> Ticket:
    return actions.accept(text="望河花园路灯不亮", phone=NUMBER, source="web", by=Party.CITIZEN)


def test_the_call_becomes_the_supplement_of_an_open_ticket(
    browser: Client, call: Call, open_ticket: Ticket
) -> None:
    browser.post(f"/desk/tickets/{open_ticket.number}/supplement/", typed(call))

    call.refresh_from_db()
    assert open_ticket.entries.get(step="supplement").note == WORDS
    assert (call.disposition, call.ticket) == (Call.Disposition.SUPPLEMENT, open_ticket)
    assert Ticket.objects.count() == 1


def test_a_supplement_without_words_is_refused(
    browser: Client, call: Call, open_ticket: Ticket
) -> None:
    answer = browser.post(f"/desk/tickets/{open_ticket.number}/supplement/", {"text": ""})

    call.refresh_from_db()
    assert answer.status_code == 400
    assert call.disposition == ""


def test_the_call_urges_an_open_ticket(browser: Client, call: Call, open_ticket: Ticket) -> None:
    browser.post(f"/desk/tickets/{open_ticket.number}/urge/", {"text": ""})

    call.refresh_from_db()
    open_ticket.refresh_from_db()
    assert open_ticket.urge_count == 1
    assert call.disposition == Call.Disposition.URGE


@pytest.mark.parametrize("place", ["submit/", "answer/", "tickets/1/urge/"])
def test_who_comes_back_after_signing_in_finds_the_desk(browser: Client, place: str) -> None:
    assert browser.get(f"/desk/{place}")["Location"] == "/desk/"


def test_the_desk_asks_little_of_the_database(
    browser: Client,
    agent: User,
    call: Call,
    open_ticket: Ticket,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    simulator.ring("13911112222", agent)

    with django_assert_max_num_queries(24):
        browser.get("/desk/")


def test_what_the_panel_was_asked_and_what_helped_is_noted(
    browser: Client, agent: User, known: ArticleVersion
) -> None:
    sent = typed(hits="2", answer_text=SHORT, article_version=known.pk)

    browser.post("/desk/answer/", sent | {"text": f"{WORDS}电话13812345678"})

    log = SearchLog.objects.get()
    assert (log.place, log.hits, log.by, log.degraded) == (SearchLog.Place.DESK, 2, agent, False)
    assert log.opened == known.article
    assert "13812345678" not in log.text


def test_a_search_that_found_nothing_is_noted_as_a_gap(browser: Client, units: Units) -> None:
    browser.post("/desk/submit/", typed(hits="0"))
    browser.post("/desk/submit/", typed(hits="0", degraded="on", token="t-2"))

    first, second = SearchLog.objects.order_by("pk")
    assert (first.hits, first.opened, first.degraded) == (0, None, False)
    assert second.degraded


def test_without_a_panel_nothing_was_searched(browser: Client, units: Units) -> None:
    browser.post("/desk/submit/", typed())

    assert not SearchLog.objects.exists()


def heard(**codes: str) -> str:
    """What the panel puts into the form: the codes of what it suggested."""
    return json.dumps({"outcome": "accept", "kind": "help", "matter": ""} | codes)


def test_what_the_agent_made_of_the_suggestions_is_kept_once(
    browser: Client, agent: User, call: Call
) -> None:
    sent = typed(call, kind="complaint", heard=heard(outcome="emergency"))

    browser.post("/desk/submit/", sent)
    browser.post("/desk/submit/", sent)

    kept = Confirmation.objects.get()
    assert (kept.by, kept.ticket) == (agent, Ticket.objects.get())
    assert (kept.suggested_outcome, kept.outcome) == ("emergency", "accept")
    assert (kept.suggested_kind, kept.kind) == ("help", "complaint")


def test_an_answer_follows_the_suggestion_to_explain(browser: Client, call: Call) -> None:
    sent = typed(call, answer_text="请通过诉讼解决。", heard=heard(outcome="statutory"))

    browser.post("/desk/answer/", sent)

    assert Confirmation.objects.get().outcome == "statutory"


@pytest.mark.parametrize("told", ["", "{", "[]", '"accept"', '{"outcome":"nonsense"}', "null"])
def test_unreadable_suggestions_stop_no_call(browser: Client, call: Call, told: str) -> None:
    browser.post("/desk/submit/", typed(call, heard=told))

    assert Ticket.objects.count() == 1
    assert not Confirmation.objects.exists()
