"""Who has entered the court's mediation platform: noted for many at once, corrected for one."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.access import require
from core.actions import audit
from core.errors import Conflict, Refused
from core.models import User
from roster.actions.staff import open_seats
from roster.choices import TeamRole
from roster.models import Staff, TeamMembership
from roster.platform_entry import EARLIEST, ENTERING

WHO_NOTES = "入驻由管理员、司法局或本镇（街）联络人员登记。"
ACCOUNT_LENGTH, ORGANISATION_LENGTH = 60, 80
NAMES_SHOWN = 3
ENTRY = ("platform_account", "joined_platform_on", "platform_organisation", "platform_recorded_at")


@transaction.atomic
def note_entries(
    *,
    town_code: str,
    accounts: Mapping[UUID, str],
    on: date,
    organisation: str,
    by: User,
    recorded_at: datetime | None = None,
) -> int:
    """Note that these people of the town (id → account, "" where it is not known) entered the platform on `on`,
    registered under `organisation`; all of them or none. Returns how many.

    Raises Refused when nobody is named, somebody holds no entering seat in the town or is noted already, an account
    is somebody else's, or the day is impossible.
    """
    require(by, "roster.note_platform", [(TeamRole.MEDIATOR, town_code)], message=WHO_NOTES)
    recorded_at = recorded_at or timezone.now()
    if not accounts:
        raise Refused("还没有勾选人员。", hint="请勾选已经入驻的人。")
    _check_day(on, recorded_at)
    organisation = _written(organisation, ORGANISATION_LENGTH, "organisation", "调解组织")
    people = list(Staff.objects.select_for_update(of=("self",)).filter(pk__in=accounts).order_by("pk"))
    _check_people(people, accounts, town_code)
    taken: set[str] = set()
    for staff in people:
        account = _free_account(accounts[staff.pk], staff, field=f"account-{staff.pk}", taken=taken)
        _set(staff, on=on, account=account, organisation=organisation, recorded_at=recorded_at)
    Staff.objects.bulk_update(people, [*ENTRY, "version"])
    audit.record(
        "roster.platform_entries",
        by=by,
        division_code=town_code,
        detail={"staff": [str(staff.pk) for staff in people], "on": on.isoformat(), "organisation": organisation},
    )
    return len(people)


@transaction.atomic
def correct_entry(*, staff_id: UUID, version: int, on: date | None, account: str, organisation: str, by: User) -> Staff:
    """Correct one person's entry; without a day it is taken back. Raises Conflict for a stale page, Refused."""
    staff = Staff.objects.select_for_update(of=("self",)).get(pk=staff_id)
    require(by, "roster.note_platform", open_seats(staff), message=WHO_NOTES)
    if staff.version != version:
        raise Conflict(f"没有保存：{staff}的资料刚被别人改过。", hint="看一看现在的内容，再改一次。")
    now, old = timezone.now(), staff.joined_platform_on
    if on is None and (account.strip() or organisation.strip()):
        raise Refused("写了账号或组织，还没有入驻日期。", hint="请填入驻日期；没有入驻的，三格都清空。", field="on")
    if on is not None:
        _check_day(on, now)
        organisation = _written(organisation, ORGANISATION_LENGTH, "organisation", "调解组织")
        account = _free_account(account, staff, field="account", taken=set())
    _set(staff, on=on, account=account, organisation=organisation, recorded_at=now if on else None)
    staff.save(update_fields=[*ENTRY, "version"])
    detail = {"on": {"old": old, "new": on}, "organisation": organisation}
    audit.record("staff.platform_entry", by=by, subject=staff, detail=detail)
    return staff


def _set(staff: Staff, *, on: date | None, account: str, organisation: str, recorded_at: datetime | None) -> None:
    staff.joined_platform_on, staff.platform_account = on, account if on else ""
    staff.platform_organisation, staff.platform_recorded_at = organisation if on else "", recorded_at
    staff.version += 1


def _check_day(on: date, recorded_at: datetime) -> None:
    if on > timezone.localtime(recorded_at).date():
        raise Refused("入驻日期不能晚于今天。", hint="请核对日期。", field="on")
    if on < EARLIEST:
        raise Refused(f"调解平台 {EARLIEST.year} 年才有，年份看起来不对。", hint="请核对日期。", field="on")


def _written(text: str, longest: int, field: str, word: str) -> str:
    if not text.strip():
        raise Refused(f"请写明登记在哪个{word}名下。", hint="例如：太平镇人民调解委员会。", field=field)
    if len(text.strip()) > longest:
        raise Refused(f"{word}最多 {longest} 个字。", field=field)
    return text.strip()


def _check_people(people: list[Staff], accounts: Mapping[UUID, str], town_code: str) -> None:
    here = TeamMembership.objects.filter(town_code=town_code, until=None, role__in=ENTERING, staff__in=people)
    inside = set(here.values_list("staff_id", flat=True))
    if inside != set(accounts):
        raise Refused(
            f"所选的有 {len(set(accounts) - inside)} 人现在不在这个镇（街）的调解人员和联络人员里，一个也没有登记。",
            hint="请刷新页面，重新勾选。",
        )
    noted = [staff.name for staff in people if staff.joined_platform_on]
    if noted:
        names = "、".join(noted[:NAMES_SHOWN]) + ("等" if len(noted) > NAMES_SHOWN else "")
        raise Refused(
            f"{names}已经登记过入驻，一个也没有登记。",
            hint="请去掉已登记的人；登记错了的，到本人页面更正。",
        )


def _free_account(account: str, staff: Staff, *, field: str, taken: set[str]) -> str:
    """The account, tidied and found to be nobody else's; joins those `taken` on the same page."""
    account = account.strip()
    if len(account) > ACCOUNT_LENGTH:
        raise Refused(f"{staff}的账号超过 {ACCOUNT_LENGTH} 个字。", field=field)
    others = Staff.objects.filter(platform_account=account).exclude(pk=staff.pk)
    if account and (account in taken or others.exists()):
        raise Refused(f"{staff}的账号已经是另一个人的。", hint="请核对账号。", field=field)
    taken.add(account)
    return account
