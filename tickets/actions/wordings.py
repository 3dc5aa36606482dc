"""Replies kept ready are written by those who answer for a unit's words."""

from accounts.models import Department, User
from city.models import Category
from tickets import policy
from tickets.actions.moves import typed
from tickets.errors import Invalid, NotAllowed
from tickets.models import ReplyTemplate
from tickets.models.wording import open_slots

SLOTS = (
    *("工单编号", "诉求人称谓", "承办单位", "办理期限", "受理日期", "地点", "事项"),
    *("核查经过", "办理结果", "未解决原因", "联系电话"),
)
"""What is filled in by itself; of the others the editor would never hear."""
MOST = 5_000


def save_template(
    row: ReplyTemplate | None,
    *,
    name: str,
    text: str,
    by: User,
    category: Category | None = None,
    department: Department | None = None,
    active: bool = True,
) -> ReplyTemplate:
    """Keep a template (保存答复模板), a new one where ROW is None.

    Raises NotAllowed where BY does not keep the words of the unit, or of all units without one;
    Invalid where nothing is said or a slot is unknown.
    """
    kept = row or ReplyTemplate()
    units = {department, kept.department} if row else {department}
    if not all(policy.may_keep_templates(by, unit) for unit in units):
        raise NotAllowed("您不能维护这个单位的答复模板。")
    words = typed(text)
    _check(typed(name), words)
    kept.name, kept.text, kept.category, kept.department = typed(name), words, category, department
    kept.active, kept.by = active, by
    kept.save()
    return kept


def _check(name: str, text: str) -> None:
    unknown = [slot for slot in open_slots(text) if slot not in SLOTS]
    wrong: dict[str, str] = {}
    if not name:
        wrong["name"] = "请填写模板名称。"
    if not 0 < len(text) <= MOST:
        wrong["text"] = f"模板内容应为 1 到 {MOST} 字。"
    elif unknown:
        known = "、".join(SLOTS)
        wrong["text"] = f"没有这样的空：{'、'.join(unknown)}。可用的有：{known}。"
    if wrong:
        raise Invalid(**wrong)
