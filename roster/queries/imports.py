"""Uploads that a user may open, and their rows."""

from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from core.access import require
from core.models import Division, User
from roster.models import RosterImport, RosterImportRow

TOWNS_NAMED = 3


def import_for(user: User, import_id: UUID) -> RosterImport:
    """An upload the user may open: their own, or any for an admin. Raises NotAllowed, Http404."""
    require(user, "roster.import")
    visible = RosterImport.objects.visible_to(user).defer("content").select_related("town", "uploaded_by")
    return get_object_or_404(visible, pk=import_id)


def import_rows(upload: RosterImport, *, result: str = "", to_look_at: bool = False) -> QuerySet[RosterImportRow]:
    """The upload's rows, all or those of one result or those to be looked at."""
    rows = RosterImportRow.objects.filter(upload=upload)
    if to_look_at:
        return rows.filter(to_look_at=True)
    return rows.filter(result=result) if result else rows


def import_row_for(upload: RosterImport, place: int) -> RosterImportRow:
    return get_object_or_404(RosterImportRow, upload=upload, place=place)


def recent_imports(user: User, limit: int = 8) -> list[tuple[RosterImport, str]]:
    """The last uploads, each with the towns it is about in words; two queries."""
    visible = RosterImport.objects.visible_to(user).light().select_related("town", "uploaded_by")
    found = list(visible.order_by("-uploaded_at")[:limit])
    shown = {code for kept in found for code in kept.report.get("towns", [])[:TOWNS_NAMED]}
    names = dict(Division.objects.filter(code__in=shown).values_list("code", "name"))
    return [(kept, _towns_in_words(kept, names)) for kept in found]


def _towns_in_words(kept: RosterImport, names: dict[str, str]) -> str:
    """The town of the whole list, else those that its sheets and rows name."""
    if kept.town:
        return str(kept.town)
    codes = kept.report.get("towns", [])
    words = "、".join(names.get(code, code) for code in codes[:TOWNS_NAMED])
    return f"{words}等 {len(codes)} 个" if len(codes) > TOWNS_NAMED else words
