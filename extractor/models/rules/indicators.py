"""The two halves of a name: what is measured, and the sector or firm that it is measured of."""

from __future__ import annotations

import re
from typing import TypeAlias

from extractor.models.rules.document import Language
from extractor.records.indicators import indicator_code

Parts: TypeAlias = tuple[str | None, str | None]
"""An indicator and a subject, each None if unsaid."""

NOTHING = re.compile(
    r"(?:it|this|he|they|we|which|growth rates?|growth|rate|increase|decrease|the figure|city|"
    r"province|"
    r"county|district|park|zone|region|area|country|figure|total|number|rise|drop|decline|average|"
    r"year-on-year|average annual|annual average|which are|than|although|"
    r"equal|so|such|made|measured|"
    r"calculated (?:at|by|in|on) .*|"
    r"compared(?: with| to)?|at (?:constant|comparable) prices|in (?:real|nominal) terms|"
    r"(?:its|the) (?:growth|decline|increase|decrease|drop|rise)|按\S{2,5}价格?计算|"
    r"与?(?:上年|去年)?同期相比|增速|增幅|增长|新增|同比|其|该|\W+)?",
    re.IGNORECASE,
)
"""Words that name nothing: what was told before is meant."""
# The firms or the size that a series is of belong to the indicator, not to the subject.
_UNIVERSE = re.compile(
    r"regulated industr|regulation|designated size|above[- ]?scale|above the scale|certain size|"
    r"^(?:the )?industr(?:y|ial|ies)$|whole society|per capita|全社会|规模以上|规上|人均",
    re.IGNORECASE,
)
_STRIVING = re.compile(
    r"(?:^|\s)(?:will\s)?(?:will|striv\w+|plan\w*|aim\w*)(?:\sto)?$", re.IGNORECASE
)
# The industry of a place at large, and no branch of it.
_WHOLE = re.compile(
    r"(?:规模以上|规上)工业(?:企业)?|(?:regulated|above[- ]scale) industr(?:y|ies|ial enterprises)|"
    r"industrial enterprises above (?:the )?designated size",
    re.IGNORECASE,
)
_SECTOR = re.compile(
    r"(?:industr(?:y|ies)|sector|manufacturing|enterprises|equipment|products?|vehicles?|"
    r"materials?|"
    r"economy|companies|group|cluster|chain|services?|processing|machinery)$",
    re.IGNORECASE,
)
_ACHIEVED = re.compile(
    r"(?P<subject>.*?)\s*(?:\b(?:achieved?|realized?|realised?|completed?|recorded|had|saw)\b|"
    r"实现|完成)了?\s*"
    r"(?P<indicator>.+)$"
)
_ARTICLE = re.compile(r"^(?:an?|the|its|their|了|a total of|cumulative)\s+|\s+(?:of|worth)$")
_EN_HEAD = re.compile(
    r"\b(?:(?:total|gross|main|operating|business|sales|tax|retail|export|import|industrial|"
    r"fixed[- ]asset|foreign|trade|general|public|budget|per|capita|disposable|power|"
    r"electricity)\s+)*"
    r"(?:added value|value added|output value|output|income|revenues?|sales(?: volume)?|profits?|"
    r"tax(?:es)?|investment|exports?(?: value| volume)?|imports?(?: value| volume)?|"
    r"imports? and exports?|consumption|volume|balance|deposits|loans|orders|turnover|production|"
    r"prices?|throughput|expenses|expenditures?|surplus|deficit|index|transactions|shipments|"
    r"deliveries|capacity|employment|wages|yields?|traffic|arrivals|indicators|value|payrolls?|"
    r"freight|amount|charges|rents?|costs?|fees|spending|lending|electricity|registrations|rates?|"
    r"(?<=new )businesses|gst|vat|pm2\.5)\b",
    re.IGNORECASE,
)
_QUANTITY = re.compile(
    r"(?:total )?(?:number|proportion|share|amount|volume|value|quantity|retail total) of\b",
    re.IGNORECASE,
)
_OF = re.compile(r"\s*(?:of|in|for|from)\s+(?:the\s+)?(?P<subject>.+)$", re.IGNORECASE)
_OWNER = re.compile(r"[’'‘]\s?s?\s*$")
_ZH_HEAD = re.compile(
    r"(?:工业|规上工业|规模以上工业|主营业务|营业|销售|固定资产|技改|民间|制造业|基础设施|"
    r"房地产开发|货物|社会消费品|"
    r"限上|一般公共预算|全部)?"
    r"(?:增加值|总产值|产值|收入|销售额|利润总额|利润|税收|利税|投资额|投资|出口额|出口值|"
    r"进出口总额|进出口总值|"
    r"进出口额|进出口|出口|进口|零售总额|零售额|用电量|产量|销量|余额|订单|成交额|交易额|户数|"
    r"总值|总额|货运量|"
    r"吞吐量|贷款|存款|担保额|电量|订单量|价格|保费|发电量|数量)$"
)
# "those of its auto parts": the indicator told before, of another subject.
_THOSE_OF = re.compile(r"(?:that|those) of (?:its |their |the )?", re.IGNORECASE)
_ZH_GROWTH = re.compile(r"(?:增速|增幅|增长)$")


def split_name(name: str, lang: Language, inherited: Parts) -> Parts:
    """Indicator and subject of a name.

    Args:
        name: the words that say what is measured.
        lang: their language.
        inherited: the indicator and subject told before; a bare subject takes that indicator.
    """
    name = _ZH_GROWTH.sub("", name) or name
    if those := _THOSE_OF.match(name):
        return inherited[0], name[those.end() :]
    if NOTHING.fullmatch(name):
        return inherited
    achieved = _ACHIEVED.fullmatch(name)
    if not achieved and indicator_code(name):
        return name, None
    if achieved:
        indicator = _ARTICLE.sub("", achieved["indicator"].strip())
        own, inner = split_name(indicator, lang, inherited)
        subject = _ARTICLE.sub("", achieved["subject"].strip())
        subject = _STRIVING.sub("", subject)
        if _WHOLE.fullmatch(subject):
            return f"{subject}{'' if lang == 'zh' else ' '}{indicator}", None
        return own or indicator, inner or (None if NOTHING.fullmatch(subject) else subject)
    split = (_split_zh if lang == "zh" else _split_en)(name)
    if split is None:
        return inherited[0], name
    return split


def _split_en(name: str) -> tuple[str, str | None] | None:
    if _QUANTITY.match(name):
        return name, None
    heads = list(_EN_HEAD.finditer(name))
    if not heads:
        return None
    of = _OF.match(name, heads[0].end())
    if of:
        subject = of["subject"].strip()
        if _UNIVERSE.search(subject) or name[: heads[0].start()].strip():
            return name, None
        return heads[0].group(), subject
    before = name[: heads[-1].start()]
    subject = _OWNER.sub("", before.strip()).strip()
    if not subject or _UNIVERSE.search(subject):
        return name, None
    is_owner = _SECTOR.search(subject) or _OWNER.search(before)
    return (name[heads[-1].start() :], subject) if is_owner else (name, None)


def _split_zh(name: str) -> tuple[str, str | None] | None:
    match = _ZH_HEAD.search(name)
    if match is None:
        return None
    subject = name[: match.start()].rstrip("的")
    return (match.group(), subject) if subject and not _UNIVERSE.search(subject) else (name, None)
