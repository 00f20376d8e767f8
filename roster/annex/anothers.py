"""Rows about somebody whose facts are not the uploader's to write, or whom they do not see; pure.

A town's officer learns from a row no more than that the number is in the roster. What of the row is not taken is said:
of a person they see, what differs; of another, all of it, as what differs would tell what the roster has. So it is
where the row is taken: a right guess looks like a wrong one. Who mediates for another town is taken in by nobody who
keeps this one: a seat here would open all the roster has of them.
"""

from collections.abc import Callable

from roster.annex.facts import CheckedRow
from roster.annex.findings import TITLES
from roster.annex.plan import FILLED, Known, PlannedRow, block, with_warning, without_warning
from roster.choices import RowResult, WarningCode
from roster.names import tidy_name
from roster.rules import serves_only_others

HIDDEN = "（原来的不显示）"
OTHER_NAME = "名册中登记的姓名与本行不同，请核对身份证号码。确实改了名的，请管理员或司法局先更正名册。"
NOT_WRITTEN = "身份证号码和姓名对不上，这一行没有写。"
SERVES_ELSEWHERE = (  # which town is not theirs to know
    "这个号码的人现在在别的镇（街）任职。请那边先登记离任，或者请管理员、司法局登记。"
)
SEES_TOO = "这个人也在别的镇（街）任职，资料由管理员或司法局改"
NOT_SEEN = "名册里已有这个人，资料以名册登记的为准"
NO_SEAT = "看不出岗位，没有登记任职。选定岗位以后才登记。"
OF_THEIR_SEATS = (WarningCode.NAME_DIFFERS, WarningCode.IN_TWO_TOWNS, WarningCode.NOT_ONES_OWN)
KEPT_BY_OTHERS = ("unit_and_duty", "registered_address", "contact_address", "phone", "note")


def kept_to_ones_own(row: PlannedRow, person: Known, covers: Callable[[str], bool]) -> PlannedRow:
    """The row without what the uploader may not write; `covers` says which towns are theirs."""
    is_seen = any(covers(term.town_code) for term in person.terms)
    is_shared = any(term.until is None and not covers(term.town_code) for term in person.terms)
    if is_seen and not is_shared:
        return row
    if row.checked.facts.name != tidy_name(person.facts.name):
        said = with_warning(_without_their_seats(row.checked), WarningCode.NAME_DIFFERS, OTHER_NAME, "姓名")
        return block(row._replace(checked=said), NOT_WRITTEN)
    if serves_only_others([(term.role, term.town_code) for term in person.terms if term.until is None], covers):
        return block(row._replace(checked=_without_their_seats(row.checked)), SERVES_ELSEWHERE)
    if is_shared or not row.steps:
        differing = [change.field for change in row.changes]
        return _without_facts(row, differing if is_seen else _written(row.checked), SEES_TOO if is_seen else NOT_SEEN)
    return row._replace(unshown=_brought(row.checked))


def _without_their_seats(row: CheckedRow) -> CheckedRow:
    """Without what speaks of the number's owner, and of what is not written now."""
    for code in OF_THEIR_SEATS:
        row = without_warning(row, code)
    return row


def _written(row: CheckedRow) -> list[str]:
    facts = row.facts.as_dict()
    return [name for name in KEPT_BY_OTHERS if facts[name]]


def _brought(row: CheckedRow) -> tuple[str, ...]:
    """What the row says of somebody besides name and number, which are the roster's word for word."""
    filled = {FILLED[issue.code] for issue in row.issues if issue.code in FILLED}
    facts = row.facts.as_dict()
    return tuple(name for name, value in facts.items() if value and name not in {"name", "id_number", *filled})


def _without_facts(row: PlannedRow, fields: list[str], why: str) -> PlannedRow:
    """Only the seat is this uploader's to write."""
    checked = row.checked
    if not row.steps and not checked.post.role:  # the warning stays: where it is, the post can be chosen
        checked = without_warning(checked, WarningCode.ROLE_UNCLEAR)
        checked = with_warning(checked, WarningCode.ROLE_UNCLEAR, NO_SEAT, "所在单位及职务")
    if fields:
        said = f"{why}：这一行的{'、'.join(TITLES[name] for name in fields)}没有采用。"
        checked = with_warning(checked, WarningCode.FACTS_NOT_TAKEN, said, "姓名")
    result = RowResult.UPDATED if row.steps else RowResult.UNCHANGED
    return row._replace(checked=checked, result=result, changes=())
