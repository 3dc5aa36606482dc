"""A dispatcher's correction changes a later suggestion, and going back undoes it, in browsers."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Open, served

pytestmark = pytest.mark.journey
SOON_S = 20
TRAINED_S = 120
"""Training starts with loading the learner, on a machine that also runs browsers."""
FIRST = "夜里商铺的霓虹灯箱一直闪，照得睡不着"
LATER = ("霓虹灯箱彻夜闪烁，照得卧室发亮", "隔壁的霓虹灯箱整晚闪，影响休息")
WATER = "供水"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a town that has a month of settled demands and a model in force."""
    with served(tmp_path_factory.mktemp("learning"), "settle_with_a_past") as address:
        yield address


def _tell(page: Page, words: str) -> str:
    page.goto("/")
    page.get_by_label("发生了什么事").fill(words)
    page.get_by_role("button", name="提交").click()
    return page.locator("#number").inner_text()


def _suggested(page: Page, number: str, *, water: bool) -> bool:
    """Look at the dispatcher's page until the matter suggested first is water, or another."""
    until = time.monotonic() + SOON_S
    while time.monotonic() < until:
        page.goto(f"/dispatch/?number={number}")
        first = page.locator(".card", has_text="系统建议").locator("b")
        if first.count() and (WATER in first.first.inner_text()) == water:
            return True
        page.wait_for_timeout(300)
    return False


def _correct(page: Page, number: str) -> None:
    """Say that it is a matter of water, and send it to the unit."""
    page.goto(f"/tickets/{number}/screen/")
    option = page.get_by_label("事项分类").locator("option", has_text=WATER).first
    page.get_by_label("事项分类").select_option(option.get_attribute("value"))
    page.get_by_role("button", name="预审").click()
    expect(page.locator(".notice")).to_contain_text("已预审")
    page.goto(f"/dispatch/?number={number}")
    page.keyboard.press("u")
    page.locator("[data-narrows=id_dispatch_to]").fill("szjj")
    page.get_by_role("button", name="派单", exact=True).click()
    expect(page.locator(".notice")).to_contain_text("已派往")


def _wait_for_candidate(page: Page) -> None:
    """Look again until the training, which a worker may begin a moment later, has ended."""
    until = time.monotonic() + TRAINED_S
    while not page.get_by_text("启用", exact=True).count() and time.monotonic() < until:
        page.wait_for_timeout(1_000)
        page.goto("/supervision/routing/")
    expect(page.get_by_text("启用", exact=True)).to_be_visible()


def _decide(page: Page, what: str, sure: str) -> None:
    page.get_by_text(what, exact=True).click()
    page.get_by_role("button", name=sure).click()


def test_a_correction_changes_a_later_suggestion_and_going_back_undoes_it(visit: Open) -> None:
    citizen, dispatcher = visit("/"), visit("/dispatch/", "dispatcher")
    keeper = visit("/supervision/routing/", "supervisor")
    first = _tell(citizen, FIRST)
    assert _suggested(dispatcher, first, water=False)

    _correct(dispatcher, first)
    keeper.get_by_role("button", name="重新训练").click()
    _wait_for_candidate(keeper)
    _decide(keeper, "启用", "确认启用")
    expect(keeper.get_by_text("退回这一版")).to_be_visible()
    learned = _tell(citizen, LATER[0])
    assert _suggested(dispatcher, learned, water=True)

    _decide(keeper, "退回这一版", "确认退回")
    expect(keeper.locator(".notice")).to_be_visible()
    undone = _tell(citizen, LATER[1])
    assert _suggested(dispatcher, undone, water=False)
    assert _suggested(dispatcher, learned, water=False)
