"""A street worker at work on a phone: signs, loses the line, takes a photo, replies."""

import io
import re

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from tests.journeys.conftest import Open

pytestmark = pytest.mark.journey
SOON_MS = 10_000
ANSWER = "您好，经现场核查，护栏系车辆剐蹭断裂，我局已于当日更换并加固。如有疑问请拨打值班电话。"
BUTTONS = "main button, main .button, main summary, main input:not([type=hidden])"
SMALL = """(all) => all
  .filter((one) => one.checkVisibility() && !one.closest("label, td, .quiet"))
  .map((one) => [one.textContent.trim().slice(0, 12) || one.name, one.offsetHeight])
  .filter(([, height]) => height > 0 && height < 40)"""


def _sent(visit: Open, words: str) -> str:
    """Let a citizen tell it, and a dispatcher send it to the housing bureau; give its number."""
    citizen = visit("/")
    citizen.get_by_label("发生了什么事").fill(words)
    citizen.get_by_label("您的电话").fill("137 1234 5678")
    citizen.get_by_role("button", name="提交").click()
    number = citizen.locator("#number").inner_text()
    page = visit(f"/tickets/{number}/", "dispatcher")
    expect(page.locator("#live .badge.pending_dispatch")).to_be_visible(timeout=SOON_MS)  # matched
    page.goto(f"/dispatch/?number={number}")
    page.keyboard.press("u")
    page.keyboard.type("szjj")
    page.keyboard.press("Enter")
    expect(page.locator(".notice")).to_contain_text("已派往")
    return number


def _photo() -> FilePayload:
    picture = io.BytesIO()
    Image.new("RGB", (640, 480), "#88a").save(picture, "JPEG")
    return {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}


def _fits(page: Page) -> None:
    """Expect nothing beyond the edge, and targets that a thumb finds."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.eval_on_selector_all(BUTTONS, SMALL) == []


def _urge(visit: Open, number: str) -> None:
    page = visit(f"/tickets/{number}/", "supervisor")
    form = page.locator("form[action$='/urge/']")
    form.evaluate("(form) => form.closest('details')?.setAttribute('open', '')")
    form.get_by_role("button", name="催办").click()
    expect(page.locator(".notice")).to_be_visible()


def _lose_the_line(visit: Open, phone: Page, number: str) -> None:
    """Go on without a line while somebody urges: nothing is sent, nothing lost, all caught up."""
    form = phone.locator("form[action$='/reply/']")
    form.get_by_label("答复诉求人").fill(ANSWER)
    phone.context.set_offline(True)
    expect(phone.locator(".offline")).to_be_visible()
    form.get_by_role("button", name="答复", exact=True).tap()
    expect(phone).to_have_url(re.compile(rf"/tickets/{number}/$"))
    _urge(visit, number)

    phone.context.set_offline(False)
    expect(phone.locator(".offline")).to_be_hidden(timeout=SOON_MS)
    expect(phone.locator(".changes")).to_contain_text("催办", timeout=SOON_MS)
    expect(form.get_by_label("答复诉求人")).to_have_value(ANSWER)
    phone.get_by_role("link", name="刷新“下一步”").tap()
    expect(phone.locator(".changes")).to_have_count(0)
    expect(form.get_by_label("答复诉求人")).to_have_value(ANSWER)


def _reply(phone: Page) -> None:
    """Say what was done and show it by a photo from the camera."""
    form = phone.locator("form[action$='/reply/']")
    form.get_by_text("实际解决").tap()
    form.get_by_label("已联系诉求人").check()
    form.get_by_label("联系时间").fill(f"{timezone.localtime():%Y-%m-%dT%H:%M}")
    expect(form.locator("[capture=environment]")).to_be_visible()
    form.locator("[capture=environment]").set_input_files(_photo())
    form.get_by_role("button", name="答复", exact=True).tap()


def test_a_street_worker_signs_loses_the_line_takes_a_photo_and_replies(visit: Open) -> None:
    number = _sent(visit, "望河花园北门的护栏断了一截，孩子差点掉下去。")
    phone = visit("/worklist/", "signer", width=390)
    _fits(phone)
    phone.locator(f"[data-row='{number}'] .thumb").tap()
    expect(phone.locator(".notice")).to_contain_text("已签收")
    phone = visit(f"/tickets/{number}/", "handler", width=390)
    expect(phone.locator("body[data-connected]")).to_be_attached()

    _lose_the_line(visit, phone, number)
    _fits(phone)
    _reply(phone)

    expect(phone.locator(".badge.unit_review")).to_be_visible()
    expect(phone.get_by_alt_text("现场.jpg")).to_be_visible()
    _fits(phone)
