"""What sort of demand the words sound like (诉求类型建议), with the words that say so."""

import re

from tickets.workflow import Kind

SIGNS = (
    (Kind.REPORT, r"举报|揭发|检举|实名反映.{0,6}(?:违法|违纪)|吃拿卡要|行贿|受贿|贪污|偷工减料"),
    (
        Kind.PRAISE,
        r"表扬|锦旗|点个?赞|致谢|(?:非常|十分|特别)?感谢.{0,12}(?:师傅|同志|工作人员|帮助|书记|民警|医生|老师)",
    ),
    (
        Kind.COMPLAINT,
        r"投诉|不作为|乱收费|态度(?:恶劣|很?差|不好)|扰民|推诿|没有?人(?:管|处理)|不合理|严重影响|不满意",
    ),
    (Kind.ADVICE, r"建议|能否增[设加]|希望(?:能够?|可以)?增[设加]|倡议"),
    (
        Kind.CONSULT,
        r"咨询|请问|想问|(?:想|需要)了解|怎么办理?|如何办理|(?:需要)?(?:什么|哪些)(?:材料|手续|条件)"
        r"|什么时候能|多长时间|多久能|在哪里?办",
    ),
    (
        Kind.HELP,
        r"求助|帮忙|帮帮|请求帮助|救救|麻烦.{0,6}(?:修|处理|看|派)|请.{0,6}(?:派人|来修|维修)",
    ),
)
_PATTERNS = [(kind, re.compile(pattern)) for kind, pattern in SIGNS]


def kind_of(text: str) -> tuple[str, list[str]]:
    """Guess the kind (类型建议) and name its words; the graver kind wins, "" if nothing says."""
    for kind, pattern in _PATTERNS:
        words = list(dict.fromkeys(found[0] for found in pattern.finditer(text)))
        if words:
            return kind, words
    return "", []
