"""Replies kept ready: who keeps them, which fit a ticket, and no slot left open."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Role, User
from city.models import Category
from tests.factories import Units, make_user
from tests.web.conftest import SignIn, spoken
from tickets import actions, policy, selectors
from tickets.actions import Findings
from tickets.errors import Invalid, NotAllowed
from tickets.models import Reply, ReplyTemplate, Ticket

WORDS = "{诉求人称谓}您好：{承办单位}核查：{核查经过} 工单{工单编号}。"


@pytest.fixture
def lamps(db: None) -> Category:
    return Category.objects.create(code="0305", name="路灯照明", level=2)


def keep(by: User, **said: Any) -> ReplyTemplate:
    return actions.save_template(None, by=by, **{"name": "路灯", "text": WORDS} | said)


def test_the_words_of_a_unit_are_kept_by_its_auditor_and_of_all_by_the_hotlines_editor(
    units: Units, auditor: User, handler: User, stranger: User, editor: User, admin: User
) -> None:
    own = keep(auditor, department=units.housing)
    common = keep(editor)

    for nobody, unit in (
        (handler, units.housing),
        (stranger, units.housing),
        (auditor, units.urban),
        (auditor, None),
        (make_user(Role.EDITOR, units.urban), units.housing),
    ):
        with pytest.raises(NotAllowed):
            keep(nobody, department=unit)
    with pytest.raises(NotAllowed):
        actions.save_template(common, by=auditor, name="改", text="改", department=units.housing)
    assert set(selectors.templates_of(auditor)) == {own}
    assert (
        set(selectors.templates_of(editor)) == set(selectors.templates_of(admin)) == {own, common}
    )
    assert not selectors.templates_of(stranger).exists()
    assert not policy.may_keep_templates(handler, units.housing)


def test_a_slot_that_nobody_could_fill_is_refused(editor: User) -> None:
    with pytest.raises(Invalid, match="没有这样的空：心情") as refused:
        keep(editor, text="{心情}您好", name=" ")

    assert set(refused.value.fields) == {"name", "text"}


def test_what_fits_a_ticket_is_offered_its_own_matter_first(
    signed: Ticket, units: Units, lamps: Category, editor: User, auditor: User
) -> None:
    Ticket.objects.filter(pk=signed.pk).update(category=lamps)
    signed.refresh_from_db()
    other = Category.objects.create(code="0401", name="供水", level=2)
    common = keep(editor, name="通用")
    its_own = keep(auditor, name="路灯", category=lamps, department=units.housing)
    keep(editor, name="供水", category=other)
    keep(editor, name="城管的", department=units.urban)
    keep(editor, name="旧的", active=False)

    assert selectors.templates_for(signed) == [its_own, common]


def test_a_template_fills_itself_and_an_open_slot_is_marked_and_stops_the_reply(
    signed: Ticket, units: Units, handler: User, auditor: User, stranger: User, sign_in: SignIn
) -> None:
    row, here = keep(auditor, department=units.housing), f"/tickets/{signed.number}/"
    browser = sign_in(handler)
    typed = {"template": row.pk, "text": "先写的话", "facts": "已查", "result": "solved"}

    page = browser.get(f"{here}reply/").content.decode()
    put = browser.post(f"{here}wording/", typed).content.decode()
    text = f"王先生/女士您好：云江市住房和城乡建设局核查：{{核查经过}} 工单{signed.number}。"
    marked = browser.post(f"{here}examine/", {"text": text}).content.decode()
    sent = browser.post(f"{here}reply/", {"text": text, "result": "solved"} | spoken())

    assert f'formaction="{here}wording/"' in page
    assert f"先写的话\n\n{text}" in put
    assert "已查" in put
    assert '<mark class="flaw" title="规范要素缺失">{核查经过}</mark>' in marked
    assert sent.status_code == 400
    assert "还有没填写的空：核查经过。" in sent.content.decode()
    assert not Reply.objects.exists()
    assert sign_in(stranger).post(f"{here}wording/", typed).status_code == 404

    actions.record(signed, findings=Findings(findings="线路老化。"), by=handler)
    again = browser.post(f"{here}wording/", {"template": row.pk}).content.decode()
    assert "核查：线路老化。" in again


def test_a_confidential_citizen_is_not_named_by_a_template(signed: Ticket, editor: User) -> None:
    signed.confidential = True

    assert selectors.filled(keep(editor), signed).startswith("市民您好")


def test_auditors_keep_templates_on_a_page_and_others_do_not(
    units: Units, auditor: User, handler: User, editor: User, sign_in: SignIn
) -> None:
    theirs = keep(editor, department=units.urban)
    browser = sign_in(auditor)
    said = {"name": "路灯答复", "text": WORDS, "department": units.housing.code, "active": "on"}

    saved = browser.post("/templates/new/", said)
    page = browser.get("/templates/").content.decode()
    refused = browser.post("/templates/new/", said | {"department": units.urban.code})

    assert saved.status_code == 302
    assert "路灯答复" in page
    assert refused.status_code == 403
    assert "您不能维护这个单位的答复模板。" in refused.content.decode()
    own = ReplyTemplate.objects.get(name="路灯答复")
    assert browser.post(f"/templates/{own.pk}/", said | {"active": ""}).status_code == 302
    assert browser.get(f"/templates/{theirs.pk}/").status_code == 404
    assert sign_in(handler).get("/templates/").status_code == 403
    assert Client().get("/templates/").status_code == 302
    assert not ReplyTemplate.objects.get(name="路灯答复").active
