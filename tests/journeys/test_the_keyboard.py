"""Signing, handling and reviewing by keyboard alone; where one is can always be seen."""

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Open
from tests.journeys.test_the_main_road import ANSWER

pytestmark = pytest.mark.journey
SOON_MS = 10_000
FAR = 150
SEEN = """(one) => one === document.body
  || [one, one.closest("label") || one].map((part) => getComputedStyle(part))
  .some((look) => look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0)"""


def _tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus, round the page; it must show at every stop."""
    for _ in range(FAR):
        page.keyboard.press("Tab")
        assert page.evaluate_handle("document.activeElement").evaluate(SEEN)
        if target.evaluate("(one) => one === document.activeElement"):
            return
    raise AssertionError("the keyboard does not reach it")


def _told_and_sent(visit: Open) -> str:
    page = visit("/")
    page.get_by_label("发生了什么事").focus()
    page.keyboard.type("望河花园门口的路灯杆歪了，快倒了。")
    _tab_to(page, page.get_by_label("您的电话"))
    page.keyboard.type("13512345678")
    page.keyboard.press("Enter")
    number = page.locator("#number").inner_text()
    queue = visit(f"/dispatch/?number={number}", "dispatcher")
    queue.keyboard.press("u")
    queue.keyboard.type("szjj")
    queue.keyboard.press("Enter")
    expect(queue.locator(".notice")).to_contain_text("已派往")
    return number


def _sign(page: Page, number: str) -> None:
    """Open it beside the list and sign."""
    while page.locator(f"[data-row='{number}'].here").count() == 0:
        page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#beside .demand")).to_contain_text("路灯杆")
    page.keyboard.press("1")
    expect(page.locator(".notice")).to_contain_text("已签收")


def _reply(page: Page) -> None:
    form = page.locator("form[action$='/reply/']")
    page.keyboard.press(page.locator("details.step", has=form).get_attribute("data-key") or "")
    _tab_to(page, form.get_by_label("答复诉求人"))
    page.keyboard.type(ANSWER)
    _tab_to(page, form.locator("[name=result]").first)
    page.keyboard.press("Space")
    _tab_to(page, form.get_by_label("已联系诉求人"))
    page.keyboard.press("Space")
    form.get_by_label("联系时间").fill(f"{timezone.localtime():%Y-%m-%dT%H:%M}")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#live .badge.unit_review")).to_be_visible()


def test_a_ticket_is_signed_handled_and_reviewed_by_keyboard_alone(visit: Open) -> None:
    number = _told_and_sent(visit)

    _sign(visit("/worklist/?list=to_sign", "signer"), number)
    _reply(visit(f"/tickets/{number}/", "handler"))
    releasing = visit(f"/tickets/{number}/", "auditor")
    form = releasing.locator("form[action$='/release/']")
    key = form.locator("button[data-key]").or_(releasing.locator("details", has=form)).first
    releasing.keyboard.press(key.get_attribute("data-key") or "")
    releasing.keyboard.press("Control+Enter")
    expect(releasing.locator("#live .badge.reply_review")).to_be_visible()
    reviewing = visit(f"/review/?number={number}", "reviewer")
    reviewing.keyboard.press("1")

    expect(reviewing.locator(".notice")).to_contain_text("已审核")
