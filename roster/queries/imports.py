"""Uploads that a user may open."""

from uuid import UUID

from django.shortcuts import get_object_or_404

from core.access import require
from core.models import User
from roster.models import RosterImport


def import_for(user: User, import_id: UUID) -> RosterImport:
    """An upload the user may open: their own, or any for an admin. Raises NotAllowed, Http404."""
    require(user, "roster.import")
    return get_object_or_404(RosterImport.objects.visible_to(user).select_related("town", "uploaded_by"), pk=import_id)


def recent_imports(user: User, limit: int = 8) -> list[RosterImport]:
    return list(
        RosterImport.objects.visible_to(user).select_related("town", "uploaded_by").order_by("-uploaded_at")[:limit]
    )
