"""The five elements of a demand (人、时、地、事、诉求), as heard while it is written down."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tickets.routing import Suggestion

SHOWN = 3
WHO = re.compile(
    r"本人|我家|我们|(?:老|病|残疾|盲|工|商|路)人|孩子|小孩|学生|孕妇|业主|居民|村民|住户|租户|邻居"
    r"|家长|店主|商户|商家|员工|司机|物业(?:公司)?|开发商|施工(?:方|队|单位)|老板|房东"
)
WHEN = re.compile(
    r"\d{4}年(?:\d{1,2}月)?(?:\d{1,2}[日号])?|\d{1,2}月(?:\d{1,2}[日号])?|\d{1,2}[日号]"
    r"|[今昨前明]天|[今昨前]晚|上午|下午|凌晨|早上|晚上|半夜|夜里|刚才|刚刚|目前"
    r"|(?:上|这|本)(?:个?月|周|星期)|(?:周|星期)[一二三四五六日天]|去年|今年|近日|最近"
    r"|(?:连续|已经?|近)?[一二两三四五六七八九十几半\d]+个?(?:小时|分钟|天|晚|周|星期|月|年)(?:多|前|了)?"
    r"|每[天晚周月年]|\d{1,2}[点时:：]\d{0,2}分?"
)
WISH = re.compile(
    r"(?:希望|要求|请求|请(?!问)|盼|建议|能否|能不能|可否|想问|想知道|请问|咨询|尽快|怎么办)[^，。；！？\n]{0,12}"
)


@dataclass(frozen=True)
class Element:
    """One of the five: what was heard of it, and what to ask while nothing was."""

    label: str
    words: list[str]
    ask: str


def _first(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))[:SHOWN]


def _said(pattern: re.Pattern[str], text: str) -> list[str]:
    return _first(found[0].strip() for found in pattern.finditer(text))


def elements(
    text: str, suggestion: Suggestion, *, place: str = "", name: str = ""
) -> list[Element]:
    """List the five elements (五要素) with the words that carry them."""
    where = suggestion.place.words if suggestion.place else ()
    guesses = suggestion.categories[:1]
    matter = [word for guess in guesses for word in guess.keywords or guess.words]
    return [
        Element("人", _first(filter(None, [name, *_said(WHO, text)])), "谁遇到的，影响到谁？"),
        Element("时", _said(WHEN, text), "什么时候发生的，持续多久？"),
        Element("地", _first(filter(None, [*where, place])), "在哪里，哪条路、哪个小区？"),
        Element("事", _first(matter), "出了什么事？"),
        Element("诉求", _said(WISH, text), "希望怎么解决？"),
    ]
