"""A dispatcher sends ten tickets by keyboard alone: each answer of the product comes at once."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Open, served

pytestmark = pytest.mark.journey
SECOND_S, MINUTE_S = 1.0, 60.0
COUNT = "共 {} 件"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a town in which fourteen demands wait for the dispatcher."""
    with served(tmp_path_factory.mktemp("queue"), "settle_with_a_queue") as address:
        yield address


class Pace:
    """Measures how long the product takes from a key to the next page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.waits: list[float] = []

    @contextmanager
    def step(self) -> Iterator[None]:
        """Take the time until the page that follows is there."""
        began = time.monotonic()
        with self.page.expect_navigation():
            yield
        self.waits.append(time.monotonic() - began)

    def press(self, *keys: str) -> None:
        """Press the keys, the last of which leads to another page."""
        for key in keys[:-1]:
            self.page.keyboard.press(key)
        with self.step():
            self.page.keyboard.press(keys[-1])


def _left(page: Page, count: int) -> None:
    expect(page.locator(".queue")).to_contain_text(COUNT.format(count))


def _reasons_are_shown(page: Page) -> None:
    """Read what speaks for the first suggestion: marked words, probability, neighbours."""
    expect(page.locator(".demand mark").first).to_be_visible()
    first = page.locator("button.candidate").first
    expect(first.locator(".share")).to_contain_text("%")
    expect(first.locator("small").first).to_be_visible()
    near = page.locator(".card", has_text="最相近的 5 件")
    expect(near.locator(".line")).to_have_count(5)
    expect(near).to_contain_text("未退单")


def test_ten_tickets_go_to_their_units_by_keyboard_within_a_minute(visit: Open) -> None:
    page = visit("/dispatch/", "dispatcher")
    pace = Pace(page)
    _left(page, 14)

    _reasons_are_shown(page)

    # One key confirms: six of them.
    for key in ("Enter", "1", "Enter", "1", "Enter", "1"):
        pace.press(key)
    _left(page, 8)

    # Another unit by the letters of its name.
    page.keyboard.press("u")
    page.keyboard.type("szjj")
    pace.press("Enter")
    expect(page.locator(".notice")).to_contain_text("已派往云江市住房和城乡建设局")

    # A wrong one comes back within the minute, and goes out again with who assists.
    pace.press("z")
    _left(page, 8)
    page.keyboard.press("a")
    page.keyboard.type("lxqcsglj")
    page.keyboard.press("Enter")
    expect(page.locator("[data-taken]")).to_have_text("临溪区城管局")
    pace.press("Control+Enter")
    _left(page, 7)

    # One is left for later; those alike go in one step.
    pace.press("h")
    page.keyboard.press("b")
    pace.press("Enter")
    expect(page.get_by_text("没有待派的工单")).to_be_visible()

    assert sum(pace.waits) <= MINUTE_S
    assert median(pace.waits) <= SECOND_S, pace.waits
    assert all(wait <= 3 * SECOND_S for wait in pace.waits), pace.waits
