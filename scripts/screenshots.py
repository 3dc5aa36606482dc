"""Takes the screenshots of the README anew: starts the demo city, walks the pages, stops it."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

PASSWORD = "12345hotline"  # noqa: S105 - printed at every start of the demo
FOLDER = Path("docs/images")
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
STAFF = {
    "dispatcher": ("dispatch", "/dispatch/"),
    "handler": ("department", "/worklist/"),
    "callback": ("callbacks", "/callbacks/"),
    "supervisor": ("supervision", "/supervision/"),
}
WORDS = "青岚水岸小区从昨天晚上开始停水，水压也一直很低，六楼完全用不上水，家里有老人，请尽快修复。"


@contextmanager
def demo() -> Iterator[str]:
    """Serve a fresh demo city on a free port until it is loaded; gives its address."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        env = os.environ | {"PORT": str(port), "DATA_DIR": folder}
        server = subprocess.Popen([sys.executable, "manage.py", "serve"], env=env)
        try:
            wait_until_loaded(Path(folder) / "demo-progress.json")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(20)


def wait_until_loaded(progress: Path, timeout: float = 300) -> None:
    """Wait for the demo city to be whole."""
    until = time.monotonic() + timeout
    while time.monotonic() < until:
        if progress.exists() and json.loads(progress.read_text() or "{}").get("percent") == 100:
            return
        time.sleep(1)
    raise TimeoutError("the demo city did not load")


def sign_in(browser: Browser, base: str, user: str) -> Page:
    """Sign a member of staff in on a page of 1440 by 900."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{base}/sign-in/")
    page.fill("[name=username]", user)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_load_state("networkidle")
    return page


def take(browser: Browser, base: str) -> None:
    """Walk the pages and keep a picture of each."""
    for name, size in (("citizen", (1440, 900)), ("citizen-phone", (390, 844))):
        page = browser.new_page(viewport={"width": size[0], "height": size[1]})
        page.goto(base)
        page.screenshot(path=FOLDER / f"{name}.png")
        page.close()
    for user, (name, path) in STAFF.items():
        page = sign_in(browser, base, user)
        page.goto(base + path)
        page.wait_for_timeout(1500)
        page.screenshot(path=FOLDER / f"{name}.png")
        page.close()
    take_desk(browser, base)


def take_desk(browser: Browser, base: str) -> None:
    """Let a call ring, take it, and type until the panel helps."""
    page = sign_in(browser, base, "agent")
    page.goto(f"{base}/desk/")
    page.click("text=模拟来电")
    page.wait_for_timeout(1500)
    page.screenshot(path=FOLDER / "desk-ringing.png")
    page.keyboard.press("F2")
    page.wait_for_timeout(1500)
    page.fill("textarea[name=text]", WORDS)
    page.dispatch_event("textarea[name=text]", "keyup")
    page.wait_for_timeout(2500)
    page.screenshot(path=FOLDER / "desk.png")
    page.close()


def main() -> None:
    """Take all screenshots, of a running server where its address is given."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        if len(sys.argv) > 1:
            take(browser, sys.argv[1].rstrip("/"))
            return
        with demo() as base:
            urllib.request.urlopen(base).close()  # noqa: S310 - our own loopback address
            take(browser, base)


if __name__ == "__main__":
    main()
