"""The pages of the duty list: written by one, published by another, taken in from Excel whole."""

import io
import re
from collections.abc import Callable, Sequence

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from accounts.models import Role, User
from city import actions as city
from city.models import Category
from tests.factories import Town, Units, make_user
from tickets import actions
from tickets.actions import DutyContent
from tickets.models import DutyItem, Source, Ticket
from tickets.sources.duties import COLUMNS
from tickets.workflow import Party

State = DutyItem.State
Visit = Callable[[User], Client]


@pytest.fixture(autouse=True)
def city_data(units: Units) -> None:
    city.load_taxonomy()


@pytest.fixture
def visit() -> Visit:
    def sign_in(user: User) -> Client:
        browser = Client()
        browser.force_login(user)
        return browser

    return sign_in


@pytest.fixture
def item(units: Units, town: Town, supervisor: User, admin: User) -> DutyItem:
    """A published row: 占道经营 in 临溪区."""
    return published(supervisor, admin, units, town)


def published(by: User, reviewer: User, units: Units, town: Town, **more: object) -> DutyItem:
    about: dict[str, object] = {
        "category": Category.objects.get(code="0101"),
        "department": units.linxi_urban,
        "valid_from": timezone.localdate(),
        "region": town.linxi,
        "basis": "职责清单第1项",
    }
    content = DutyContent(**about | more)  # type: ignore[arg-type]  # mixed fields
    draft = actions.draft_duty(content, by=by)
    actions.move_duty(draft, "submit", by=by)
    return actions.move_duty(draft, "publish", by=reviewer)


def typed(**more: str) -> dict[str, str]:
    return {"category": "0102", "department": "cgzf", "valid_from": "2026-01-01"} | more


def test_a_row_goes_from_draft_to_force_through_two_people(
    supervisor: User, admin: User, visit: Visit
) -> None:
    mine, other = visit(supervisor), visit(admin)
    page = mine.post("/duties/new/", typed(keywords="彩钢房、搭棚", basis="第3条"), follow=True)
    row = DutyItem.objects.get()
    mine.post(f"/duties/{row.pk}/submit/")
    refused = mine.post(f"/duties/{row.pk}/publish/")
    waiting = mine.get(f"/duties/{row.pk}/").content.decode()
    other.post(f"/duties/{row.pk}/publish/")

    row.refresh_from_db()
    assert "已保存为草稿 0102" in page.content.decode()
    assert refused.status_code == 403
    assert "须由另一位" in waiting
    assert (row.state, row.keywords) == (State.PUBLISHED, ["彩钢房", "搭棚"])
    assert "违法建设" in other.get("/duties/").content.decode()


def test_a_new_version_shows_what_it_changed(item: DutyItem, admin: User, visit: Visit) -> None:
    browser = visit(admin)
    form = browser.get(f"/duties/{item.pk}/revise/").content.decode()
    changed = typed(category="0101", region="990102", department="np", basis="新依据")
    page = browser.post(f"/duties/{item.pk}/revise/", changed, follow=True).content.decode()

    assert "职责清单第1项" in form
    assert "<del>职责清单第1项</del> → <ins>新依据</ins>" in page
    assert "发布之前，原版本继续有效" in page


def test_mistakes_are_said_at_the_fields(supervisor: User, visit: Visit) -> None:
    browser = visit(supervisor)

    empty = browser.post("/duties/new/", {})
    wrong = browser.post("/duties/new/", typed(valid_to="2025-01-01", keywords="长" * 40))
    days = browser.post("/duties/new/", typed(valid_to="2025-01-01"))

    assert "请选择事项分类" in empty.content.decode()
    assert "太长" in wrong.content.decode()
    assert "失效日期应晚于生效日期" in days.content.decode()
    assert not DutyItem.objects.exists()


@pytest.mark.parametrize("path", ["", "problems/", "coverage/", "rules/", "export/"])
def test_readers_read_and_strangers_do_not(
    path: str, dispatcher: User, stranger: User, agent: User, visit: Visit
) -> None:
    assert visit(dispatcher).get(f"/duties/{path}").status_code == 200
    for other in (stranger, agent):
        assert visit(other).get(f"/duties/{path}").status_code == 403


@pytest.mark.parametrize("path", ["new/", "import/", "rules/new/"])
def test_who_only_reads_cannot_write(path: str, dispatcher: User, visit: Visit) -> None:
    assert visit(dispatcher).get(f"/duties/{path}").status_code == 403


def test_withdrawing_asks_a_reason(item: DutyItem, admin: User, visit: Visit) -> None:
    browser = visit(admin)
    without = browser.post(f"/duties/{item.pk}/withdraw/")
    browser.post(f"/duties/{item.pk}/withdraw/", {"note": "机构改革"})

    item.refresh_from_db()
    assert without.status_code == 400
    assert (item.state, item.note) == (State.WITHDRAWN, "机构改革")


def test_a_draft_can_be_thrown_away(item: DutyItem, admin: User, visit: Visit) -> None:
    browser = visit(admin)
    browser.post("/duties/new/", typed())
    draft = DutyItem.objects.get(state=State.DRAFT)
    browser.post(f"/duties/{draft.pk}/discard/")
    kept = browser.post(f"/duties/{item.pk}/discard/")

    assert list(DutyItem.objects.all()) == [item]
    assert kept.status_code == 409
    assert browser.post(f"/duties/{item.pk}/nonsense/").status_code == 404


def test_many_are_submitted_and_published_at_once(
    supervisor: User, admin: User, visit: Visit
) -> None:
    mine, other = visit(supervisor), visit(admin)
    for code in ("0102", "0103"):
        mine.post("/duties/new/", typed(category=code))
    mine.post("/duties/all/submit/")
    other.post("/duties/all/publish/")

    assert DutyItem.objects.filter(state=State.PUBLISHED).count() == 2
    assert mine.post("/duties/all/withdraw/").status_code == 404


def test_problems_are_found(
    item: DutyItem, units: Units, town: Town, supervisor: User, admin: User, visit: Visit
) -> None:
    other = published(supervisor, admin, units, town, department=units.urban)
    published(supervisor, admin, units, town, department=units.urban, keywords=["夜市"])
    special = published(
        supervisor, admin, units, town, department=units.housing, keywords=["夜市", "早市"]
    )
    DutyItem.objects.filter(pk=special.pk).update(valid_to=timezone.localdate())
    units.linxi_urban.active = False
    units.linxi_urban.save()

    page = visit(supervisor).get("/duties/problems/").content.decode()

    assert "互相冲突的条目（1）" in page
    assert f"{item.key}</a> 派" in page
    assert f"{other.key}</a> 派" in page
    assert "单位已停用的条目（1）" in page
    assert "已过期的条目（1）" in page
    assert "违法建设" in page


def test_coverage_counts_last_quarters_tickets(
    item: DutyItem, units: Units, town: Town, supervisor: User, visit: Visit
) -> None:
    for code, region in (("0101", town.wanghe), ("0101", town.nanqiao), ("0401", None)):
        ticket = actions.accept(text="诉求", source=Source.WEB, by=Party.SYSTEM)
        matter = Category.objects.get(code=code)
        rows = Ticket.objects.filter(pk=ticket.pk)
        rows.update(category=matter, region=region, lead=units.linxi_urban)

    page = re.sub(r"<[^>]+>|\s+", " ", visit(supervisor).get("/duties/coverage/").content.decode())

    assert re.search(r"3 +工单 +1 +有目录条目 +1 +主办单位与目录一致", page)
    assert "50%" in page


def book(*lines: Sequence[object], header: Sequence[str] = COLUMNS) -> SimpleUploadedFile:
    made = Workbook()
    sheet = made.worksheets[0]
    for line in (header, *lines):
        sheet.append(list(line))
    file = io.BytesIO()
    made.save(file)
    return SimpleUploadedFile("duties.xlsx", file.getvalue())


GOOD = ("", "0102", "彩钢房", "", "临溪区", "市城管局", "zj", "是", "第3条", "2026-01-01", "")


def sealed(page: str) -> str:
    found = re.search(r'name="table"\s+value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_no_cell_of_an_export_is_a_formula(
    units: Units, town: Town, supervisor: User, admin: User, visit: Visit
) -> None:
    published(supervisor, admin, units, town, basis="=HYPERLINK(1)")

    file = io.BytesIO(visit(admin).get("/duties/export/").content)

    cells = [cell for row in load_workbook(file).worksheets[0].iter_rows() for cell in row]
    assert "=HYPERLINK(1)" in [cell.value for cell in cells]
    assert "f" not in {cell.data_type for cell in cells}


def test_what_was_exported_can_be_changed_and_taken_in_again(
    item: DutyItem, admin: User, visit: Visit
) -> None:
    browser = visit(admin)
    file = io.BytesIO(browser.get("/duties/export/").content)
    sheet = load_workbook(file).worksheets[0]
    lines = [["" if cell is None else str(cell) for cell in row] for row in sheet.values]
    same = browser.post("/duties/import/", {"file": book(*lines[1:], header=lines[0])})
    lines[1][8] = "第9条"
    trial = browser.post("/duties/import/", {"file": book(*lines[1:], header=lines[0])})
    untouched = DutyItem.objects.count()
    browser.post("/duties/import/confirm/", {"table": sealed(trial.content.decode())})

    newest = DutyItem.objects.get(version=2)
    assert "没有需要导入的内容" in same.content.decode()
    assert "修改 <b>1</b> 条" in trial.content.decode()
    assert untouched == 1
    assert (newest.key, newest.basis, newest.state) == (item.key, "第9条", State.DRAFT)


def test_a_new_row_is_taken_in_by_names_and_codes(
    admin: User, units: Units, town: Town, visit: Visit
) -> None:
    browser = visit(admin)
    trial = browser.post("/duties/import/", {"file": book(GOOD)}).content.decode()
    browser.post("/duties/import/confirm/", {"table": sealed(trial)})

    row = DutyItem.objects.get()
    assert (row.department, row.region, row.with_territory) == (units.urban, town.linxi, True)
    assert list(row.assisting.all()) == [units.housing]
    assert row.keywords == ["彩钢房"]


@pytest.mark.parametrize(
    ("at", "value", "fault"),
    [
        (1, "9999", "事项编码“9999”不存在"),
        (1, "", "缺少事项编码"),
        (4, "火星区", "区划编码“火星区”不存在"),
        (5, "没有局", "主办单位编码“没有局”不存在"),
        (6, "cgzf", "不能既主办又协办"),
        (7, "也许", "双派应填"),
        (9, "去年", "不是日期"),
        (9, "", "缺少生效日期"),
        (10, "2025-01-01", "失效日期应晚于"),
    ],
)
def test_a_fault_names_its_row_and_nothing_is_taken_in(
    admin: User, visit: Visit, at: int, value: str, fault: str
) -> None:
    wrong = list(GOOD)
    wrong[at] = value

    page = visit(admin).post("/duties/import/", {"file": book(GOOD, wrong)}).content.decode()

    assert "第 3 行" in page
    assert fault in page
    assert "确认导入" not in page
    assert not DutyItem.objects.exists()


@pytest.mark.parametrize(
    ("file", "fault"),
    [
        (SimpleUploadedFile("a.xlsx", b"PK\x03\x04broken"), "已损坏"),
        (SimpleUploadedFile("a.xlsx", b"not a table"), "已损坏"),
        (SimpleUploadedFile("a.xlsx", b""), "文件是空的"),
        (book(header=["事项编码"]), "缺少列：主办单位编码、生效日期"),
        (book(header=[]), "没有可导入的内容"),
    ],
)
def test_a_broken_file_is_refused_in_plain_words(
    admin: User, visit: Visit, file: SimpleUploadedFile, fault: str
) -> None:
    file.seek(0)
    response = visit(admin).post("/duties/import/", {"file": file})

    assert response.status_code == 400
    assert fault in response.content.decode()


def test_the_same_key_twice_and_rows_in_review_are_faults(
    item: DutyItem, supervisor: User, admin: User, visit: Visit
) -> None:
    draft = actions.draft_duty(
        DutyContent(item.category, item.department, item.valid_from), by=supervisor
    )
    actions.move_duty(draft, "submit", by=supervisor)
    twice = [(item.key, *GOOD[1:])] * 2
    review = (draft.key, *GOOD[1:])

    page = visit(admin).post("/duties/import/", {"file": book(*twice, review)}).content.decode()

    assert f"条目编号 {item.key} 在文件中重复" in page
    assert f"条目 {draft.key} 有一版正在审核" in page


def test_a_forged_or_outdated_trial_takes_nothing_in(admin: User, visit: Visit) -> None:
    browser = visit(admin)
    forged = browser.post("/duties/import/confirm/", {"table": "nonsense"}, follow=True)
    trial = browser.post("/duties/import/", {"file": book(GOOD)}).content.decode()
    Category.objects.filter(code="0102").update(active=False)
    late = browser.post("/duties/import/confirm/", {"table": sealed(trial)}, follow=True)

    assert "已过期" in forged.content.decode()
    assert "没有导入：第 2 行" in late.content.decode()
    assert not DutyItem.objects.exists()


def test_the_list_is_found_by_words_and_state(
    item: DutyItem, supervisor: User, visit: Visit
) -> None:
    browser = visit(supervisor)

    assert item.key in browser.get("/duties/?text=临溪").content.decode()
    assert item.key not in browser.get("/duties/?text=南屏").content.decode()
    assert item.key not in browser.get("/duties/?state=draft").content.decode()
    assert item.key in browser.get("/duties/?state=nonsense").content.decode()


def test_a_reviewer_of_many_is_told_why_not(units: Units, supervisor: User, visit: Visit) -> None:
    second = make_user(Role.SUPERVISOR, units.center)
    browser = visit(supervisor)
    browser.post("/duties/new/", typed())
    browser.post("/duties/all/submit/")
    units.urban.active = False
    units.urban.save()

    page = visit(second).post("/duties/all/publish/", follow=True).content.decode()

    assert "没有变动" in page
    assert "已停用" in page
