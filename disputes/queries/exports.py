"""One's own exports of the ledger."""

from uuid import UUID

from django.shortcuts import get_object_or_404

from core.access import require
from core.models import User
from disputes.models import LedgerExport

RECENT = 8


def export_for(user: User, export_id: UUID) -> LedgerExport:
    """One of the user's own exports. Raises NotAllowed, Http404."""
    require(user, "disputes.export")
    return get_object_or_404(LedgerExport.objects.visible_to(user).select_related("asked_by"), pk=export_id)


def recent_exports(user: User) -> list[LedgerExport]:
    """The last ones, without their files."""
    return list(LedgerExport.objects.visible_to(user).defer("content", "filters").order_by("-asked_at")[:RECENT])
