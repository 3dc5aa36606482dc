"""A list of work in real browsers: it follows by itself and loses nothing chosen or typed."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Open

pytestmark = pytest.mark.journey
NOTE = "请先核实是哪一盏"


def _tell(page: Page, words: str) -> str:
    page.goto("/")
    page.get_by_label("发生了什么事").fill(words)
    page.get_by_label("您的电话").fill("139 1234 5678")
    page.get_by_role("button", name="提交").click()
    return page.locator("#number").inner_text()


def test_choices_and_words_outlast_what_others_do_and_each_hears_of_the_other(visit: Open) -> None:
    citizen = visit("/")
    row = f"[data-row='{_tell(citizen, '北湾社区门口的井盖松了，一压就响')}']"
    bench = visit("/worklist/?list=to_dispatch", "dispatcher")

    bench.locator(f"{row} .badge").first.click()
    bench.keyboard.press("x")
    later = _tell(citizen, "柳林社区的垃圾桶三天没有清运")
    expect(bench.locator(f"[data-row='{later}']")).to_be_visible()
    expect(bench.locator(f"{row} input[type=checkbox]")).to_be_checked()
    expect(bench.locator("[data-count]")).to_contain_text("已勾选 1 件")

    bench.keyboard.press("Enter")
    expect(bench.locator("#beside .demand")).to_contain_text("井盖松了")
    bench.locator("#beside textarea[name=note]").first.fill(NOTE)
    number = row.split("'")[1]
    other = visit(f"/tickets/{number}/", "supervisor")
    expect(other.locator(".presence")).to_contain_text("派单员甲正在办理此单")
    expect(bench.locator(".presence")).to_contain_text("督办员甲也打开了此单")

    other.locator("form[action$='/urge/'] button").click()
    expect(bench.locator("#beside .changes")).to_contain_text("催办")
    expect(bench.locator("#beside textarea[name=note]").first).to_have_value(NOTE)
    bench.keyboard.press("Escape")
    bench.keyboard.press("q")
    expect(bench.locator("#beside")).to_be_hidden()
