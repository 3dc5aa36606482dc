"""Walks every page a role can reach, at four sizes, and tells what is wrong with each.

A page is faulty where it is wider than its window, its console complains, the server fails, axe
finds something serious, a word is English, or where the focus cannot be seen. Give the address of
a running demo city and a folder for the pictures.
"""

import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from scripts.screenshots import CHROMIUM, FLAGS, PASSWORD

SIZES = {"wide": (1440, 900), "tablet": (768, 1024), "phone": (390, 844), "zoomed": (720, 450)}
ROLES = (
    *("", "agent", "dispatcher", "signer", "handler", "auditor", "reviewer", "callback"),
    *("editor", "supervisor", "admin"),
)
MOST = 45
ENGLISH = re.compile(r"[A-Za-z]{3,}")
KNOWN = {
    *("Excel", "CSV", "xlsx", "csv", "Enter", "Ctrl", "Alt", "Esc", "Tab", "PDF", "Word", "WEBP"),
    *(
        "JSON",
        "API",
        "JPG",
        "KTV",
        "App",
        "zjj",
        "PNG",
        "HEIC",
        "docx",
        "jpg",
        "png",
        "pdf",
        "SQLite",
        "tantivy",
    ),
}
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return "";
  const look = (element, pseudo) => getComputedStyle(element, pseudo);
  const style = look(one), parent = look(one.closest("label") || one);
  const lined = (s) => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0;
  const seen = [style, parent].some((s) => lined(s) || s.boxShadow !== "none");
  return seen ? "" : one.outerHTML.slice(0, 90);
}"""
WORDS = """() => [...document.querySelectorAll("main, header, nav, dialog")].map((one) => {
  const copy = one.cloneNode(true);
  const said = "pre, code, kbd, .demand, .words, script, option, .story";
  copy.querySelectorAll(said).forEach((e) => e.remove());
  return copy.textContent;
}).join(" ")"""


def sort_of(address: str) -> str:
    """Tell pages of one sort by their address: numbers and values do not count."""
    parts = urlsplit(address)
    path = re.sub(r"/[^/]*\d[^/]*(?=/|$)", "/N", parts.path)
    asked = parse_qs(parts.query)
    shown = [f"{key}={asked[key][0]}" for key in ("list", "group") if key in asked]
    if path == "/search/":  # its conditions may be joined at will
        return path + "?" + "&".join(shown)
    return path + "?" + "&".join(shown + sorted(set(asked) - {"list", "group", "after", "before"}))


def walk(page: Page, base: str) -> Iterator[str]:
    """Give one address of each sort of page that links lead to."""
    seen: set[str] = set()
    waiting = [urlsplit(page.url).path]
    while waiting and len(seen) < MOST:
        address = waiting.pop(0)
        if sort_of(address) in seen:
            continue
        seen.add(sort_of(address))
        yield address
        hrefs = page.eval_on_selector_all("a[href]", "all => all.map((a) => a.href)")
        ours = [href[len(base) :].split("#")[0] for href in hrefs if href.startswith(base + "/")]
        waiting += [one for one in ours if "/export" not in one and "/files/" not in one]


def faults(page: Page) -> list[str]:
    """Name what is wrong with the page that is open."""
    found = []
    wide = page.evaluate(WIDER)
    if wide > 0:
        found.append(f"{wide} px too wide")
    for one in Axe().run(page).response["violations"]:
        if one["impact"] in {"serious", "critical"}:
            found.append(f"{one['id']} {[node['target'] for node in one['nodes']][:2]}")
    foreign = sorted(set(ENGLISH.findall(page.evaluate(WORDS))) - KNOWN)
    if foreign:
        found.append(f"English: {foreign[:8]}")
    for _ in range(8):
        page.keyboard.press("Tab")
        unseen = page.evaluate(FOCUS)
        if unseen:
            found.append(f"focus unseen: {unseen}")
            break
    return found


def inspect(browser: Browser, base: str, role: str, size: str, folder: Path) -> None:
    """Walk the pages of one role at one size."""
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height}, locale="zh-CN")
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{base}/sign-in/" if role else base)
    if role:
        page.fill("[name=username]", role)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda url: "/sign-in/" not in url)
    for number, address in enumerate(walk(page, base)):
        said.clear()
        with suppress(PlaywrightError):  # a download is no page
            answer = page.goto(base + address, timeout=15_000)
            page.wait_for_timeout(250)
            name = f"{role or 'citizen'}-{size}-{number:02}"
            page.screenshot(path=folder / f"{name}.png", full_page=size != "zoomed")
            wrong = [*said[:2], *faults(page)]
            if answer and answer.status >= HTTPStatus.BAD_REQUEST:
                wrong.append(f"status {answer.status}")
            print(name, address, " | ".join(wrong) or "ok", flush=True)
    page.close()


def main() -> None:
    """Inspect the demo city at ADDRESS; pictures go to FOLDER; further words name roles, sizes."""
    base, folder, asked = sys.argv[1].rstrip("/"), Path(sys.argv[2]), set(sys.argv[3:])
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for role in [one for one in ROLES if not asked - set(SIZES) or (one or "citizen") in asked]:
            for size in [one for one in SIZES if not asked & set(SIZES) or one in asked]:
                inspect(browser, base, role, size, folder)
        browser.close()


if __name__ == "__main__":
    main()
