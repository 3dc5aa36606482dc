"""Public replies: only what was agreed to and released, and never a person in it."""

from collections.abc import Callable

import pytest

from accounts.models import User
from outbox.bus import drain_all
from search import engine
from tests.factories import Units
from tickets import actions, published
from tickets.models import Reply, Source, Ticket
from tickets.workflow import Kind, Party

pytestmark = pytest.mark.usefixtures("fresh_indexes")
TEXT = "我叫王小明，住望河花园3栋2单元501室，电话13812345678，楼道灯坏了半个月，车牌浙A12345被刮。"
REPLY = "王小明您好，望河花园3栋楼道灯已于11月20日修复，感谢监督。"
Answered = Callable[..., Ticket]


@pytest.fixture
def answered(
    units: Units, dispatcher: User, signer: User, handler: User, auditor: User, reviewer: User
) -> Answered:
    """Bring a demand to its released reply."""

    def make(
        *,
        public: bool = True,
        kind: str = Kind.HELP,
        title: str = "楼道灯坏了",
        may_publish: bool = True,
        of_auditor: bool = True,
        publish: bool = True,
        public_text: str = "",
    ) -> Ticket:
        ticket = actions.accept(
            text=TEXT,
            title=title,
            name="王小明",
            phone="13812345678",
            source=Source.WEB,
            by=Party.CITIZEN,
            public=public,
            kind=kind,
        )
        actions.dispatch(ticket, to=units.housing, by=dispatcher)
        actions.sign(ticket, by=signer)
        actions.reply(
            ticket,
            text=REPLY,
            result="solved",
            contacted=True,
            internal="内部：已约谈物业",
            public_text=public_text,
            may_publish=may_publish,
            by=handler,
        )
        actions.release(ticket, may_publish=of_auditor, by=auditor)
        return actions.review(ticket, publish=publish, by=reviewer)

    return make


def settle() -> None:
    drain_all()
    engine.current().refresh(published.PUBLISHED)


def test_a_released_reply_is_found_by_anybody(answered: Answered, units: Units) -> None:
    ticket = answered()
    settle()

    found = published.find_published("楼道灯")

    assert (found.total, found.degraded) == (1, False)
    assert found.replies[0].ticket == ticket
    assert found.replies[0].reply.department == units.housing
    assert "楼道" in "".join(part for part, marked in found.replies[0].title_marks if marked)


def test_neither_text_nor_reply_tells_who_it_was(answered: Answered) -> None:
    answered(title="王小明反映楼道灯")
    settle()

    public = published.find_published("楼道灯").replies[0]
    document = published.documents([str(public.ticket.pk)])[0]

    for said in (public.title, public.text, public.answer, str(document.fields)):
        for secret in ("王小明", "13812345678", "501", "3栋", "浙A12345"):
            assert secret not in said
    assert "望河花园" in public.text
    assert "11月20日修复" in public.answer


def test_what_nobody_agreed_to_or_is_confidential_is_not_public(answered: Answered) -> None:
    answered(public=False)
    answered(kind=Kind.REPORT)
    settle()

    assert published.find_published("楼道灯").total == 0
    assert not published.public_replies().exists()


@pytest.mark.parametrize("who", ["may_publish", "of_auditor", "publish"])
def test_one_who_does_not_agree_is_enough_to_keep_it_from_the_public(
    answered: Answered, who: str
) -> None:
    ticket = answered(**{who: False})
    settle()

    assert not published.public_replies().exists()
    assert published.find_published("楼道灯").total == 0
    assert Reply.objects.get(ticket=ticket).accepted_at


def test_the_public_reads_the_public_text_without_the_person_in_it(answered: Answered) -> None:
    answered(public_text="王小明反映的3栋楼道灯，电话13812345678，已更换整条线路。")
    settle()

    found = published.find_published("整条线路").replies[0]
    indexed = str(published.documents([str(found.ticket.pk)])[0].fields)
    assert "已更换整条线路" in found.answer
    for said in (found.answer, indexed):
        for secret in ("王小明", "13812345678", "3栋", "11月20日", "约谈物业"):
            assert secret not in said


def test_a_reply_not_yet_released_is_not_public(units: Units, dispatcher: User) -> None:
    ticket = actions.accept(text=TEXT, source=Source.WEB, by=Party.CITIZEN, public=True)
    actions.dispatch(ticket, to=units.housing, by=dispatcher)
    settle()

    assert published.find_published("楼道灯").total == 0


def test_a_ticket_that_is_handled_again_takes_its_reply_back(
    answered: Answered, dispatcher: User, callback: User
) -> None:
    ticket = answered()
    settle()
    actions.call_back(
        ticket,
        by=callback,
        outcome="reached",
        contacted="yes",
        solved="no",
        satisfied="no",
        reasons=["没有解决"],
        note="仍然不亮",
    )
    settle()

    assert published.find_published("楼道灯").total == 0


def test_pages_of_the_latest_follow_without_words(answered: Answered) -> None:
    tickets = [answered(title=f"第{serial}盏灯") for serial in "一二三"]
    settle()

    first = published.find_published("", limit=2)
    second = published.find_published("", limit=2, after=first.cursor)

    shown = [public.ticket for public in (*first.replies, *second.replies)]
    assert sorted(t.pk for t in shown) == sorted(t.pk for t in tickets)
    assert first.total == 3


def test_without_the_engine_the_database_answers(answered: Answered) -> None:
    ticket = answered()
    engine.current().drop(published.PUBLISHED)

    found = published.find_published("楼道灯坏了")

    assert found.degraded
    assert [public.ticket for public in found.replies] == [ticket]
    assert published.find_published("火星").replies == []
    assert [p.ticket for p in published.find_published("").replies] == [ticket]
    engine.current().ensure(published.PUBLISHED)


def test_only_the_latest_released_version_is_public(answered: Answered) -> None:
    ticket = answered()
    first = Reply.objects.get(ticket=ticket)
    second = Reply.objects.create(
        ticket=ticket,
        department=first.department,
        version=first.version + 1,
        text="已更换整条线路。",
        result="solved",
        at=first.at,
        accepted_at=first.accepted_at,
        published_at=first.published_at,
    )

    assert list(published.public_replies()) == [second]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("望河花园12号楼3单元501室漏水", "望河花园*号楼*单元*室漏水"),
        ("我住三号楼二单元六零二", "我住*号楼*单元*"),
        ("3栋2单元1802漏水", "*栋*单元*漏水"),
        ("我叫李小红，想问政策", "我叫**，想问政策"),
        ("浙A·12345占用消防通道", "**占用消防通道"),
        ("一栋楼一个总表，2号楼2024年加装电梯", "一栋楼一个总表，*号楼2024年加装电梯"),
        ("姓名：王芳，住望河花园", "姓名：**，住望河花园"),
    ],
)
def test_doors_names_and_plates_are_taken_out(text: str, said: str) -> None:
    assert published.anonymous(text, Ticket()) == said
