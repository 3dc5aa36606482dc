"""What sort of demand the words sound like (诉求类型建议), with the words that say so."""

import re

from tickets.workflow import Kind

SIGNS = (
    (Kind.REPORT, r"举报|揭发|检举|实名反映.{0,6}(?:违法|违纪)|吃拿卡要|行贿|受贿|贪污"),
    (Kind.PRAISE, r"表扬|锦旗|点个?赞|致谢|非常感谢.{0,12}(?:师傅|同志|工作人员|帮助)"),
    (Kind.COMPLAINT, r"投诉|不作为|乱收费|态度恶劣|扰民|推诿|没人管|不合理|严重影响"),
    (Kind.ADVICE, r"建议|能否增设|希望增设|倡议"),
    (Kind.CONSULT, r"咨询|请问|想问|怎么办理|如何办理|需要什么材料|什么条件|什么时候能"),
    (Kind.HELP, r"求助|帮忙|帮帮|请求帮助|救救"),
)
_PATTERNS = [(kind, re.compile(pattern)) for kind, pattern in SIGNS]


def kind_of(text: str) -> tuple[str, list[str]]:
    """Guess the kind (类型建议) and name its words; the graver kind wins, "" if nothing says."""
    for kind, pattern in _PATTERNS:
        words = list(dict.fromkeys(found[0] for found in pattern.finditer(text)))
        if words:
            return kind, words
    return "", []
