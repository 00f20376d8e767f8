"""The columns of a ledger: what a header means, guessed from its words, and what people may choose it to be."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from core.spreadsheets import CellValue
from disputes.importing.words import first_of, words
from roster.annex.columns import plain_header

LEAVE_OUT, SERIAL = "", "serial"
FIELDS = {
    "registered_on": "登记（受理）日期",
    "village": "村（社区）",
    "case_type": "纠纷类型",
    "narrative": "经过",
    "applicant": "申请人",
    "applicant_id": "申请人证件号码",
    "applicant_phone": "申请人电话",
    "applicant_address": "申请人住址",
    "respondent": "被申请人",
    "respondent_id": "被申请人证件号码",
    "respondent_phone": "被申请人电话",
    "respondent_address": "被申请人住址",
    "parties": "双方当事人（写在一格）",
    "outcome": "结果或状态",
    "closed_on": "办结日期",
    "amount": "标的额",
    "source": "来源",
    "mediator": "调解员",
    "own_number": "原台账编号",
    "title": "纠纷名称或案由",
    "result_text": "协议或处理内容",
    "performance": "履行情况",
    "town": "镇（街）",
    "note": "备注",
}
JOINED = frozenset({"narrative", "title", "outcome", "result_text", "note"})  # several columns may be the same
LONG = frozenset({"narrative", "title"})  # of several lines
NEEDED = (("registered_on",), ("applicant", "parties"), ("narrative", "title"))
PARTIES = frozenset({"applicant", "respondent"})
STORY = frozenset(
    ["情况", "具体情况", "详细情况", "案件情况", "矛盾情况", "事件情况", "情况说明", "情况描述", "情况介绍", "情况概述",
     "事实经过", "纠纷经过", "案件经过"]
)  # fmt: skip
# what a header may say of a party without naming it: whose it is, the column on its left says
UNNAMED = frozenset(
    ["手机", "手机号", "手机号码", "电话", "电话号码", "联系电话", "联系手机", "联系方式", "联系号码",
     "身份证", "身份证号", "身份证号码", "身份证件号码", "证件号", "证件号码", "统一社会信用代码", "信用代码",
     "住址", "地址", "家庭住址", "家庭地址", "联系地址", "现住址", "住所"]
)  # fmt: skip
HEADER_LENGTH = 60
TEN_THOUSAND = "万"
Mapping_ = Mapping[str, str]


def header_words(value: CellValue) -> str:
    """A header cell as text of one line; "" for what cannot be a header."""
    text = " ".join(value.split()) if isinstance(value, str) else ""
    return text if len(text) <= HEADER_LENGTH else ""


@cache
def _exact() -> dict[str, str]:
    return {plain_header(word): field for field, known in words()["columns"].items() for word in known}


@cache
def guess(header: str) -> str:
    """The field a header names; LEAVE_OUT when it names none that we keep (age, nation)."""
    plain = plain_header(header)
    if not plain:
        return LEAVE_OUT
    if plain in _exact():
        field = _exact()[plain]
        return _one_side(header) or field if field == "parties" else field
    if plain in STORY:
        return "narrative"
    if side := first_of(words()["sides"], plain):
        return _of_side(side, plain)
    return _longest(plain)


def _one_side(header: str) -> str:
    """The side that 当事人（乙方） means; "" for a header that names both or neither."""
    named, rest = [], header
    for side, known in words()["sides"].items():  # the respondent's words first: 被申请 holds 申请
        if any(word in rest for word in known):
            named.append(side)
        for word in known:
            rest = rest.replace(word, "")
    return str(named[0]) if len(named) == 1 else ""


def _of_side(side: str, plain: str) -> str:
    """被申请人（乙方）手机号码 is the respondent's telephone; what else is said of a party is left out."""
    attribute = first_of(words()["attributes"], plain)
    if attribute is None:
        return LEAVE_OUT
    return f"{side}_{attribute}" if attribute else side


def _longest(plain: str) -> str:
    """The field of the longest known header of three and more characters inside this one."""
    inside = [(len(word), field) for word, field in _exact().items() if len(word) > 2 and word in plain]  # noqa: PLR2004
    return max(inside)[1] if inside else LEAVE_OUT


def beside_their_party(headers: Sequence[str]) -> list[str]:
    """申请人 | 手机 | 被申请人 | 手机 as 申请人 | 申请人手机 | 被申请人 | 被申请人手机.

    Such a header speaks of the nearest party on its left, with nothing but the like and what nobody knows between
    them (sex, age): after the mediator it is the mediator's, after both parties of one cell nobody knows whose.
    """
    found, party = [], ""
    for header in headers:
        field = guess(header)
        theirs = bool(party) and not field and plain_header(header) in UNNAMED
        found.append(f"{FIELDS[party]}{header}" if theirs else header)
        if field in PARTIES:
            party = field
        elif field and field.partition("_")[0] not in PARTIES:
            party = ""
    return found


def guesses(headers: Iterable[str]) -> int:
    """How many different fields these headers name: the row with the most is the header row."""
    return len({field for header in headers if (field := guess(header))} - {SERIAL})


def missing(chosen: Iterable[str]) -> list[str]:
    """Titles of the fields without which no dispute can be registered, none of the alternatives being there."""
    there = set(chosen)
    return ["或".join(FIELDS[field] for field in fields) for fields in NEEDED if there.isdisjoint(fields)]


def places(headers: Iterable[str], mapping: Mapping_) -> dict[str, list[int]]:
    """Field → columns (from 0) that carry it under the mapping (header → field); one only unless they are joined."""
    found: dict[str, list[int]] = {}
    for place, header in enumerate(headers):
        field = mapping.get(header, LEAVE_OUT)
        if field and (field in JOINED or field not in found):
            found.setdefault(field, []).append(place)
    return found


def in_ten_thousands(header: str) -> bool:
    """金额（万元）: the figures below it are of ten thousand."""
    return TEN_THOUSAND in header
