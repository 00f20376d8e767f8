"""People: entered, corrected, joined to an account."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core import privacy
from core.access import require
from core.actions import audit, reveals
from core.bulk import Batch
from core.errors import Conflict, NotAllowed, Refused
from core.models import User
from roster.actions.scopes import close_account, sync_scopes
from roster.annex.facts import FACTS, StaffFacts
from roster.models import Staff
from roster.names import name_columns, read_name

WHO_MAY = "名册由管理员、司法局，或本镇（街）联络人员维护。"
REVEALABLE = {
    "id_number": "身份证号码",
    "phone": "联系电话",
    "registered_address": "户籍地址",
    "contact_address": "通讯地址",
}
SHARED = "这个人也在别的镇（街）任职，资料由管理员或司法局改。"
HASHES = {
    "id_number": ("id_hash", "id_tail_hash"),
    "phone": ("phone_tail_hash", "second_phone_tail_hash"),
}


def new_staff(facts: StaffFacts, *, recorded_at: datetime) -> Staff:
    """An unsaved person with the annex's facts."""
    return Staff(**facts.as_dict(), **name_columns(facts.name), created_at=recorded_at)


def staff_columns(
    people: Sequence[StaffFacts], keys: Sequence[str], *, id_hashes: Mapping[str, str], recorded_at: datetime
) -> Batch:
    """New people with the annex's facts, attribute by attribute; `id_hashes` by identity number."""
    columns: dict[str, Sequence[Any]] = dict(zip(FACTS, zip(*people, strict=True), strict=True))
    columns["id_hash"] = [id_hashes[number] for number in columns["id_number"]]
    columns["name_initials"], columns["name_order"] = zip(*map(read_name, columns["name"]), strict=True)
    return columns | {"id": keys, "created_at": [recorded_at] * len(keys)}


def set_facts(staff: Staff, changes: dict[str, str]) -> list[str]:
    """Put new values on a person; returns the columns to save."""
    for name, value in changes.items():
        setattr(staff, name, value)
    columns = [*changes, *(column for name in changes for column in HASHES.get(name, ())), "version"]
    if "name" in changes:
        read = name_columns(staff.name)
        for column, text in read.items():
            setattr(staff, column, text)
        columns += read
    staff.version += 1
    return columns


@transaction.atomic
def create_staff(
    *, facts: StaffFacts, by: User, user: User | None = None, recorded_at: datetime | None = None
) -> Staff:
    """Enter a person. Raises Refused without a name, or when the identity number is in the roster already."""
    require(by, "roster.edit", message=WHO_MAY)
    _check(facts)
    staff = new_staff(facts, recorded_at=recorded_at or timezone.now())
    staff.user = user
    staff.save(force_insert=True)
    audit.record("staff.create", by=by, subject=staff)
    return staff


@transaction.atomic
def update_staff(*, staff_id: UUID, version: int, facts: StaffFacts, by: User) -> Staff:
    """Correct a person's facts. Raises Conflict when somebody saved in between, Refused as `create_staff` does.

    NotAllowed for who keeps one town, when the person has a seat in another as well.
    """
    staff = Staff.objects.select_for_update(of=("self",)).get(pk=staff_id)
    require(by, "roster.edit", message=WHO_MAY)
    if not Staff.objects.visible_to(by).filter(pk=staff_id).exists():
        raise NotAllowed(WHO_MAY)
    require(by, "roster.edit_facts", open_seats(staff), message=SHARED)
    if staff.version != version:
        raise Conflict(f"没有保存：{staff}的资料刚被别人改过。", hint="看一看现在的内容，再改一次。")
    _check(facts, besides=staff)
    changes = {name: value for name, value in facts.as_dict().items() if value != getattr(staff, name)}
    if not changes:
        return staff
    staff.save(update_fields=set_facts(staff, changes))
    audit.record("staff.update", by=by, subject=staff, detail={"fields": sorted(changes)})
    return staff


def open_seats(staff: Staff) -> list[tuple[str, str]]:
    """Role and town of the seats the person holds, as the rules ask for them."""
    return list(staff.memberships.filter(until=None).values_list("role", "town_code"))


@transaction.atomic
def link_account(*, staff_id: UUID, user: User | None, by: User) -> Staff:
    """Say whose account this is (or nobody's); the account then sees the towns of the person's open terms."""
    staff = Staff.objects.select_for_update(of=("self",)).get(pk=staff_id)
    require(by, "roster.edit", message="账号由管理员对应到人。")
    if user and Staff.objects.filter(user=user).exclude(pk=staff.pk).exists():
        raise Refused(f"账号「{user.username}」已经对应到另一个人。", hint="先解除那一个，再来对应。", field="user")
    if staff.user and staff.user != user:
        close_account(staff.user, by=by)
    staff.user = user
    staff.save(update_fields=["user"])
    sync_scopes([staff.pk], by=by)
    audit.record("staff.link_account", by=by, subject=staff, detail={"user": user.pk if user else None})
    return staff


def reveal_fact(*, staff_id: UUID, field: str, reason: str, by: User) -> str:
    """One clear number or address of a person, for a reason that the trail keeps. Raises NotAllowed, Refused."""
    require(by, "roster.reveal", message="完整的号码和地址只给管理员和本镇（街）联络人员看。")
    staff = Staff.objects.visible_to(by).filter(pk=staff_id).first()
    if staff is None:
        raise NotAllowed(WHO_MAY)
    towns = list(staff.memberships.order_by("until", "-since").values_list("town_code", flat=True))
    require(by, "roster.reveal", towns, message="任职已作废的人，重新登记以后才能看完整的号码和地址。")
    return reveals.reveal(
        staff, field, among=REVEALABLE, action="staff.reveal", reason=reason, by=by, division_code="".join(towns[:1])
    )


def _check(facts: StaffFacts, besides: Staff | None = None) -> None:
    if not facts.name:
        raise Refused("没有姓名。", hint="请填姓名。", field="name")
    others = Staff.objects.exclude(pk=besides.pk) if besides else Staff.objects.all()
    if facts.id_number and others.numbered([privacy.lookup_hash("id_number", facts.id_number)]).exists():
        raise Refused("名册里已有这个身份证号码。", hint="请在名册里找到这个人，直接改。", field="id_number")
