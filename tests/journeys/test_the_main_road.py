"""A complaint walks from the citizen's words to the rated answer, in real browsers."""

import re
import time
from statistics import median

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Open

pytestmark = pytest.mark.journey
SOON_MS = 10_000  # the most on a machine that also runs the browsers; see SECOND_S
SECOND_S = 1.0
WORDS = "望河花园三号楼东侧的路灯连续三晚不亮，老人摔倒过，请尽快修好。"
ANSWER = "您好，经现场核查系电缆老化，我局已更换并恢复照明。如有疑问请拨打值班电话。"


def _tell(page: Page, words: str = WORDS) -> tuple[str, str]:
    """Fill in the citizen's form; give number and query code."""
    page.get_by_label("发生了什么事").fill(words)
    page.get_by_label("在哪里").fill("望河花园")
    page.get_by_label("您的电话").fill("138 1234 5678")
    page.get_by_role("button", name="提交").click()
    return page.locator("#number").inner_text(), page.locator("#code").inner_text()


class Stopwatch:
    """Measures how long the next person waits for a step to appear, without reloading."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def see(self, sight: Locator) -> None:
        """Wait from now, when the step is done, until it is seen."""
        began = time.monotonic()
        sight.wait_for(timeout=SOON_MS)
        self.waits.append(time.monotonic() - began)


def _dispatch(page: Page, number: str) -> None:
    """Find the unit by its initials and send the ticket there."""
    page.goto(f"/dispatch/?number={number}")
    page.keyboard.press("u")
    page.locator("[data-narrows=id_dispatch_to]").fill("szjj")
    page.get_by_role("button", name="派单", exact=True).click()
    expect(page.locator(".notice")).to_contain_text("已派往云江市住房和城乡建设局")


def _answer(page: Page) -> None:
    form = page.locator("form[action$='/reply/']")
    form.get_by_text("实际解决").click()
    form.get_by_label("已联系诉求人").check()
    form.get_by_label("联系时间").fill(f"{timezone.localtime():%Y-%m-%dT%H:%M}")
    form.get_by_label("答复诉求人").fill(ANSWER)
    form.get_by_role("button", name="答复", exact=True).click()
    expect(page.locator(".badge.unit_review")).to_be_visible()


def _rate(page: Page) -> None:
    for question in range(3):
        page.locator(".segments").nth(question).locator("label").first.click()
    page.get_by_role("button", name="评价办理结果").click()
    expect(page.locator(".panel.green")).to_contain_text("您的评价：满意")


def test_a_complaint_walks_to_the_rated_answer_and_every_page_follows_by_itself(
    visit: Open,
) -> None:
    dispatching = visit("/dispatch/", "dispatcher")
    unit = visit("/worklist/", "signer")
    calling = visit("/callbacks/", "callback")
    citizen = visit("/")

    number, _ = _tell(citizen)
    row = f"[data-row='{number}']"
    watch = Stopwatch()
    watch.see(dispatching.locator(row))
    citizen.get_by_role("link", name="查看进度").click()
    expect(citizen.locator("body[data-connected]")).to_be_attached()
    _dispatch(dispatching, number)
    watch.see(citizen.locator(".state", has_text="已送到承办单位"))
    watch.see(unit.locator(row))
    unit.locator(f"{row} a").click()
    unit.get_by_role("button", name="签收").click()
    _answer(visit(f"/tickets/{number}/", "handler"))
    releasing = visit(f"/tickets/{number}/", "auditor")
    releasing.get_by_role("button", name="单位审核").click()
    watch.see(citizen.locator(".state", has_text="正在审核答复"))
    reviewing = visit(f"/review/?number={number}", "reviewer")
    reviewing.get_by_role("button", name="审核通过").click()
    watch.see(calling.locator(row))
    watch.see(citizen.locator(".answer", has_text="恢复照明"))
    calling.goto(f"/callbacks/?number={number}")
    for answer in "1112":
        calling.keyboard.press(answer)
    calling.get_by_role("button", name="回访").click()

    watch.see(citizen.locator(".state", has_text="已办结"))
    assert median(watch.waits) <= SECOND_S, watch.waits
    citizen.reload()
    _rate(citizen)


def test_without_javascript_a_citizen_can_tell_and_follow(visit: Open) -> None:
    page = visit("/", width=320, script=False)

    number, _ = _tell(page, "青石街道的井盖松动，过车很响。")
    expect(page.get_by_role("button", name="存为图片")).to_have_count(0)
    page.get_by_role("link", name="查看进度").click()

    expect(page.locator("main")).to_contain_text(number)
    expect(page.locator(".story")).to_contain_text("诉求已受理")


def test_the_receipt_is_saved_as_a_picture_and_copied(visit: Open) -> None:
    page = visit("/", width=390)
    number, code = _tell(page, "南桥街道的护栏断了一截，请修一下。")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    with page.expect_download() as saved:
        page.get_by_role("button", name="存为图片").click()
    page.get_by_role("button", name="复制编号和查询码").click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()

    assert saved.value.suggested_filename == f"回执-{number}.png"
    assert saved.value.path().stat().st_size > 10_000
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"工单编号 {number}，查询码 {code}"


def test_answers_appear_while_writing(visit: Open) -> None:
    page = visit("/")

    page.get_by_label("发生了什么事").press_sequentially("小区的路灯坏了没人修", delay=20)

    expect(page.locator("#answers")).to_contain_text("路灯坏了找谁修", timeout=SOON_MS)


def test_what_was_typed_survives_leaving_the_page(visit: Open) -> None:
    page = visit("/")
    page.get_by_label("发生了什么事").fill("写到一半的事情")

    page.goto("/progress/")
    page.goto("/")

    expect(page.get_by_label("发生了什么事")).to_have_value("写到一半的事情")
    page.get_by_role("button", name="提交").click()
    page.locator("#number").wait_for()
    page.goto("/")
    expect(page.get_by_label("发生了什么事")).to_have_value("")


def test_keys_walk_the_list_and_find_a_ticket(visit: Open) -> None:
    number, _ = _tell(visit("/"), "南桥街道的公交站牌倒了。")
    page = visit("/tickets/", "supervisor")

    page.keyboard.press("j")
    expect(page.locator("tr.here")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/tickets/\d{21}/"))
    page.wait_for_load_state()  # keys are heard once the page is whole
    page.keyboard.press("/")
    page.keyboard.type(number)
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(number))
    page.wait_for_load_state()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("dialog")).to_be_visible()


def test_the_contact_is_shown_in_place_after_a_reason(visit: Open) -> None:
    number, _ = _tell(visit("/"), "临溪区的健身器材坏了。")
    page = visit(f"/tickets/{number}/", "dispatcher")

    page.get_by_text("查看联系方式").click()
    page.get_by_label("查看理由").fill("核实地点")
    page.get_by_role("button", name="查看", exact=True).click()

    expect(page.locator("#citizen")).to_contain_text("13812345678", timeout=SOON_MS)
