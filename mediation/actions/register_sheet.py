"""The register sheet with numbers in clear: only for a reason, written down before it is shown."""

from django.db import transaction

from core.access import require
from core.errors import Refused
from core.models import User
from core.privacy import mask_text
from mediation.actions.footing import locked, record_audit

CLEAR = ("id_number", "phone", "address")
REASON_LENGTH = 200


@transaction.atomic
def record_register_sheet(*, dispute_id: int, reason: str, by: User) -> None:
    """Note that the sheet was drawn up with the numbers of the parties in clear. Effect: audit.

    Raises NotAllowed for who may not see them, Refused without a reason.
    """
    dispute = locked(dispute_id)
    require(by, "disputes.reveal", dispute, message="带完整号码的登记表只给本件的承办人打印。")
    reason = reason.strip()[:REASON_LENGTH]
    if not reason:
        raise Refused("请写明为什么要带完整的号码。", hint="例如：当事人签字存档。", field="reason")
    record_audit("paper.print", dispute, by=by, paper="register", clear=list(CLEAR), reason=mask_text(reason))
