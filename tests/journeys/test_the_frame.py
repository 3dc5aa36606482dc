"""The frame of staff pages: the rail, the keys that the help names, the bell, forms sent once."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Open, sign_in

pytestmark = pytest.mark.journey
SOON_MS = 10_000
FAULT = "{xhr: {status: 503}, requestConfig: {verb: 'get'}}"
QUESTION = "请问是哪一块宣传栏？"


def _tell(visit: Open, words: str) -> str:
    page = visit("/")
    page.get_by_label("发生了什么事").fill(words)
    page.get_by_label("您的电话").fill("136 1234 5678")
    page.get_by_role("button", name="提交").dblclick()
    return page.locator("#number").inner_text()


def _send(page: Page, number: str, initials: str) -> None:
    """Dispatch by keyboard to the unit with these initials."""
    page.goto(f"/dispatch/?number={number}")
    page.keyboard.press("u")
    page.keyboard.type(initials)
    page.keyboard.press("Enter")
    expect(page.locator(".notice")).to_contain_text("已派往")


def _help(page: Page) -> dict[str, str]:
    """Read what the help says each key does."""
    page.keyboard.press("?")
    keys, words = page.locator("#keys dt").all_inner_texts(), page.locator("#keys dd")
    said = dict(zip(keys, words.all_inner_texts(), strict=True))
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    return said


def test_the_rail_is_folded_and_stays_so(visit: Open) -> None:
    page = visit("/worklist/", "signer")
    wide = page.locator("main").bounding_box()

    page.keyboard.press("[")
    page.goto("/tickets/")

    folded = page.locator("main").bounding_box()
    assert wide
    assert folded
    assert folded["width"] - wide["width"] > 100
    expect(page.locator("[data-fold]")).to_have_attribute("aria-expanded", "false")
    page.locator("[data-fold]").click()
    assert page.locator("main").bounding_box() == wide


def test_the_bell_rings_at_once_for_whom_it_concerns(visit: Open) -> None:
    number = _tell(visit, "北湾社区的消防通道被锁死了，请打开。")
    dispatching = visit("/dispatch/", "dispatcher")
    signer = visit("/tickets/", "signer")
    expect(signer.locator("body[data-connected]")).to_be_attached()
    before = signer.locator(".bell").inner_text()

    _send(dispatching, number, "szjj")

    expect(signer.locator(".bell")).not_to_have_text(before, timeout=SOON_MS)
    assert dispatching.locator(".bell b").count() == 0
    signer.locator(".bell").click()
    signer.get_by_role("link", name=re.compile("消防通道")).click()
    expect(signer).to_have_url(re.compile(f"/tickets/{number}/"))
    expect(signer.locator(".bell")).to_have_text(before)


def test_a_double_click_makes_one_thing_and_going_back_shows_what_became_of_it(
    visit: Open,
) -> None:
    words = "柳林社区的休闲长椅全部断裂，没法坐。"
    number = _tell(visit, words)
    page = visit(f"/search/?q={number}", "dispatcher")
    page.goto(f"/tickets/{number}/")

    page.locator("summary", has_text="要求补充").click()
    form = page.locator("form[action$='/ask/']")
    form.locator("textarea").fill("请问是哪一排长椅？")
    form.get_by_role("button").dblclick()

    expect(page.locator(".badge.pending_info").first).to_be_visible()
    expect(page.locator(".story li", has_text="要求补充")).to_have_count(1)
    page.goto("/tickets/")
    page.go_back()
    expect(page.locator(".badge.pending_info").first).to_be_visible()
    agent = visit(f"/tickets/{number}/", "agent")
    inform = agent.locator("form[action$='/inform/']")
    inform.locator("textarea").first.fill("靠湖的那一排")
    inform.get_by_role("button", name="补齐要素").click()
    expect(agent.locator(".notice")).to_be_visible()
    agent.go_back()
    expect(agent.locator(".badge.pending_info")).to_have_count(0)


def test_the_help_names_true_keys_of_the_queue(visit: Open) -> None:
    first, _ = (_tell(visit, f"南桥街道{n}号的下水道堵了，污水外溢。") for n in "一二")
    page = visit(f"/dispatch/?number={first}", "dispatcher")
    said = _help(page)

    assert said["h"] == "先放着，看下一件"
    page.keyboard.press("h")
    expect(page).not_to_have_url(re.compile(first))
    assert said["w"] == "要求补充"
    page.keyboard.press("w")
    expect(page.locator("form[action$='/ask/'] textarea")).to_be_focused()
    page.keyboard.press("Escape")
    assert said["/"] == "搜索"
    page.keyboard.press("/")
    expect(page.locator(".search input[type=search]")).to_be_focused()


def test_the_help_names_true_keys_of_lists_and_tickets(visit: Open) -> None:
    number = _tell(visit, "南桥街道七号的下水道堵了，污水外溢。")
    page = visit("/worklist/?list=to_dispatch", "dispatcher")
    said = _help(page)

    page.keyboard.press("j")
    expect(page.locator("tr.here")).to_have_count(1)
    assert said["x"] == "勾选、取消勾选"
    page.keyboard.press("x")
    expect(page.locator(".here input[type=checkbox]")).to_be_checked()
    assert said["o"] == "在新标签页打开选中的一条"
    with page.context.expect_page() as opened:
        page.keyboard.press("o")
    expect(opened.value).to_have_url(re.compile(r"/tickets/\d{21}/"))
    page.goto(f"/tickets/{number}/")
    said = _help(page)
    assert "x" not in said
    assert said["p"] == "打印工单"
    with page.context.expect_page() as printed:
        page.keyboard.press("p")
    expect(printed.value).to_have_url(re.compile("/paper/"))


def test_what_was_sent_without_a_session_is_there_after_signing_in_again(visit: Open) -> None:
    number = _tell(visit, "北湾社区的宣传栏玻璃碎了一地。")
    page = visit(f"/tickets/{number}/", "dispatcher")
    form = page.locator("form[action$='/ask/']")
    form.evaluate("(form) => form.closest('details').setAttribute('open', '')")
    form.locator("textarea").fill(QUESTION)

    page.context.clear_cookies(name="sessionid")
    form.get_by_role("button", name="要求补充").click()
    sign_in(page, "dispatcher")

    expect(page.locator("form[action$='/ask/'] textarea")).to_have_value(QUESTION)


def test_what_the_server_fails_to_give_is_told_of_and_fetched_again(visit: Open) -> None:
    page = visit("/dispatch/", "dispatcher")
    expect(page.locator("body[data-connected]")).to_be_attached()

    page.evaluate(f"htmx.trigger(document.body, 'htmx:responseError', {FAULT})")

    expect(page.locator(".offline")).to_contain_text("稍后自动再试")
    with page.expect_response(re.compile("/home/rail/")):
        page.get_by_role("button", name="立即再试").click()
    expect(page.locator(".offline")).to_be_hidden()
