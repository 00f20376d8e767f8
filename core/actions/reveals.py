"""One clear value for one reader, for a reason: written into the trail before it is shown, so many times a day."""

from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from core.actions import audit
from core.errors import Refused
from core.models import AuditEntry, User
from core.privacy import mask_text

SUFFIX = ".reveal"  # every act of this kind is named so, and counts against the one daily limit
REASON_LENGTH = 200
REASON_LEAST = 2  # different characters


def reveal(
    row: models.Model,
    field: str,
    *,
    among: dict[str, str],
    action: str,
    reason: str,
    by: User,
    division_code: str,
    detail: dict[str, Any] | None = None,
) -> str:
    """The clear text of `field` of `row`; `among` are the fields that may be shown, `action` ends in `.reveal`.

    The caller has checked the permission. The audit row is committed before the text is returned. Raises Refused
    for another field, without a reason, and past the day's limit.
    """
    assert action.endswith(SUFFIX)
    if field not in among:
        raise Refused("没有这一项。", field="field")
    reason = reason.strip()[:REASON_LENGTH]
    if not reason:
        raise Refused("请写明为什么要看。", field="reason")
    if len(set(reason)) < REASON_LEAST:
        raise Refused("请写明为什么要看，这样写看不出来。", field="reason")
    with transaction.atomic(durable=True):
        User.objects.select_for_update().get(pk=by.pk)  # two at once do not both take the last one
        _within_limit(by)
        facts = (detail or {}) | {"field": field, "reason": mask_text(reason)}
        audit.record(action, by=by, subject=row, division_code=division_code, detail=facts)
    return str(getattr(row, field))


def _within_limit(by: User) -> None:
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    today = AuditEntry.objects.filter(at__gte=midnight, actor=by, action__endswith=SUFFIX, success=True)
    if today.count() >= settings.REVEALS_A_DAY:
        raise Refused(f"今天已经查看 {settings.REVEALS_A_DAY} 次，到了每天的上限。", hint="确需再看的，请找管理员。")
