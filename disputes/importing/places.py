"""The village of a row: from its own column, else from an address or the story, else the one chosen for the file."""

from functools import lru_cache
from typing import TYPE_CHECKING

from disputes.importing.facts import Frame

if TYPE_CHECKING:
    from disputes.importing.checking import Row

Names = tuple[tuple[str, str], ...]
COMMUNITY, VILLAGE = "社区", "村"


def village_of(row: "Row", frame: Frame, story: str) -> str:
    """The code of the village; "" where none can be told, which is wrong at the column."""
    names = tuple(frame.villages.items())
    said = row.text("village")
    found = _named(names, said) if said else _from_elsewhere(row, frame, names, story)
    if found:
        return found
    if said:
        words = f"{frame.town_name}没有这个村（社区）"
        if frame.village:
            row.look("village", "village_unclear", f"{words}，按{frame.villages[frame.village]}计。")
        else:
            row.wrong("village", "village_unclear", f"{words}。请写全名，或在对列时选定一个。")
    elif not frame.village:
        row.wrong("village", "village_missing", "没有写村（社区）。请补上，或在对列时选定一个。")
    return frame.village


def _from_elsewhere(row: "Row", frame: Frame, names: Names, story: str) -> str:
    texts = {field: row.text(field) for field in ("applicant_address", "respondent_address", "title")}
    for field, text in (texts | {"narrative": story}).items():
        if text and (found := _named(names, text)):
            row.look(field, "village_found", f"没有写村（社区），由这一格看是{frame.villages[found]}。")
            return found
    return ""


def _named(villages: Names, text: str) -> str:
    """The one village whose name stands in the text; of several the longest name decides, else none."""
    found = [(len(form), code) for form, code in _forms(villages) if form in text]
    longest = {code for length, code in found if length == max(found)[0]}
    return longest.pop() if len(longest) == 1 else _bare(villages, text)


def _bare(villages: Names, text: str) -> str:
    """石牌 alone, in a cell that holds nothing else."""
    stem = text.strip().removesuffix("委会")
    alone = {code for code, name in villages if name.removesuffix(VILLAGE).removesuffix(COMMUNITY) == stem}
    return alone.pop() if len(alone) == 1 else ""


@lru_cache(maxsize=32)
def _forms(villages: Names) -> tuple[tuple[str, str], ...]:
    """How villages are written: 石牌村 (also in 石牌村委会), 太平社区 or 太平居委会."""
    return tuple(
        (form, code)
        for code, name in villages
        for form in (name, f"{name.removesuffix(COMMUNITY)}居委" if name.endswith(COMMUNITY) else name)
    )
