"""What differs between two wordings, for people who compare them."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from knowledge.models import ArticleVersion

SAME, ADDED, REMOVED = "same", "added", "removed"
LONG_LINE = 2000
Part = tuple[str, str]


@dataclass(frozen=True)
class Difference:
    """One field that differs (版本差异): its label, and parts marked same, added or removed."""

    label: str
    parts: list[Part]


def differences(old: ArticleVersion, new: ArticleVersion) -> list[Difference]:
    """Compare two versions field by field (版本比对); equal fields are left out."""
    before, after = _shown(old), _shown(new)
    return [
        Difference(label, list(_compared(before[label], text)))
        for label, text in after.items()
        if before[label] != text
    ]


def _shown(version: ArticleVersion) -> dict[str, str]:
    """Write all that a version says as it is read on a page."""
    return {
        "标题": version.title,
        "标准问法": version.question,
        "简短答复": version.short_answer,
        "正文": version.text,
        "政策依据": version.basis,
        "材料性质": version.get_kind_display(),
        "事项分类": str(version.category or ""),
        "公开范围": version.get_audience_display(),
        "关键词": "、".join(version.keywords),
        "生效日期": str(version.valid_from),
        "有效期至": str(version.valid_until or "长期"),
    }


def _compared(old: str, new: str) -> Iterator[Part]:
    """Compare line by line, and what was replaced character by character."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    for verb, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, come = "".join(before[a:b]), "".join(after[c:d])
        if verb == "replace" and max(len(gone), len(come)) <= LONG_LINE:
            yield from _within(gone, come)
        else:
            yield from _parts(verb, gone, come)


def _within(old: str, new: str) -> Iterator[Part]:
    for verb, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield from _parts(verb, old[a:b], new[c:d])


def _parts(verb: str, gone: str, come: str) -> Iterator[Part]:
    if verb == "equal":
        yield SAME, come
        return
    if gone:
        yield REMOVED, gone
    if come:
        yield ADDED, come
