"""The states of an article and the one table of steps between them."""

from dataclasses import dataclass

from django.db import models


class Status(models.TextChoices):
    """Where the newest version of an article stands (状态)."""

    DRAFT = "draft", "草稿"
    UNIT_REVIEW = "unit_review", "单位审核"
    HOTLINE_REVIEW = "hotline_review", "热线审核"
    PUBLISHED = "published", "已发布"
    WITHDRAWN = "withdrawn", "已下架"


class Audience(models.TextChoices):
    """Who may read an article (公开范围), from the widest to the narrowest."""

    PUBLIC = "public", "对外公开"
    AGENTS = "agents", "仅热线人员"
    INTERNAL = "internal", "仅采编与本单位"


class Kind(models.TextChoices):
    """What sort of material it is (材料性质)."""

    GUIDE = "guide", "办事指南"
    POLICY = "policy", "政策文件"
    FAQ = "faq", "一问一答"
    CONTACT = "contact", "部门职责与联系方式"
    NOTICE = "notice", "应急公告"
    WORDING = "wording", "口径"
    CASE = "case", "案例"


@dataclass(frozen=True)
class Step:
    """One row of the table: who may take an article from where to where."""

    verb: str
    label: str
    sources: frozenset[Status]
    targets: dict[Status, Status]
    """Target by source; a source that is not named keeps its state."""
    hotline_only: bool = False
    needs_note: bool = False


def _step(
    verb: str,
    label: str,
    targets: dict[Status, Status],
    *,
    hotline: bool = False,
    note: bool = False,
) -> Step:
    return Step(verb, label, frozenset(targets), targets, hotline, note)


_IN_REVIEW = (Status.UNIT_REVIEW, Status.HOTLINE_REVIEW)
_UNPUBLISHED = (Status.DRAFT, *_IN_REVIEW)

STEPS: dict[str, Step] = {
    step.verb: step
    for step in (
        _step("revise", "修改", dict.fromkeys(Status, Status.DRAFT)),
        _step(
            "submit",
            "提交审核",
            {Status.DRAFT: Status.UNIT_REVIEW, Status.UNIT_REVIEW: Status.HOTLINE_REVIEW},
        ),
        _step("send_back", "退回修改", dict.fromkeys(_IN_REVIEW, Status.DRAFT), note=True),
        _step("publish", "发布", dict.fromkeys(_UNPUBLISHED, Status.PUBLISHED), hotline=True),
        _step(
            "withdraw",
            "下架",
            dict.fromkeys((*_UNPUBLISHED, Status.PUBLISHED), Status.WITHDRAWN),
            note=True,
        ),
    )
}
