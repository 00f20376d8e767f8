"""The same person twice in one file: a mistake in one list, right for the court's people in another town's.

And two people with one mobile number: a family's, or copied into the wrong row.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from roster.annex.facts import CheckedRow
from roster.annex.findings import Findings
from roster.choices import ErrorCode, WarningCode
from roster.phones import JOINER, is_mobile
from roster.rules import COURT_SEATS


def doubles_marked(rows: list[CheckedRow]) -> list[CheckedRow]:
    """A person's later row is an error; in another town's list it is right for court staff, else a warning."""
    numbers = [row.facts.id_number for row in rows if row.facts.id_number]
    return rows if len(set(numbers)) == len(numbers) else list(_marked(rows))


def _marked(rows: Iterable[CheckedRow]) -> Iterator[CheckedRow]:
    seen: dict[str, list[CheckedRow]] = {}
    for row in rows:
        number = row.facts.id_number
        if not number or row.left_out:
            yield row
            continue
        earlier = seen.setdefault(number, [])
        yield _double_marked(row, earlier) if earlier else row
        earlier.append(row)


def _double_marked(row: CheckedRow, earlier: list[CheckedRow]) -> CheckedRow:
    say = Findings(row.sheet, row.number, list(row.issues))
    if same := next((other for other in earlier if _stands_in_the_same_list(row, other)), None):
        message = f"{_place(same, row.sheet)}已经是这个身份证号码。同一个人只写一次。"
        if row.post.role in COURT_SEATS:
            message += "负责几个镇（街）的，写在备注里，如 负责太平镇、罗镜镇。"
        say.say(ErrorCode.DUPLICATE_IN_FILE, "id_number", message)
    elif row.post.role not in COURT_SEATS:
        where = _place(earlier[0], row.sheet)
        say.say(WarningCode.IN_TWO_TOWNS, "unit_and_duty", f"这个人在{where}也有，写入后两个镇（街）都有任职。")
    return row._replace(issues=say.in_order())


def shared_phones_told(rows: list[CheckedRow]) -> list[CheckedRow]:
    """A row whose mobile number stands with another person before it is warned of; an office's number is not asked."""
    numbers = [row.facts.phone for row in rows if row.facts.phone]
    together = JOINER.join(numbers)
    if together.count(JOINER) >= len(numbers):  # some cell has several
        numbers = together.split(JOINER)
    if len(set(numbers)) == len(numbers):
        return rows
    return list(_told(rows, {number for number, times in Counter(numbers).items() if times > 1}))


def _told(rows: Iterable[CheckedRow], shared: set[str]) -> Iterator[CheckedRow]:
    first: dict[str, CheckedRow] = {}
    for row in rows:
        phone = row.facts.phone
        if row.left_out or not (phone in shared or JOINER in phone):  # nearly every row
            yield row
            continue
        mobiles = [number for number in phone.split(JOINER) if number in shared and is_mobile(number)]
        others = [first.setdefault(number, row) for number in mobiles]
        other = next((one for one in others if one is not row and not _is_one_person(row, one)), None)
        yield _phone_told(row, other) if other else row


def _is_one_person(row: CheckedRow, other: CheckedRow) -> bool:
    if row.facts.id_number and other.facts.id_number:
        return row.facts.id_number == other.facts.id_number
    return row.facts.name == other.facts.name


def _phone_told(row: CheckedRow, other: CheckedRow) -> CheckedRow:
    say = Findings(row.sheet, row.number, list(row.issues))
    same = "是同一个手机号码" if row.facts.phone == other.facts.phone else "有一个手机号码相同"
    message = f"与{_place(other, row.sheet)}{same}。一家人合用的不用改，抄错行的请改。"
    say.say(WarningCode.PHONE_SHARED, "phone", message)
    return row._replace(issues=say.in_order())


def _stands_in_the_same_list(row: CheckedRow, other: CheckedRow) -> bool:
    if row.listed_under and other.listed_under:
        return row.listed_under == other.listed_under
    return row.sheet == other.sheet or set(row.towns) == set(other.towns)


def _place(row: CheckedRow, sheet: str) -> str:
    return f"第 {row.number} 行" if row.sheet == sheet else f"「{row.sheet}」第 {row.number} 行"
