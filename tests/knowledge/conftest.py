"""A unit's editor beside the cast, and articles to work on."""

from collections.abc import Callable

import pytest

from accounts.models import Department, Role, User
from knowledge import actions
from knowledge.actions import Content
from knowledge.models import Article
from outbox.bus import drain_all
from search import engine
from tests.factories import Units, make_user

MakeArticle = Callable[..., Article]

TEXT = """一、办理条件
本市户籍居民首次申请、换领、补领居民身份证的，可以到任一派出所户政窗口办理。

二、所需材料
1. 居民户口簿原件；
2. 换领的交回原证。

三、办理时限
自受理之日起二十个工作日内发放。"""


def content(title: str = "居民身份证补领", **fields: object) -> Content:
    """Write a content about identity cards, with what differs."""
    said: dict[str, object] = {
        "title": title,
        "short_answer": "带户口簿到任一派出所户政窗口办理，二十个工作日内发放。",
        "text": TEXT,
    }
    return Content(**(said | fields))  # type: ignore[arg-type]  # tests name real fields


@pytest.fixture
def unit_editor(units: Units) -> User:
    """The editor of 市住建局."""
    return make_user(Role.EDITOR, units.housing)


@pytest.fixture
def other_editor(units: Units) -> User:
    """The editor of 市城管局, who has no business with articles of 市住建局."""
    return make_user(Role.EDITOR, units.urban)


@pytest.fixture
def drafted(units: Units, editor: User) -> MakeArticle:
    def make(title: str = "居民身份证补领", **fields: object) -> Article:
        department = fields.pop("department", units.housing)
        assert isinstance(department, Department)
        return actions.draft(content(title, **fields), department=department, by=editor)

    return make


@pytest.fixture
def published(drafted: MakeArticle, editor: User) -> MakeArticle:
    def make(title: str = "居民身份证补领", **fields: object) -> Article:
        article = drafted(title, **fields)
        actions.publish(article, by=editor)
        return article

    return make


@pytest.fixture
def index(db: None) -> None:
    """An empty index of articles."""
    from knowledge.indexes import ARTICLES

    engine.current().rebuild(ARTICLES, [])


def settle() -> None:
    """Deliver all events and make what they indexed findable."""
    from knowledge.indexes import ARTICLES

    drain_all()
    engine.current().refresh(ARTICLES)
