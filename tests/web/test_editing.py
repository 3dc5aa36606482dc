"""The knowledge editors' pages, as an editor and as people who have no business there."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role, User
from knowledge import actions, selectors
from knowledge.actions import Content
from knowledge.models import Article, SearchLog
from knowledge.workflow import Status
from tests.factories import Units, make_user

TEXT = "一、材料\n1. 户口簿\n<script>alert(1)</script>"


def typed(**changes: object) -> dict[str, object]:
    """What an editor fills in."""
    return {
        "title": "居民身份证补领",
        "question": "身份证丢了怎么办",
        "short_answer": "带户口簿到派出所办理。",
        "text": TEXT,
        "kind": "faq",
        "audience": "public",
        "keywords": "补证，换证、挂失",
    } | changes


@pytest.fixture
def article(units: Units, editor: User) -> Article:
    said = Content(title="居民身份证补领", short_answer="带户口簿办理。", text=TEXT)
    return actions.draft(said, department=units.housing, by=editor)


@pytest.fixture
def desk(client: Client, editor: User) -> Client:
    """A browser in which the hotline's editor is signed in."""
    client.force_login(editor)
    return client


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_an_editor_writes_previews_and_publishes(desk: Client, units: Units) -> None:
    given = typed(department=units.housing.pk)
    preview = desk.post("/editing/new/", given | {"preview": "1"}).content.decode()
    assert "预览，尚未保存" in preview
    assert Article.objects.count() == 0

    saved = desk.post("/editing/new/", given)
    article = Article.objects.get()
    desk.post(f"/editing/{article.number}/publish/", {"seen": article.version})

    article.refresh_from_db()
    assert saved["Location"] == f"/editing/{article.number}/"
    assert article.status == Status.PUBLISHED
    assert article.keywords == ["补证", "换证", "挂失"]


def test_markup_in_a_text_is_shown_not_run(desk: Client, article: Article) -> None:
    shown = page(desk, f"/editing/{article.number}/")

    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)" in shown
    assert '<p class="clause"><b>一、材料</b></p>' in shown
    assert '<p class="item">1. 户口簿</p>' in shown


def test_wrong_fields_are_named_and_nothing_typed_is_lost(
    desk: Client, units: Units, article: Article
) -> None:
    wrong = typed(department=units.housing.pk, short_answer="长" * 201, valid_from="昨天")

    answer = desk.post("/editing/new/", wrong)
    repeated = desk.post("/editing/new/", typed(department=units.housing.pk))

    assert answer.status_code == 400
    assert "身份证丢了怎么办" in answer.content.decode()
    assert article.number in repeated.content.decode()
    assert Article.objects.count() == 1


def test_an_objection_of_the_action_stands_at_its_field(desk: Client, units: Units) -> None:
    answer = desk.post("/editing/new/", typed(department=units.housing.pk, short_answer="长" * 201))

    assert "简短答复最多 200 个字，现在有 201 个字。" in answer.content.decode()


def test_a_stale_form_shows_what_changed_beside_what_was_typed(
    desk: Client, article: Article, admin: User
) -> None:
    seen = {"seen": article.version, "seen_no": 1}
    other = Content(title="居民身份证换领", short_answer="带户口簿办理。", text=TEXT)
    actions.revise(article, other, by=admin)

    answer = desk.post(f"/editing/{article.number}/revise/", typed(text="我写的新内容") | seen)
    shown = answer.content.decode()
    again = typed(text="我写的新内容") | {"seen": article.version, "seen_no": 2}
    saved = desk.post(f"/editing/{article.number}/revise/", again)

    assert answer.status_code == 409
    assert "被别人修改过" in shown
    assert "<del>补</del>" in shown
    assert "我写的新内容" in shown
    assert f'name="seen" value="{article.version}"' in shown
    assert saved.status_code == 302
    assert next(v.text for v in selectors.versions(article)) == "我写的新内容"


def test_a_revision_is_compared_with_the_version_before(desk: Client, article: Article) -> None:
    given = typed(text=TEXT.replace("户口簿", "身份证明")) | {"seen": article.version}
    form = page(desk, f"/editing/{article.number}/revise/")
    preview = desk.post(f"/editing/{article.number}/revise/", given | {"preview": "1"})
    desk.post(f"/editing/{article.number}/revise/", given)

    shown = page(desk, f"/editing/{article.number}/versions/2/")

    assert "带户口簿办理。" in form
    assert "预览，尚未保存" in preview.content.decode()
    assert "<del>户口簿</del><ins>身份证明</ins>" in shown
    assert desk.get(f"/editing/{article.number}/versions/1/").status_code == 200
    assert desk.get(f"/editing/{article.number}/versions/9/").status_code == 404


def test_readers_keep_the_old_version_until_the_new_one_is_published(
    desk: Client, article: Article, editor: User
) -> None:
    actions.publish(article, by=editor)
    desk.post(f"/editing/{article.number}/revise/", typed(title="新标题", seen=article.version))

    shown = page(desk, f"/editing/{article.number}/")

    assert "新标题" in shown
    assert "读者现在看到的仍是" in shown


def test_withdrawing_wants_a_reason_and_an_article_that_is_as_seen(
    desk: Client, article: Article
) -> None:
    address = f"/editing/{article.number}/withdraw/"

    silent = desk.post(address, {"seen": article.version, "note": ""})
    stale = desk.post(address, {"seen": article.version + 7, "note": "已废止"})
    done = desk.post(address, {"seen": article.version, "note": "已废止"})

    assert "请写明下架的理由" in silent.content.decode()
    assert stale.status_code == 409
    assert "已废止" in stale.content.decode()
    assert done.status_code == 302
    article.refresh_from_db()
    assert article.status == Status.WITHDRAWN


def test_an_unknown_step_does_nothing(desk: Client, article: Article) -> None:
    assert desk.post(f"/editing/{article.number}/destroy/", {}).status_code == 400
    assert desk.get(f"/editing/{article.number}/publish/").status_code == 405


def test_a_step_from_the_wrong_state_is_explained(desk: Client, article: Article) -> None:
    answer = desk.post(f"/editing/{article.number}/send_back/", {"note": "重写"})

    assert answer.status_code == 400
    assert "目前是“草稿”" in answer.content.decode()


@pytest.mark.parametrize(
    "address", ["", "new/", "feedback/", "gaps/", "{number}/", "{number}/revise/"]
)
def test_who_does_not_edit_is_kept_out(
    client: Client, article: Article, agent: User, address: str
) -> None:
    path = "/editing/" + address.format(number=article.number)
    anonymous = client.get(path)
    client.force_login(agent)

    refused = client.get(path)

    assert anonymous["Location"].startswith("/sign-in/")
    assert refused.status_code == 403
    assert "知识采编员" in refused.content.decode()


def test_an_editor_of_another_unit_finds_nothing(
    client: Client, article: Article, units: Units
) -> None:
    client.force_login(make_user(Role.EDITOR, units.urban))

    listed = page(client, "/editing/")

    assert article.number not in listed
    for address in ("", "revise/", "versions/1/"):
        assert client.get(f"/editing/{article.number}/{address}").status_code == 404
    assert client.post(f"/editing/{article.number}/publish/").status_code == 404
    forged = client.post("/editing/new/", typed(department=units.housing.pk))
    assert forged.status_code == 400


def test_a_units_editor_is_told_who_publishes(
    client: Client, article: Article, units: Units
) -> None:
    client.force_login(make_user(Role.EDITOR, units.housing))

    shown = page(client, f"/editing/{article.number}/")
    forced = client.post(f"/editing/{article.number}/publish/", {"seen": article.version})

    assert "提交审核" in shown
    assert f"/editing/{article.number}/publish/" not in shown
    assert "请联系热线知识采编员" in forced.content.decode()


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("state=draft", True),
        ("state=published", False),
        ("state=soon", False),
        ("text=身份证", True),
        ("text=公积金", False),
        ("state=nonsense&unit=nonsense", True),
    ],
)
def test_the_list_narrows(desk: Client, article: Article, query: str, there: bool) -> None:
    assert (article.number in page(desk, f"/editing/?{query}")) is there


def test_the_list_costs_the_same_however_long_it_is(
    desk: Client,
    units: Units,
    editor: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for n in range(12):
        said = Content(title=f"第 {n} 条", short_answer="答", text="文")
        article = actions.draft(said, department=units.housing, by=editor)
        actions.publish(article, by=editor)

    with django_assert_max_num_queries(12):
        shown = page(desk, "/editing/")

    assert "共 12 件" in shown


def test_feedback_and_gaps_are_listed(desk: Client, article: Article, editor: User) -> None:
    actions.publish(article, by=editor)
    actions.give_feedback(article, useful=False, text="电话打不通")
    actions.give_feedback(article, useful=True, text="写得清楚")
    actions.log_search("电动车上牌", place=SearchLog.Place.PORTAL, hits=0)

    assert "写得清楚" in page(desk, "/editing/feedback/")
    useless = page(desk, "/editing/feedback/?only=useless")
    assert "电话打不通" in useless
    assert "写得清楚" not in useless
    assert "电动车上牌" in page(desk, "/editing/gaps/")
    assert "没有被评为没用" in page(desk, "/editing/gaps/")
    actions.give_feedback(article, useful=False, asked="护照过期")
    assert "护照过期" in page(desk, "/editing/gaps/")
    assert "护照过期" in page(desk, "/editing/feedback/")
    assert "电动车上牌" in page(desk, "/editing/new/?question=电动车上牌")


def test_what_has_expired_is_marked(desk: Client, article: Article) -> None:
    Article.objects.filter(pk=article.pk).update(valid_from="2020-01-01", valid_until="2020-02-01")

    assert "2020-02-01 已过期" in page(desk, "/editing/")
