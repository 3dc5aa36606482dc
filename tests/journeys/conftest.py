"""A real server over the small town, and real browsers before it."""

import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.journeys import stack
from tests.journeys.town import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
).split()
START_S = 180  # a distributed stack is nine processes
PHONE = 600
"""Below this width a page is opened as on a phone: by touch."""
OFFLINE = ("ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest")
"""What the console says of a line that a walk cut itself; a fault of ours says more."""
Open = Callable[..., Page]


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the town on the stack of this pass."""
    with served(tmp_path_factory.mktemp("town"), "settle") as address:
        yield address


@contextmanager
def served(folder: Path, founding: str) -> Iterator[str]:
    """Serve a town that FOUNDING of the town's module founds, in a database of its own."""
    port = _free_port()
    with stack.environment(folder, port) as env:
        fill = f"from tests.journeys import town; town.{founding}()"
        for command in (["migrate", "-v0"], ["shell", "-v0", "-c", fill]):
            subprocess.run([*stack.MANAGE, *command], cwd=ROOT, env=env, check=True)
        server = subprocess.Popen(stack.server(), cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_for(address)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=30)


def _wait_for(address: str) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        try:
            with urlopen(f"{address}/sign-in/", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"nobody serves {address}")


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The browser that the system brings."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def sign_in(page: Page, user: str) -> None:
    """Sign in where the page asks for it, and wait for what follows."""
    page.get_by_label("用户名").fill(user)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)


@pytest.fixture
def visit(chromium: Browser, site: str) -> Iterator[Open]:
    """Open a page as somebody: a browser of his own, signed in unless he is a citizen.

    What the browser complains of in its console fails the test.
    """
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def listen(said: ConsoleMessage) -> None:
        if said.type == "error" and not any(part in said.text for part in OFFLINE):
            complaints.append(said.text)

    def open_page(address: str, user: str = "", *, width: int = 1440, script: bool = True) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            base_url=site,
            java_script_enabled=script,
            has_touch=width < PHONE,
            is_mobile=width < PHONE,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", listen)
        if user:
            page.goto(f"/sign-in/?next={address}")
            sign_in(page, user)
        else:
            page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
