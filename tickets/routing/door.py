"""The five outcomes at the door (来电分流), suggested with their words; an agent confirms."""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import TextChoices

from tickets.routing.hazards import said_in

if TYPE_CHECKING:
    from collections.abc import Sequence


class Outcome(TextChoices):
    """What is done with a demand at the door."""

    ACCEPT = "accept", "受理"
    EMERGENCY = "emergency", "转紧急热线"
    STATUTORY = "statutory", "告知法定途径"
    EXPLAIN = "explain", "解释说明"
    MALICIOUS = "malicious", "恶意骚扰"


ABUSE_UP_TO = 60
"""Longer words that swear still tell a matter: the citizen is angry, not malicious."""
_PLAIN = r"[^，。；！？\n]"
LINES = {
    "119": r"起火|着火|失火|火灾(?!报警器|险|隐患)|爆炸(?!螺丝)|烧起来|困在(?:电梯|火)|困在里面"
    r"|(?:煤气|燃气|天然气|液化气)[^，。；！？\n]{0,4}泄[漏露]",
    "120": r"昏迷|晕倒|昏倒|不省人事|没有?呼吸|大出血|心脏骤停|急救|煤气中毒|食物中毒|溺水|抽搐"
    r"|喝(?:了)?农药|割腕",
    "110": r"持刀|拿刀|拿着刀|抢劫|绑架|杀人|砍人|砍死|正在(?:打|被打|家暴)|打起来|打架|入室"
    rf"|要跳楼|想跳楼|跳楼(?!价|机|大?甩)|轻生|自杀|寻短见|不想活|被跟踪|泼汽油|同归于尽|走失{_PLAIN}{{0,6}}(?:老人|孩子)"
    rf"|(?:老人|孩子){_PLAIN}{{0,6}}走失",
    "122": r"车祸|撞了?人|撞到人|被车撞|追尾|肇事逃逸|交通事故(?!认定|责任|赔偿|处理|证明|科|多发)",
}
STATUTORY = (
    (
        "诉讼",
        r"已经?起诉|正在(?:打官司|诉讼)|不服.{0,6}判决|法院.{0,4}(?:判决|判了|裁定|不执行|执行局)|申请再审|上诉",
    ),
    ("仲裁", r"(?:劳动|人事|商事)?仲裁(?:裁决|已经|已受理|不服|结果)|不服.{0,6}(?:仲裁|裁决)"),
    ("行政复议", r"行政复议|不服.{0,10}(?:处罚|行政决定|处罚决定)"),
    ("纪检监察", r"纪委|监委|巡视组|(?:贪污|受贿|行贿|挪用公款|买官卖官|以权谋私)"),
    ("信访", r"信访(?:局|部门)?.{0,6}(?:已受理|已答复|复查|复核|终结|意见书)|(?:复查|复核)意见"),
    ("政府信息公开", r"(?:申请|依申请).{0,6}信息公开"),
)
EXPLAIN = (
    (
        "涉及他人隐私",
        rf"(?:查|告诉|提供|给我)(?:一下|我)?{_PLAIN}{{0,8}}(?:别人|他人|邻居|前[夫妻]|老公|老婆|对方|那个人)"
        rf"{_PLAIN}{{0,8}}(?:电话|手机号|住址|地址|身份证|行踪|开房|银行|住哪)",
    ),
    ("涉及秘密", r"国家秘密|军事秘密|商业秘密|工作秘密|部队.{0,6}(?:番号|部署)"),
    ("不属本市", r"(?:外地|外省|外市|别的城市|其他城市)的(?:事|问题|情况)"),
    (
        "违法要求",
        r"(?:帮我?|能不能)(?:办|弄|搞)(?:个)?假|开(?:个)?假(?:证明|发票)|代孕|买枪|私家侦探",
    ),
    (
        "无新事实",
        r"已经?(?:多次)?(?:书面)?答复.{0,8}(?:不满意|不认可|不接受)|同一(?:件事|事项).{0,6}(?:反复|再次)",
    ),
)
MALICIOUS = re.compile(
    r"傻[逼比叉×]|操你|草你|你妈的?|他妈的|王八蛋|去死吧|滚蛋|狗东西|日你|你们都是(?:废物|饭桶|垃圾)"
    r"|打着玩|闲着没事|陪我聊|无聊.{0,6}打(?:个)?电话|美女.{0,6}(?:声音|聊|约)"
)
_LINES = {line: re.compile(pattern) for line, pattern in LINES.items()}
_STATUTORY = [(way, re.compile(pattern)) for way, pattern in STATUTORY]
_EXPLAIN = [(why, re.compile(pattern)) for why, pattern in EXPLAIN]


@dataclass(frozen=True)
class Door:
    """What is suggested at the door, and the words that say so."""

    outcome: str = Outcome.ACCEPT
    where: str = ""
    """The emergency line, the statutory path, or what is to be explained."""
    words: list[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        """Name the outcome (分流结论)."""
        return f"{Outcome(self.outcome).label}{f' {self.where}' if self.where else ''}"

    @property
    def unusual(self) -> bool:
        """Tell whether it is anything but to accept."""
        return self.outcome != Outcome.ACCEPT


def door_of(text: str) -> Door:
    """Suggest what to do at the door (来电分流建议); the gravest that the words name."""
    for line, pattern in _LINES.items():
        words = said_in(pattern, text)
        if words:
            return Door(Outcome.EMERGENCY, line, words)
    for outcome, table in ((Outcome.STATUTORY, _STATUTORY), (Outcome.EXPLAIN, _EXPLAIN)):
        found = _first(table, text)
        if found:
            return Door(outcome, *found)
    abuse = list(dict.fromkeys(MALICIOUS.findall(text)))
    return Door(Outcome.MALICIOUS, "", abuse) if abuse and len(text) <= ABUSE_UP_TO else Door()


def _first(
    table: "Sequence[tuple[str, re.Pattern[str]]]", text: str
) -> tuple[str, list[str]] | None:
    for name, pattern in table:
        words = list(dict.fromkeys(spot[0] for spot in pattern.finditer(text)))
        if words:
            return name, words
    return None
