"""Somebody finds a ticket by the keyboard alone, narrows, opens it, and comes back."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Open

pytestmark = pytest.mark.journey


def test_a_search_by_keyboard_leads_to_a_ticket_and_back(visit: Open) -> None:
    page = visit("/tickets/", "supervisor")

    page.keyboard.press("/")
    page.keyboard.type("路灯")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q="))
    found = page.url
    first = page.locator("[data-row] a").first
    expect(first).to_be_visible()
    page.locator("h1").click()
    page.keyboard.press("j")
    expect(page.locator(".here")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: address != found)

    page.go_back()
    expect(page).to_have_url(found)


def test_a_group_is_a_link_and_the_search_is_kept_under_a_name(visit: Open) -> None:
    page = visit("/search/?q=路灯", "supervisor")
    before = page.url

    page.get_by_role("link", name="知识 1").click()
    expect(page).to_have_url(re.compile("group=articles"))
    page.go_back()
    expect(page).to_have_url(before)
    page.get_by_label("给当前搜索起个名字").fill("路灯的事")
    page.get_by_role("button", name="保存").click()

    expect(page.get_by_role("link", name="路灯的事")).to_be_visible()
    expect(page).to_have_url(before)
