"""An agent takes calls by keyboard alone: the words become an answer and a ticket, nothing lost."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Open

pytestmark = pytest.mark.journey
SOON_MS = 10_000
WORDS = "望河花园三号楼前的路灯坏了，晚上太黑。"


def _take_a_call(desk: Page) -> None:
    """Let the telephone ring and answer it."""
    desk.get_by_role("button", name="模拟来电").click()
    expect(desk.locator(".ringing")).to_be_visible(timeout=SOON_MS)
    desk.locator("#id_text").focus()
    desk.keyboard.press("F2")
    expect(desk.locator(".caller-number")).to_have_text("13800001234")


def _end_the_call(desk: Page, then: str = "空闲") -> None:
    """Hang up and tidy up, both by F2."""
    expect(desk.locator("body[data-connected]")).to_be_attached()
    desk.keyboard.press("F2")
    expect(desk.locator(".ring")).to_be_visible(timeout=SOON_MS)
    desk.keyboard.press("F2")
    expect(desk.get_by_text(then).first).to_be_visible(timeout=SOON_MS)


def test_a_call_rings_on_every_page_of_its_agent_and_is_answered_from_knowledge(
    visit: Open,
) -> None:
    desk, second = visit("/desk/", "agent"), visit("/desk/", "agent")
    expect(second.locator("body[data-connected]")).to_be_attached()

    desk.get_by_role("button", name="模拟来电").click()
    expect(second.locator(".ringing")).to_contain_text("13800001234", timeout=SOON_MS)
    desk.locator("#id_text").focus()
    desk.keyboard.press("F2")
    expect(desk.locator("#id_phone")).to_have_value("13800001234")
    desk.locator("#id_text").press_sequentially(WORDS)
    expect(desk.locator(".answer mark").first).to_be_visible(timeout=SOON_MS)
    desk.keyboard.press("Alt+a")
    expect(desk.locator(".cited")).to_contain_text("《路灯坏了找谁修》第 1 版")
    desk.keyboard.press("Alt+Enter")

    expect(desk.get_by_role("heading", name="已当场答复办结")).to_be_visible()
    expect(desk.locator(".receipt")).to_contain_text("引用《路灯坏了找谁修》第 1 版")
    _end_the_call(desk)


def test_what_was_typed_survives_a_reload_and_becomes_one_ticket(visit: Open) -> None:
    desk = visit("/desk/", "agent")
    _take_a_call(desk)
    desk.locator("#id_text").press_sequentially(WORDS)
    token = desk.locator("#id_token").input_value()
    expect(desk.locator(".elements .heard").first).to_be_visible(timeout=SOON_MS)
    desk.get_by_text("求助", exact=True).click()
    desk.keyboard.press("Alt+p")
    expect(desk.locator("#id_place")).to_have_value("望河花园")
    desk.get_by_label("愿意接受回访").uncheck()

    desk.reload()

    expect(desk.locator("#id_text")).to_have_value(WORDS)
    expect(desk.locator("[name=kind][value=help]")).to_be_checked()
    expect(desk.get_by_label("愿意接受回访")).not_to_be_checked()
    expect(desk.locator("#id_token")).to_have_value(token)
    desk.locator("#id_text").focus()
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".big.code")).to_have_text(re.compile(r"^\w{8}$"))
    _end_the_call(desk)
    desk.goto("/desk/")
    expect(desk.locator("#id_text")).to_have_value("")


def test_a_session_that_ends_costs_no_words(visit: Open) -> None:
    desk = visit("/desk/", "agent")
    desk.locator("#id_text").press_sequentially(WORDS)
    desk.context.clear_cookies(name="sessionid")

    desk.keyboard.press("Control+Enter")

    desk.get_by_label("用户名").fill("agent")
    desk.get_by_label("密码").fill("walk-12345")
    desk.get_by_role("button", name="登录").click()
    expect(desk.locator("#id_text")).to_have_value(WORDS)


def test_an_invalid_call_leaves_a_clean_desk(visit: Open) -> None:
    desk = visit("/desk/", "agent")
    desk.locator("#id_text").fill("")
    _take_a_call(desk)
    desk.locator("#id_text").press_sequentially("喂？")
    desk.keyboard.press("F2")
    expect(desk.locator(".ring")).to_be_visible(timeout=SOON_MS)

    desk.get_by_role("button", name="无效").click()
    desk.locator("#invalid-note").fill("无声")
    desk.get_by_role("button", name="登记为无效").click()

    expect(desk.locator(".notice")).to_contain_text("无效来电")
    expect(desk.locator("#id_text")).to_have_value("")


def test_two_calls_have_a_draft_each_and_a_reload_brings_back_the_one_in_hand(
    visit: Open,
) -> None:
    desk = visit("/desk/", "agent")
    expect(desk.locator("body[data-connected]")).to_be_attached()
    _take_a_call(desk)
    first = desk.locator("#intake").get_attribute("data-draft")
    desk.locator("#id_text").press_sequentially(WORDS)

    _take_another_call(desk, "13911112222")
    expect(desk.locator("#id_text")).to_have_value("")
    expect(desk.locator("#id_phone")).to_have_value("13911112222")
    desk.locator("#id_text").press_sequentially("第二通：井盖松动")
    desk.reload()
    expect(desk.locator("#id_text")).to_have_value("第二通：井盖松动")
    desk.context.set_offline(True)
    desk.locator("#id_text").press_sequentially("，有老人绊倒")
    desk.context.set_offline(False)
    desk.reload()
    expect(desk.locator("#id_text")).to_have_value("第二通：井盖松动，有老人绊倒")

    desk.keyboard.press("F4")
    expect(desk.locator(".caller-number")).to_have_text("13800001234", timeout=SOON_MS)
    expect(desk.locator("#id_text")).to_have_value(WORDS)
    assert desk.locator("#intake").get_attribute("data-draft") == first
    desk.locator("#id_text").focus()
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".big.code")).to_have_text(re.compile(r"^\w{8}$"))
    _end_the_call(desk, "取回")
    desk.goto("/desk/")
    desk.keyboard.press("F4")
    expect(desk.locator("#id_text")).to_have_value("第二通：井盖松动，有老人绊倒")
    desk.keyboard.press("Control+Enter")
    _end_the_call(desk)


def _take_another_call(desk: Page, number: str) -> None:
    """Let another call ring, for which no button is shown, and take it while one waits."""
    token = desk.locator("[name=csrfmiddlewaretoken]").first.input_value()
    desk.request.post(
        f"{desk.url.split('/desk')[0]}/desk/calls/simulate/",
        form={"number": number, "csrfmiddlewaretoken": token},
        headers={"Referer": desk.url},
    )
    expect(desk.locator(".ringing")).to_be_visible(timeout=SOON_MS)
    desk.keyboard.press("F3")
    expect(desk.locator(".caller-number")).to_have_text(number, timeout=SOON_MS)
