"""Where a dispute stands among those it is linked with."""

from core.models import User
from disputes.linking import Place
from disputes.models import Dispute, DisputeLink


def place_of(dispute: Dispute, user: User) -> Place:
    """What it stands under, its code for whom may see that, and whether others stand under it."""
    link = DisputeLink.objects.filter(child=dispute).first()
    above = Dispute.objects.visible_to(user).filter(pk=link.parent_id).values_list("code", flat=True) if link else ()
    return Place(
        dispute.pk,
        parent=link.parent_id if link else None,
        has_children=dispute.child_links.exists(),
        merged=dispute.merged_into_id is not None,
        above=next(iter(above), ""),
    )
