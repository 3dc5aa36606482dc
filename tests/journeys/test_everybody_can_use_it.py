"""Pages judged by axe: nothing serious stands in the way of a screen reader or a keyboard."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys.conftest import Open

pytestmark = pytest.mark.journey
PAGES = [
    ("/", "", 390),
    ("/progress/", "", 390),
    ("/knowledge/?q=路灯", "", 390),
    ("/dispatch/", "dispatcher", 1440),
    ("/worklist/", "signer", 390),
    ("/worklist/?list=open&due=overdue", "supervisor", 1440),
    ("/review/", "reviewer", 1440),
    ("/callbacks/", "callback", 1440),
    ("/supervision/", "supervisor", 1440),
    ("/supervision/wall/", "supervisor", 1440),
    ("/supervision/routing/", "supervisor", 390),
    ("/duties/", "supervisor", 390),
    ("/duties/new/", "supervisor", 1440),
    ("/duties/rules/new/", "supervisor", 1440),
    ("/tickets/", "agent", 1440),
    ("/editing/words/", "editor", 1440),
    ("/notices/", "signer", 390),
    ("/admin/city/timelimit/", "admin", 1440),
    ("/admin/accounts/user/add/", "admin", 1440),
    ("/search/?q=路灯", "agent", 1440),
    ("/search/?q=路灯&days=30", "agent", 390),
]


@pytest.mark.parametrize(("address", "user", "width"), PAGES)
def test_axe_finds_nothing_serious(visit: Open, address: str, user: str, width: int) -> None:
    page = visit(address, user, width=width)

    found = Axe().run(page, options={"preload": False}).response["violations"]

    serious = [
        (one["id"], [node["target"] for node in one["nodes"]][:3])
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]
    assert serious == []


@pytest.mark.parametrize("address", ["/", "/progress/", "/knowledge/"])
def test_a_page_for_citizens_fits_a_narrow_screen(visit: Open, address: str) -> None:
    page = visit(address, width=320)

    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("width", [720, 768, 1024])
def test_pages_of_staff_fit_a_tablet_and_text_of_twice_the_size(visit: Open, width: int) -> None:
    page = visit("/tickets/", "supervisor", width=width)

    for address in ("/tickets/", "/supervision/", "/worklist/?list=open", "/search/?q=路灯"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
