"""Naming a set of the ledger's conditions, renaming and dropping it.

Nothing of it stands in the audit trail: it is a bookmark, and only its owner can see it.
"""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.access import require
from core.errors import Refused
from core.models import User
from core.privacy import mask_text
from disputes import ledger, queries
from disputes.models import SavedFilter
from disputes.search import understand

MOST = 20
NAME_LENGTH = 20
KEPT_APART = frozenset({"s", "cursor"})


@transaction.atomic
def save_filter(*, name: str, params: Mapping[str, str], by: User) -> SavedFilter:
    """Keep the conditions of the ledger's address under a name; the same name again keeps the new ones.

    Raises Refused without a condition, for a number of a person, and for more than twenty names.
    """
    require(by, "disputes.view")
    name = _checked_name(name)
    wanted = ledger.parse(params)
    words = queries.search_text(by, wanted) if wanted.value("s") else ""
    if wanted.problems:
        raise Refused(wanted.problems[0], hint="先在上面改好，按「查找」，再保存。", field="name")
    if not (wanted.is_narrowed or wanted.value("sort")):
        raise Refused("还没有选条件，没有可以保存的。", hint="先在上面选好条件，按「查找」。", field="name")
    _refuse_numbers(words)
    User.objects.select_for_update().get(pk=by.pk)  # two windows of one person save one after the other
    kept = SavedFilter.objects.filter(owner=by, name=name).first()
    if kept is None and SavedFilter.objects.filter(owner=by).count() >= MOST:
        raise Refused(f"常用筛选最多 {MOST} 个。", hint="请先删掉一个不用的。", field="name")
    kept = kept or SavedFilter(owner=by, name=name)
    days = {label: day.isoformat() for label, day in wanted.days.items()}
    kept.params = {key: value for key, value in {**wanted.values, **days}.items() if key not in KEPT_APART}
    kept.words, kept.saved_at = words, timezone.now()
    kept.save()
    return kept


@transaction.atomic
def rename_filter(*, filter_id: UUID, name: str, by: User) -> SavedFilter:
    """Give one's own filter another name."""
    require(by, "disputes.view")
    name = _checked_name(name)
    kept = SavedFilter.objects.select_for_update().get(pk=filter_id, owner=by)
    if SavedFilter.objects.filter(owner=by, name=name).exclude(pk=kept.pk).exists():
        raise Refused(f"您已经有一个叫「{name}」的常用筛选。", hint="请换一个名字。", field="name")
    kept.name = name
    kept.save(update_fields=["name"])
    return kept


@transaction.atomic
def delete_filter(*, filter_id: UUID, by: User) -> None:
    """Drop one's own filter."""
    require(by, "disputes.view")
    SavedFilter.objects.filter(pk=filter_id, owner=by).delete()


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refused("请给常用筛选起个名字。", hint="例如：本周到期、欠薪未结。", field="name")
    if len(name) > NAME_LENGTH:
        raise Refused(f"名字最多 {NAME_LENGTH} 个字。", field="name")
    if mask_text(name) != name:
        raise Refused("名字里不要写证件号码和电话。", field="name")
    return name


def _refuse_numbers(words: str) -> None:
    """A name may be kept, encrypted; a number that is looked up once is nobody's habit."""
    asked = understand(words)
    if asked.id_number or asked.phone or asked.last4 or mask_text(words) != words:
        raise Refused("证件号码和电话不存进常用筛选。", hint="请先清掉查找框里的号码，再保存其余条件。", field="name")
