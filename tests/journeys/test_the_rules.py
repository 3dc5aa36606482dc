"""A rule walks from the supervisor's editor to the dispatcher's evidence, in real browsers."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Open

pytestmark = pytest.mark.journey
WORDS = "候鸟驿站"
SOON_MS = 10_000


def _write(page: Page) -> None:
    """Fill in the rule, try it, and save what was tried."""
    page.get_by_role("link", name="新增规则").click()
    page.get_by_label("名称").fill("驿站专办")
    page.get_by_label("含任一词语").fill(WORDS)
    page.get_by_label("标记").fill("驿站")
    page.get_by_label("转人工").check()
    expect(page.get_by_role("button", name="保存规则")).to_have_count(0)
    page.get_by_role("button", name="用近一月工单试算").click()
    expect(page.get_by_role("status")).to_contain_text("会命中 0 件")
    page.get_by_role("button", name="保存规则").click()


def test_a_rule_that_was_tried_shows_in_the_evidence_of_the_next_demand(visit: Open) -> None:
    keeper = visit("/duties/rules/", "supervisor")
    _write(keeper)
    expect(keeper.locator("main")).to_contain_text(f"当含“{WORDS}”，则 标记“驿站”，转人工")

    citizen = visit("/")
    citizen.get_by_label("发生了什么事").fill(f"{WORDS}下午三点就关门了，路过的人没地方休息")
    citizen.get_by_label("您的电话").fill("138 1234 5678")
    citizen.get_by_role("button", name="提交").click()
    number = citizen.locator("#number").inner_text()
    dispatcher = visit(f"/dispatch/?number={number}", "dispatcher")

    expect(dispatcher.get_by_text(f"规则《驿站专办》：含“{WORDS}”").first).to_be_visible(
        timeout=SOON_MS
    )
    keeper.get_by_role("link", name="驿站专办").click()
    keeper.get_by_role("button", name="用近一月工单试算").click()
    expect(keeper.get_by_role("status")).to_contain_text("会命中 1 件，其中 0 件与实际不同")


def test_the_editor_fits_a_phone_and_goes_by_keyboard(visit: Open) -> None:
    page = visit("/duties/rules/new/", "supervisor", width=390)

    page.get_by_label("名称").focus()
    page.keyboard.type("键盘")
    page.get_by_label("含任一词语").focus()
    page.keyboard.type("没有人说过的话")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_contain_text("会命中 0 件")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
