"""Words of danger (险情词) and what they say of urgency; "没有受伤" is no danger."""

import re
from dataclasses import dataclass

from city import selectors as city
from tickets.workflow import Urgency

NEGATION = re.compile(
    r"(没有?|未|无|并非|不是|不会|避免|防止|以免|预防|担心|怕)[^，。；！？\n]{0,4}$"
)
CRITICAL = frozenset(
    "泄漏 爆炸 起火 着火 坍塌 塌陷 触电 漏电 中毒 昏迷 轻生 跳楼 自杀 持刀 被困 困人 溺水".split()
)
GROUP = re.compile(r"(群体|聚集|堵路|堵门|上访|集体|几十|上百|数百|全体业主|\d{2,}(?:名|位|户|人))")
THREAT = re.compile(r"(同归于尽|杀了|砍死|报复社会|跳楼|轻生|自杀|不想活|拼命)")
LOOK_BACK = 8


@dataclass(frozen=True)
class Hazard:
    """How urgent the words are, and which words say so."""

    urgency: str
    words: list[str]


def hazard_of(text: str) -> Hazard:
    """Read the urgency from the words (紧急程度建议); negated and feared dangers do not count."""
    words = [word for word in {*city.hazard_words(), *CRITICAL} if _stands(word, text)]
    if not words:
        return Hazard(Urgency.NORMAL, [])
    critical = CRITICAL.intersection(words)
    return Hazard(Urgency.CRITICAL if critical else Urgency.URGENT, sorted(words))


def _stands(word: str, text: str) -> bool:
    """Tell whether the word stands somewhere without a negation before it."""
    starts = (found.start() for found in re.finditer(re.escape(word), text))
    return any(not NEGATION.search(text[max(0, at - LOOK_BACK) : at]) for at in starts)


def group_words(text: str) -> list[str]:
    """Find words of a matter of many people (群体诉求)."""
    return [found[0] for found in GROUP.finditer(text)]


def threat_words(text: str) -> list[str]:
    """Find words of a threat to oneself or others (扬言)."""
    return [found[0] for found in THREAT.finditer(text)]
