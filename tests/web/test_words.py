"""Editors keep the words of the trade and the synonyms; a search obeys at once."""

import pytest
from django.test import Client

from accounts.actions import change_department
from accounts.models import User
from city.actions import save_row
from city.models import Place, Synonym, Word
from outbox.bus import drain_all
from search import engine
from search.query import Permission, Query
from tests.factories import Town, Units
from tests.web.conftest import SignIn
from tickets import actions
from tickets.indexes import TICKETS
from tickets.models import Ticket
from tickets.workflow import Party

pytestmark = pytest.mark.usefixtures("fresh_indexes")


@pytest.fixture
def browser(editor: User, sign_in: SignIn) -> Client:
    return sign_in(editor)


@pytest.fixture
def bad_road(db: None) -> Ticket:
    made = actions.accept(text="门口的马路坑坑洼洼", source="web", by=Party.CITIZEN, title="马路")
    drain_all()
    engine.current().refresh(TICKETS)
    return made


def test_a_new_synonym_finds_what_was_not_found(
    browser: Client, dispatcher: User, sign_in: SignIn, bad_road: Ticket
) -> None:
    staff = sign_in(dispatcher)
    before = staff.get("/search/", {"q": "车行道"}).content.decode()

    kept = browser.post("/editing/words/synonym/", {"words": "车行道、马路"})
    after = staff.get("/search/", {"q": "车行道"}).content.decode()

    assert kept.status_code == 302
    assert bad_road.number not in before
    assert bad_road.number in after
    assert "“车行道”也按同义词查：马路" in after
    assert "同义词" not in before


def test_a_word_is_kept_listed_and_removed(browser: Client) -> None:
    browser.post("/editing/words/word/", {"text": "云上办", "kind": "term"})
    word = Word.objects.get(text="云上办")
    listed = browser.get("/editing/words/", {"q": "云上"}).content.decode()

    browser.post(f"/editing/words/word/{word.pk}/remove/")

    assert "云上办" in listed
    assert "确认删除" in listed
    assert not Word.objects.filter(text="云上办").exists()


def test_a_new_word_cuts_the_texts_that_hold_it_anew(browser: Client) -> None:
    actions.accept(text="云上办打不开", source="web", by=Party.CITIZEN, title="云上办")
    drain_all()

    browser.post("/editing/words/word/", {"text": "云上办", "kind": "term"})
    drain_all()
    engine.current().refresh(TICKETS)

    asked = Query(permission=Permission.everything(), text="云上办")
    (hit,) = engine.current().search(TICKETS, asked).hits
    assert "云上办" in {reason.word for reason in hit.reasons}


def test_the_new_name_of_a_unit_or_a_place_cuts_the_texts_that_hold_it_anew(
    town: Town, units: Units
) -> None:
    actions.accept(
        text="云上督导处和云间雅苑都说不管", source="web", by=Party.CITIZEN, title="推诿"
    )
    drain_all()

    change_department(units.housing, short_name="云上督导处")
    save_row(Place(name="云间雅苑", kind=Place.Kind.ESTATE, region=town.wanghe))
    drain_all()
    engine.current().refresh(TICKETS)

    asked = Query(permission=Permission.everything(), text="云上督导处 云间雅苑")
    (hit,) = engine.current().search(TICKETS, asked).hits
    assert {"云上督导处", "云间雅苑"} <= {reason.word for reason in hit.reasons}


@pytest.mark.parametrize(
    ("what", "said", "refusal"),
    [
        ("word", {"text": "水", "kind": "term"}, "至少两个字"),
        ("word", {"text": "云 上", "kind": "term"}, "至少两个字"),
        ("word", {"text": "", "kind": "term"}, "请填写要收进词库的词"),
        ("word", {"text": "字" * 61, "kind": "term"}, "60"),
        ("synonym", {"words": "停水"}, "至少两个意思相同的词"),
        ("synonym", {"words": "停水、停水"}, "至少两个意思相同的词"),
        ("synonym", {"words": "停水、" + "水" * 61}, "不超过 60 个字"),
    ],
)
def test_what_is_no_word_is_refused_with_a_reason(
    browser: Client, what: str, said: dict[str, str], refusal: str
) -> None:
    answer = browser.post(f"/editing/words/{what}/", said)

    assert answer.status_code == 400
    assert refusal in answer.content.decode()


def test_a_word_that_is_there_already_is_refused(browser: Client) -> None:
    for status in (302, 400):
        answer = browser.post("/editing/words/word/", {"text": "云上办", "kind": "term"})
        assert answer.status_code == status
    assert "已有这个词" in answer.content.decode()


def test_only_editors_keep_words(dispatcher: User, sign_in: SignIn) -> None:
    browser = sign_in(dispatcher)

    assert browser.get("/editing/words/").status_code == 403
    assert browser.post("/editing/words/synonym/", {"words": "甲、乙"}).status_code == 403
    assert not Synonym.objects.filter(words=["甲", "乙"]).exists()


@pytest.mark.parametrize("address", ["/editing/words/other/", "/editing/words/word/99/remove/"])
def test_what_is_not_there_is_not_found(browser: Client, address: str) -> None:
    assert browser.post(address).status_code == 404
