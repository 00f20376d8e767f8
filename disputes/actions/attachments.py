"""Photographs and papers handed over at the counter: kept with the form until it is sent, then with the dispute."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from core.access import require
from core.actions import reminders
from core.actions.drafts import KEPT_FOR
from core.actions.files import copy_file, plain_name, store_file
from core.errors import Refused
from core.models import StoredFile, User
from core.privacy import mask_text
from disputes.models import Dispute
from disputes.queries.attachments import EVIDENCE, STAGED, staged_files
from disputes.queries.drafts import forms_kept, key_of, registered_of

FILES_MAX = 30
GONE = "有一份材料已经不在了。要用的，请再选一次。"  # taken away in another window, or swept after a week
FILED = "没有删去，另一个窗口登记时已经带走，现在在那一件的「材料」里。"


@dataclass(frozen=True)
class Along:
    """A file that a page lists, `before` its form was set apart, and its copy; or `words`: why there is none."""

    before: UUID
    file: StoredFile | None = None
    words: str = ""


@transaction.atomic
def stage_file(*, key: str, upload: UploadedFile, by: User) -> StoredFile:
    """Keep one upload with the form of this key: its uploader's alone, without place and time of a photograph.

    Raises Refused (field `file`), naming the file, when it is too large, of another kind, broken, or one too many;
    and when the form was sent meanwhile: nobody would find the file again.
    """
    require(by, "disputes.register")
    name = mask_text(plain_name(upload.name or ""))
    if registered_of(by, [key]):
        raise Refused(f"{name}：没有存，这一份已经登记。", hint="请在那一件的「材料」里补。", field="file")
    if len(staged_files(by, key)) >= FILES_MAX:
        raise Refused(f"{name}：一次最多带 {FILES_MAX} 份材料。", hint="其余的登记后在本件「材料」里补。", field="file")
    try:
        stored = store_file(upload=upload, by=by, kind=EVIDENCE, shown_small=True)
    except Refused as refused:
        raise Refused(f"{name}：{refused.message}", hint=refused.hint, field=refused.field) from refused
    stored.subject_label, stored.subject_id = STAGED, key_of(by, key)
    stored.save(update_fields=["subject_label", "subject_id"])
    return stored


def stage_each(*, key: str, uploads: Iterable[UploadedFile], by: User) -> list[str]:
    """Keep what can be kept of several uploads; returns what is to be said of the others, a sentence each."""
    said = []
    for upload in uploads:
        try:
            stage_file(key=key, upload=upload, by=by)
        except Refused as refused:
            said.append(str(refused))
    return said


def copy_staged(*, listed: Collection[UUID], key: str, to: str, by: User) -> list[Along]:
    """Copy the files a page lists from the form it wrote in (`key`) to one of its own (`to`), and say which were lost.

    Each form has its own then: given up, registered or swept, neither takes anything from the other.
    """
    waiting = {one.pk: one for one in staged_files(by, key)}
    return [_along(pk, waiting.get(pk), to=to, by=by) for pk in dict.fromkeys(listed)]


def gone_from(*, listed: Collection[UUID], key: str, by: User) -> list[Along]:
    """Which of the files a page lists wait with its form no more; asks nothing where none is listed."""
    waiting = {one.pk for one in staged_files(by, key)} if listed else set()
    return [Along(pk, words=GONE) for pk in dict.fromkeys(listed) if pk not in waiting]


def _along(pk: UUID, stored: StoredFile | None, *, to: str, by: User) -> Along:
    if stored is None:
        return Along(pk, words=GONE)
    again = uuid5(pk, to)  # the same when an answer was lost and it is asked twice
    try:
        return Along(pk, copy_file(stored, pk=again, subject_label=STAGED, subject_id=key_of(by, to)))
    except Refused as refused:
        return Along(pk, words=f"{mask_text(stored.name)}：没有带过来，请再选一次。{refused.message}")


@transaction.atomic
def drop_staged(*, key: str, by: User, file_id: UUID | None = None) -> int:
    """Forget one file of a form, or all; returns how many. The bytes go with the next tidying of the store.

    Locked first: a form that is registered in this moment keeps its files.
    """
    rows = StoredFile.objects.filter(subject_label=STAGED, subject_id=key_of(by, key), uploaded_by=by)
    rows = rows.filter(pk=file_id) if file_id else rows
    locked = list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
    return StoredFile.objects.filter(pk__in=locked).delete()[0]


def take_away(*, key: str, by: User, file_id: UUID) -> str:
    """Forget one file of a form; returns what is to be said where it became a paper of a dispute meanwhile."""
    if drop_staged(key=key, by=by, file_id=file_id):
        return ""
    papers = StoredFile.objects.filter(pk=file_id, uploaded_by=by, subject_label=Dispute._meta.label_lower)
    name = papers.values_list("name", flat=True).first()
    return "" if name is None else f"{mask_text(name)}：{FILED}"


def file_staged(dispute: Dispute, *, key: str, by: User) -> int:
    """What was kept with the form becomes papers of the registered dispute, inside its transaction; one query."""
    rows = StoredFile.objects.filter(subject_label=STAGED, subject_id=key_of(by, key), uploaded_by=by)
    label, pk = dispute._meta.label_lower, str(dispute.pk)
    return rows.update(subject_label=label, subject_id=pk, town_code=dispute.town_code)


def keep_staged(*, key: str, by: User) -> None:
    """Begin the week of a form's files anew: that of the last one counts for all, and they stay in their order."""
    rows = StoredFile.objects.filter(subject_label=STAGED, subject_id=key_of(by, key), uploaded_by=by)
    last = rows.order_by("-uploaded_at", "-pk").values_list("pk", flat=True)[:1]
    StoredFile.objects.filter(pk__in=list(last)).update(uploaded_at=timezone.now())


def drop_old_staged(at: datetime) -> int:
    """Forget the files of forms that nobody went on with for a week; returns how many. While the words of a form are
    kept, its files are: they go in the same sweep. So are all of them for a week after the last one came.
    """
    since = min(at, timezone.now()) - KEPT_FOR  # a sweep asked for a day to come takes nothing away
    staged = StoredFile.objects.filter(subject_label=STAGED)
    young = staged.filter(uploaded_at__gte=since).values_list("subject_id", flat=True)
    old = staged.filter(uploaded_at__lt=since).exclude(subject_id__in=young)
    return old.exclude(subject_id__in=forms_kept(since=since)).delete()[0]


reminders.also_do(drop_old_staged)
