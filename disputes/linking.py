"""Which dispute may stand under which. Pure: two levels and no more, so that no circle can close."""

from dataclasses import dataclass

from disputes.workflow import Refusal

CHILD_MERGED = ("已经并入他件的，不能再关联。", "请在并入的那一件里关联。")
PARENT_MERGED = ("已经并入他件的，不能再关联。", "请关联到并入的那一件。")


@dataclass(frozen=True)
class Place:
    """A dispute among its links: its key, the key of what it stands under, whether others stand under it."""

    key: int
    parent: int | None = None
    has_children: bool = False
    merged: bool = False
    above: str = ""  # the code of what it stands under, for whom may see that


def why_not_link(child: Place, parent: Place) -> Refusal | None:
    """Why `child` cannot stand under `parent`; None when it can."""
    if child.key == parent.key:
        return "一件不能关联到它自己。", "请写另一件的编号。"
    if refusal := why_not_under_any(child):
        return refusal
    if parent.parent is not None:
        return "那一件自己也关联在别的一件下面。", f"请关联到它上面的主件{' ' if parent.above else ''}{parent.above}。"
    return PARENT_MERGED if parent.merged else None


def why_not_under_any(child: Place) -> Refusal | None:
    """Why `child` cannot stand under any dispute, whichever it is; None when it can."""
    if child.parent is not None:
        return "本件已经关联在另一件下面。", "要换的，请先解除原来的关联。"
    if child.has_children:
        return "本件下面已经有关联的纠纷，不能再放到别的一件下面。", "请反过来，把那一件关联到本件。"
    return CHILD_MERGED if child.merged else None
