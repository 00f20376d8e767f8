"""Towns a judge's note named and names no more: nobody leaves by a list, so the terms there stay, and that is said."""

import re
from collections.abc import Collection, Mapping

from roster.annex.facts import Issue
from roster.annex.plan import Known, PlannedRow
from roster.choices import WarningCode
from roster.rules import COURT_SEATS
from roster.towns import RESPONSIBLE, TOWN_SUFFIX, Gazetteer

BETWEEN_CLAUSES = re.compile(r"^[\s，,、；;。]+|[\s，,、；;。]+$")


def still_served_said(
    rows: Collection[PlannedRow], known: Mapping[str, Known], gazetteer: Gazetteer
) -> list[PlannedRow]:
    """The rows; where a new note leaves out towns in which the person goes on serving, that is said at it."""
    return [_said(row, known, gazetteer) if row.changes and row.change_of("note") else row for row in rows]


def _said(row: PlannedRow, known: Mapping[str, Known], gazetteer: Gazetteer) -> PlannedRow:
    checked, change = row.checked, row.change_of("note")
    person = known.get(checked.facts.id_number)
    if person is None or change is None or checked.post.role not in COURT_SEATS:
        return row
    held = {term.town_code for term in person.terms if term.until is None} - {*checked.towns}
    staying = tuple(town for town in gazetteer.noted_towns(change.old) if town in held)
    if not staying:
        return row
    names = gazetteer.names(staying)
    message = f"备注里没有再写{names}，那里的任职照旧：名单不会让人离任。不再负责的，请到本人页面登记离任。"
    said = Issue(WarningCode.STILL_SERVES, message, checked.sheet or None, checked.number, "备注", staying)
    return row._replace(checked=checked._replace(issues=(*checked.issues, said)))


def what_goes(old: str, row: PlannedRow, towns: Mapping[str, str]) -> str:
    """What a new note takes out of the old one: the towns where the person goes on serving are not taken away."""
    if row.checked.post.role not in COURT_SEATS:
        return old
    said = next((issue.candidates for issue in row.checked.issues if issue.code == WarningCode.STILL_SERVES), ())
    stays = [TOWN_SUFFIX.sub("", towns[town]) for town in (*row.checked.towns, *said) if town in towns]
    if parts := Gazetteer(towns, {}).listed_in_note(old):
        return "、".join(part for part in parts if not any(name in part for name in stays))
    rest = RESPONSIBLE.sub(lambda clause: "" if any(name in clause.group() for name in stays) else clause.group(), old)
    return BETWEEN_CLAUSES.sub("", rest)
