"""The parties of a row: names of one cell or of several rows, each with the number that belongs to it."""

from datetime import date
from typing import TYPE_CHECKING

from core.errors import Refused
from core.spreadsheets import CellValue
from disputes import limits
from disputes.choices import Side
from disputes.identity import read_identity, read_name, read_phone
from disputes.importing import cells
from disputes.importing.facts import Person
from roster.annex.cells import DIGITS_KEPT
from roster.id_card import precision_lost

if TYPE_CHECKING:
    from disputes.importing.checking import Row

ADDRESS_LENGTH = 200


def people_of(row: "Row", today: date) -> tuple[Person, ...]:
    """Everybody the row names, applicants first."""
    first, second = _named(row)
    if not first:
        row.wrong("applicant" if "applicant" in row.places else "parties", "applicant_missing", "没有申请人的姓名。")
    found = _of_side(row, Side.APPLICANT, first, today) + _of_side(row, Side.RESPONDENT, second, today)
    _check_together(row, found)
    return tuple(found)


def _named(row: "Row") -> tuple[list[str], list[str]]:
    """The names of both sides; from the one cell of both where the side has none of its own."""
    own = {side: [name for cell in row.texts(side) for name in cells.names_in(cells.text_of(cell))] for side in Side}
    both = row.text("parties")
    if both and not own[Side.APPLICANT]:
        first, second = cells.two_sides(both)
        return cells.names_in(first), own[Side.RESPONDENT] or cells.names_in(second)
    return own[Side.APPLICANT], own[Side.RESPONDENT]


def _of_side(row: "Row", side: Side, names: list[str], today: date) -> list[Person]:
    field = side.value if side.value in row.places else "parties"
    told = [_without_others(row, field, name) for name in names]
    numbers = _beside(row, f"{side}_id", len(told), "证件号码")
    phones = _beside(row, f"{side}_phone", len(told), "电话")
    address = row.text(f"{side}_address").replace("\n", " ")[:ADDRESS_LENGTH]
    found = []
    for place, typed in enumerate(told):
        try:
            name = read_name(typed)
        except Refused as refused:
            row.wrong(field, "name_invalid", str(refused))
            continue
        kind = cells.kind_of(name)
        found.append(
            Person(
                side=side,
                name=name,
                kind=kind,
                id_number=_number(row, f"{side}_id", kind, numbers[place], today),
                phone=_phone(row, f"{side}_phone", phones[place]),
                address=address if place == 0 else "",
            )
        )
    return found


def _without_others(row: "Row", field: str, name: str) -> str:
    plain = cells.without_others(name)
    if plain != name:
        row.look(field, "others_not_named", f"「{name}」只登记「{plain}」，其他人请在这一件里补充。")
    return plain


def _beside(row: "Row", field: str, people: int, called: str) -> list[str]:
    """The numbers of a field, one for each person of the side; one alone is the first person's.

    Of several telephones of one person the first is taken, as a party has one.
    """
    found = [text for cell in row.texts(field) for text in _numbers(row, field, cell)]
    if len(found) <= 1 or len(found) == people:
        return [*found, *[""] * (people - len(found))]
    if people == 1 and field.endswith("_phone"):
        row.look(field, "first_phone_only", f"电话有 {len(found)} 个，只登记第一个，其余的请写进经过。")
        return found[:1]
    if people:
        row.wrong(field, "numbers_unmatched", f"{called}有 {len(found)} 个，人有 {people} 个，对不上。请一人一个。")
    return [""] * people


def _numbers(row: "Row", field: str, cell: CellValue) -> list[str]:
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= DIGITS_KEPT:
        row.wrong(field, "id_precision_lost", precision_lost().message)
        return []
    return cells.names_in(cells.text_of(cell))


def _number(row: "Row", field: str, kind: str, text: str, today: date) -> str:
    if _is_only_masked(row, field, text):
        return ""
    try:
        return read_identity(kind, text, today=today).number
    except Refused as refused:
        row.wrong(field, "id_invalid", str(refused))
        return ""


def _phone(row: "Row", field: str, text: str) -> str:
    if _is_only_masked(row, field, text):
        return ""
    try:
        return read_phone(text)
    except Refused as refused:
        row.wrong(field, "phone_invalid", str(refused))
        return ""


def _is_only_masked(row: "Row", field: str, text: str) -> bool:
    if not text or not cells.is_masked(text):
        return not text
    row.look(field, "mask_ignored", "号码打了星号，没有采用。")
    return True


def _check_together(row: "Row", found: list[Person]) -> None:
    field = Side.APPLICANT.value if Side.APPLICANT.value in row.places else "parties"
    keys = [one.id_number or f"{one.side} {one.name}" for one in found]
    if twice := next((one.name for place, one in enumerate(found) if keys[place] in keys[:place]), None):
        row.wrong(field, "party_twice", f"「{twice}」写了两次。同名的两个人，请填上证件号码区分。")
    if len(found) > limits.PARTIES_MAX:
        row.wrong(field, "too_many_parties", f"一件纠纷最多 {limits.PARTIES_MAX} 名当事人，请分件登记。")
