"""The address of a person's duty calendar: drawn, replaced, withdrawn. Its secret is shown once and kept nowhere."""

import secrets

from django.db import transaction
from django.utils import timezone

from core.access import require
from core.actions import audit
from core.errors import Refused
from core.models import User
from liaison.models import DutyFeed
from liaison.queries.duty_feed import hash_of
from roster.models import Staff

SECRET_BYTES = 32
WHO_MAY = "值班日历由值班人自己开通。"


@transaction.atomic
def make_feed(*, by: User) -> str:
    """A new secret address for one's own shifts; an older one stops answering. Returns the secret, this once."""
    staff = _own_record(by)
    token = secrets.token_urlsafe(SECRET_BYTES)
    facts = {"token_hash": hash_of(token), "made_at": timezone.now(), "revoked_at": None}
    feed, created = DutyFeed.objects.update_or_create(staff=staff, defaults=facts)
    audit.record("duty_feed.make", by=by, subject=feed, detail={"first": created})
    return token


@transaction.atomic
def revoke_feed(*, by: User) -> None:
    """Let one's address answer no more. Raises Refused when there is none."""
    staff = _own_record(by)
    feed = DutyFeed.objects.select_for_update().filter(staff=staff, revoked_at=None).first()
    if feed is None:
        raise Refused("没有在用的值班日历地址。")
    feed.revoked_at = timezone.now()
    feed.save(update_fields=["revoked_at"])
    audit.record("duty_feed.revoke", by=by, subject=feed)


def _own_record(by: User) -> Staff:
    require(by, "liaison.own_feed", message=WHO_MAY)
    staff = Staff.objects.select_for_update(of=("self",)).filter(user=by).first()
    if staff is None:
        raise Refused("您的账号没有对应名册里的人，没有值班可看。", hint="请找管理员把账号和名册对上。")
    return staff
