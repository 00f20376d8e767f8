"""The type of a row: its own column first, then 纠纷名称或案由, at last the story; and no word of a cause is lost."""

from typing import TYPE_CHECKING

from disputes import limits
from disputes.importing import cells
from disputes.importing.facts import Frame, Person

if TYPE_CHECKING:
    from disputes.importing.checking import Row

CAUSE_LENGTH = 12  # what is longer tells a story in which words of several types stand
SHOWN = 20
OTHER = "other"
BESIDE_NAMES = "与和诉等、，, \n"


def type_of(row: "Row", frame: Frame, people: tuple[Person, ...], story: str) -> str:
    """The case type, and where it was not simply read, from what it was told."""
    said, causes = row.text("case_type"), _causes(row, people)
    if found := cells.read_type(said, frame.types) if said else None:
        _look_for_another(row, frame, found, causes)
        return found
    unread = f"没有「{said[:SHOWN]}」这一类，" if said else ""
    for header, cause in causes:
        if found := cells.read_type(cause, frame.types):
            if unread or _plain(cause) != frame.types[found]:
                words = f"{unread}{header}写的是「{cause}」，按{frame.types[found]}登记。"
                row.look("case_type", "type_from_title", words)
            return found
    told = [said, *(line for _, line in _lines(row)), story]
    suggested = frame.suggest("。".join(dict.fromkeys(filter(None, told)))) if story else ""
    if suggested:
        unread = unread or (f"{causes[0][0]}看不出类型，" if causes else "没有写类型，")
        row.look("case_type", "type_suggested", f"{unread}由经过看是{frame.types[suggested]}。")
    return suggested


def told_with_cause(row: "Row", frame: Frame, people: tuple[Person, ...], *, story: str, case_type: str) -> str:
    """The story, before it what the row's title or cause says beyond the type's own name and the story itself."""
    named = frame.types.get(case_type, "")
    beside = [(header, line) for header, line in _lines(row) if line not in story]
    kept = [pair for pair in beside if _plain(_without_names(pair[1], people)) not in ("", named)]
    if not story or not kept:
        return story
    told = "\n".join([*(f"{header}：{line}" for header, line in kept), story])
    too_long = row.refused("narrative", "story_too_long", lambda: limits.check_story(told))
    return story if too_long else told


def _look_for_another(row: "Row", frame: Frame, found: str, causes: list[tuple[str, str]]) -> None:
    """Warn where the cause names types, and not the one that the column of types says."""
    for header, cause in causes:
        named = cells.types_in(cause, frame.types) - {OTHER}
        if named and found not in named:
            words = f"{header}写的是「{cause}」，和纠纷类型不同，按纠纷类型登记为{frame.types[found]}，请核对。"
            row.look("case_type", "type_differs", words)
            return


def _lines(row: "Row") -> list[tuple[str, str]]:
    """What the columns of names and causes say, line by line, each under its own header."""
    if "title" in row.typed:
        said = {row.header("title"): row.text("title")}
    else:
        places = row.places.get("title", ())
        said = {row.sheet.headers[place]: cells.text_of(row.rows[0].at(place)) for place in places}
    return [(header, line) for header, text in said.items() for line in text.split("\n") if line]


def _causes(row: "Row", people: tuple[Person, ...]) -> list[tuple[str, str]]:
    """The same without the parties' names, where what is left is short enough to be a cause."""
    found = [(header, _without_names(line, people)) for header, line in _lines(row)]
    return [(header, cause) for header, cause in found if cause and len(_plain(cause)) <= CAUSE_LENGTH]


def _without_names(title: str, people: tuple[Person, ...]) -> str:
    for one in sorted(people, key=lambda one: -len(one.name)):  # 示例甲乙 before 示例甲
        title = title.replace(one.name, "")
    return title.strip(BESIDE_NAMES)


def _plain(cause: str) -> str:
    return cause.removesuffix("纠纷")
