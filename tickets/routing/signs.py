"""Who speaks and what special form the demand has (人群与特殊情形), with the words that say so."""

import re

from tickets.routing.hazards import group_words, hazard_of, threat_words

LABELS = {
    "enterprise": "企业诉求",
    "wages": "欠薪",
    "group": "群体诉求",
    "threat": "扬言",
    "hazard": "险情",
    "elderly": "老年人",
    "disabled": "残疾人",
    "minor": "未成年人",
    "soldier": "军人军属",
    "migrant": "农民工",
    "foreigner": "外籍人士",
    "anonymous": "匿名",
    "confidential": "要求保密",
}
PATTERNS = {
    "enterprise": r"我们?(?:公司|企业|厂里?|工厂)|我司|本公司|我企业|营商环境"
    r"|(?:公司|企业|厂)的?(?:负责人|法人|老板|经理)",
    "wages": r"欠薪|讨薪|薪资纠纷|(?:拖欠|克扣|欠着?|不发|没发|未发|讨要|不给|不结)"
    r".{0,8}(?:工资|工钱|薪水|劳务费|血汗钱)"
    r"|(?:工资|工钱|薪水|劳务费).{0,10}(?:拖欠|没发|不发|没给|不给|未发|未结|没结|要不到|拿不到|欠着|被拖)",
    "elderly": r"老人|老年人|老太太|老大爷|老奶奶|老爷爷"
    r"|独居老|[七八九]十多?岁|(?:6\d|7\d|8\d|9\d)岁",
    "disabled": r"残疾|残障|轮椅|盲人|聋哑|失明|肢残",
    "minor": r"未成年|小孩|孩子|儿童|婴儿|幼儿|小学生|中学生",
    "soldier": r"军人|军属|退役|退伍|烈属|现役",
    "migrant": r"农民工|外来务工|工友",
    "foreigner": r"外国人|外籍|外教|留学生|外宾|台胞|港澳居民",
}
_COMPILED = {sign: re.compile(pattern) for sign, pattern in PATTERNS.items()}
Signs = dict[str, list[str]]


def signs_of(text: str, *, confidential: bool = False, anonymous: bool = False) -> Signs:
    """Find the signs of a demand (特殊情形): sign → the words that say so, none for a mere fact."""
    found = {
        sign: list(dict.fromkeys(spot[0] for spot in pattern.finditer(text)))
        for sign, pattern in _COMPILED.items()
    }
    found |= {
        "group": group_words(text),
        "threat": threat_words(text),
        "hazard": hazard_of(text).words,
    }
    facts = {"anonymous": anonymous, "confidential": confidential}
    return {sign: words for sign, words in found.items() if words} | {
        sign: [] for sign, true in facts.items() if true
    }
