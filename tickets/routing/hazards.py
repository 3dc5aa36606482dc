"""Words of danger (险情词) and what they say of urgency; "没有起火" is no danger.

Recall goes first: a danger that is feared or asked about counts, one that is denied, prevented
or over does not.
"""

import re
from dataclasses import dataclass, field

from city import selectors as city
from tickets.workflow import Urgency

NEGATION = re.compile(
    r"(?:(?<!有)没有?|未|(?<!毫)无|并非|(?<!是)不是|(?<!会)不会|不存在|避免|防止|以免|预防|谨防|杜绝)"
    r"(?!有?人(?:管|理|来|修|处理|过问|负责|问)|解决|处理|及时|修|回应|反应)"
    r"[^，。；！？\n]{0,4}$"
)
OVER = re.compile(r"^[^，。；！？\n没未]{0,4}(?:扑灭|排除|修好|消除|恢复正常|演练|演习)")
FEAR = re.compile(r"(?:担心|害怕|怕|唯恐|生怕|会不会|是不是|恐)[^，。；！？\n]{0,6}$")
LOOK_BACK = 10
GAS, FIRE, COLLAPSE, MANHOLE, WIRE = "燃气", "火情", "坍塌", "窨井", "电线漏电"
FALL, TRAPPED, BODY, WATER = "坠物", "被困", "中毒昏迷", "水患"
SUICIDE, VIOLENCE, OTHER = "轻生", "暴力威胁", "其他险情"
CRITICAL = frozenset({GAS, FIRE, TRAPPED, BODY, SUICIDE, VIOLENCE})
GRAVE = re.compile(r"坍塌|塌陷|倒塌|垮塌|触电|漏电|溺水|落水|掉进|掉下去|摔进|决堤|山洪|泥石流")
"""What makes a danger of another kind critical too."""
SIGNS = {
    GAS: r"泄[漏露]|漏气|漏煤气|(?:煤|燃|天然|液化)气(?:的)?味"
    r"|(?:煤气|燃气|天然气).{0,4}(?:漏|嘶嘶)",
    FIRE: r"起火|着火|失火|火灾(?!报警器|险)|冒烟|爆炸(?!螺丝)|自燃|烧起来",
    COLLAPSE: r"[坍倒垮]塌|塌陷|塌方|滑坡|泥石流|地陷|要塌|塌了"
    r"|裂缝.{0,6}(?:变大|变宽|扩大|越来越)",
    MANHOLE: r"(?:井盖|窨井|下水道盖|井口|沙井)[^，。；！？\n]{0,8}"
    r"(?:缺失|丢|不见|没了|没盖|破|坏|碎|翻|松动|塌|掉|敞|裸露|被偷|陷)|没有井盖|没井盖|掉进.{0,4}井",
    WIRE: r"漏电(?!保护|开关)|触电|带电|(?:电线|电缆|高压线|线缆)[^，。；！？\n]{0,6}"
    r"(?:掉|断|裸露|垂|耷拉|脱落|露出|拖在|短路|打火)|电线?杆.{0,4}(?:倒|歪|斜)"
    r"|变压器.{0,4}(?:冒|爆|响)",
    FALL: r"坠落|高空抛物"
    r"|(?:外墙|墙皮|瓷砖|玻璃|广告牌|空调外机)[^，。；！？\n]{0,6}(?:脱落|掉|砸|摇摇欲坠)",
    TRAPPED: r"被困(?![扰惑])|困人|困在|被卡在|卡在电梯|关在电梯",
    BODY: r"中毒|昏迷|晕倒|昏倒|不省人事|没有?呼吸|大出血|休克|心脏骤停|抽搐",
    WATER: r"溺水|落水|决堤|山洪|内涝|积水.{0,6}(?:很深|齐腰|没过|倒灌)|掉进河",
    SUICIDE: r"轻生|跳楼(?!价|机|大?甩)|自杀|不想活|活不下去|不活了|寻短见|自残|割腕|跳河|跳江"
    r"|喝农药|了结(?:自己|生命|一生)|死给.{0,4}看|结束生命",
    VIOLENCE: r"持刀|拿刀|拿着刀|同归于尽|砍[死人]|杀[了人]|弄死|报复社会|拼命|拼了|打死|炸[了掉]"
    r"|放火|绑架|抢劫|泼汽油",
}
_PATTERNS = {tag: re.compile(pattern) for tag, pattern in SIGNS.items()}
PEOPLE = r"(?:名|位|户|人|个人|口人|家业主|个业主)"
GROUP = re.compile(
    r"群体性|聚集|堵路|堵门|拉横幅|上访|联名|集体(?:上访|投诉|反映|维权|讨薪|抗议|信访|停工|罢工|到)"
    rf"|(?:几十|上百|几百|数百|上千|数十|好几十)多?{PEOPLE}|(?:全体|所有|广大|众多|整栋)(?:业主|居民|村民|家长)"
    rf"|\d{{2,}}[多余]?{PEOPLE}(?!次)"
)
PRESSURE = frozenset({"群体性", "聚集", "堵路"})
"""Dangers of the city's own list that are no bodily harm: urgent, not critical."""


@dataclass(frozen=True)
class Hazard:
    """How urgent the words are, which words say so, and what sort of danger it is."""

    urgency: str
    words: list[str]
    tags: list[str] = field(default_factory=list)


def hazard_of(text: str) -> Hazard:
    """Read the urgency from the words (紧急程度建议); denied dangers do not count, feared do."""
    found = {tag: words for tag in SIGNS if (words := said_in(_PATTERNS[tag], text))}
    listed = [word for word in city.hazard_words() if said_in(re.compile(re.escape(word)), text)]
    known = {word for words in found.values() for word in words}
    others = [word for word in listed if not any(word in more for more in known)]
    if not found and not others:
        return Hazard(Urgency.NORMAL, [])
    grave = CRITICAL.intersection(found) or any(GRAVE.search(word) for word in known)
    words = sorted(known | set(others))
    tags = [*found, *([OTHER] if others else [])]
    certain = any(not _feared(word, text) for word in words)
    critical = grave and certain
    return Hazard(Urgency.CRITICAL if critical else Urgency.URGENT, words, tags)


def said_in(pattern: re.Pattern[str], text: str) -> list[str]:
    """Find what stands in a text (出现词) without being denied before it or over after it."""
    spots = pattern.finditer(text)
    return list(dict.fromkeys(spot[0] for spot in spots if not _denied(spot, text)))


def _denied(spot: re.Match[str], text: str) -> bool:
    before, after = text[max(0, spot.start() - LOOK_BACK) : spot.start()], text[spot.end() :]
    return bool(NEGATION.search(before) or OVER.search(after[:LOOK_BACK]))


def _feared(word: str, text: str) -> bool:
    """Tell whether a word is everywhere only feared or asked about (担心、是不是)."""
    starts = [spot.start() for spot in re.finditer(re.escape(word), text)]
    return all(FEAR.search(text[max(0, at - LOOK_BACK) : at]) for at in starts)


def group_words(text: str) -> list[str]:
    """Find words of a matter of many people (群体诉求)."""
    return list(dict.fromkeys(found[0] for found in GROUP.finditer(text)))


def threat_words(text: str) -> list[str]:
    """Find words of a threat to oneself or others (扬言), also where they are only hinted at."""
    return [word for tag in (SUICIDE, VIOLENCE) for word in said_in(_PATTERNS[tag], text)]
