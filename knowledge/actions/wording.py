"""What an editor typed, cleaned and checked before it becomes a version."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone

from city.models import Category
from knowledge.errors import Invalid
from knowledge.models import (
    ANSWER_LENGTH,
    KEYWORD_LENGTH,
    TITLE_LENGTH,
    Article,
    ArticleVersion,
    Wording,
)
from knowledge.workflow import Audience, Kind

TEXT_LENGTH = 50_000
KEYWORDS = 20
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LONGEST = {
    "title": ("标题", TITLE_LENGTH),
    "short_answer": ("简短答复", ANSWER_LENGTH),
    "text": ("正文", TEXT_LENGTH),
    "question": ("标准问法", 200),
    "basis": ("政策依据", 300),
}
_REQUIRED = ("title", "short_answer", "text")
_WORDING = [field.name for field in Wording._meta.fields]


@dataclass(frozen=True, kw_only=True)
class Content:
    """All that one version says (知识内容)."""

    title: str
    short_answer: str
    text: str
    question: str = ""
    basis: str = ""
    kind: str = Kind.FAQ
    category: Category | None = None
    audience: str = Audience.PUBLIC
    keywords: Sequence[str] = ()
    valid_from: date | None = None
    valid_until: date | None = None


def cleaned(content: Content) -> Content:
    """Clean what was typed (整理内容); raise Invalid naming every field that is wrong."""
    tidy = replace(
        content,
        title=_line(content.title),
        short_answer=_line(content.short_answer),
        question=_line(content.question),
        basis=_line(content.basis),
        text=_CONTROL.sub("", content.text.replace("\r\n", "\n")).strip(),
        keywords=_words(content.keywords),
        valid_from=content.valid_from or timezone.localdate(),
    )
    if wrong := _wrong(tidy):
        raise Invalid(**wrong)
    return tidy


def _line(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", text).split())


def _words(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(word for raw in words if (word := _line(raw))))


def _wrong(content: Content) -> dict[str, str]:
    wrong: dict[str, str] = {}
    for name, (label, longest) in _LONGEST.items():
        length = len(getattr(content, name))
        if length > longest:
            wrong[name] = f"{label}最多 {longest} 个字，现在有 {length} 个字。"
        elif not length and name in _REQUIRED:
            wrong[name] = f"请填写{label}。"
    if problem := _wrong_keywords(content):
        wrong["keywords"] = problem
    if content.valid_from and content.valid_until and content.valid_until < content.valid_from:
        wrong["valid_until"] = "有效期至不能早于生效日期。"
    return wrong


def _wrong_keywords(content: Content) -> str:
    if len(content.keywords) > KEYWORDS:
        return f"关键词最多 {KEYWORDS} 个。"
    if long := [word for word in content.keywords if len(word) > KEYWORD_LENGTH]:
        return f"关键词“{long[0]}”超过 {KEYWORD_LENGTH} 个字。"
    if content.title in content.keywords:
        return "关键词不能与标题相同。"
    return ""


def version_of(content: Content) -> ArticleVersion:
    """Make an unsaved version of this content (新版本)."""
    return ArticleVersion(**vars(content))


def take_over(article: Article, version: ArticleVersion) -> None:
    """Let the article say what the version says (采用版本内容)."""
    for name in _WORDING:
        setattr(article, name, getattr(version, name))
    article.lookup = "\n".join([version.title, version.question, *version.keywords])
