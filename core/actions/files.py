"""Keeping files: checked, cleaned, hashed, stored under a random name outside the web root."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from core.choices import Sealed
from core.errors import Refused
from core.file_types import CASE_FILES, PICTURES, FileType
from core.models import StoredFile, User
from core.models.files import WIPED
from core.privacy import mask_text

NAME_LENGTH = StoredFile._meta.get_field("name").max_length or 0
ORPHANS_KEPT = timedelta(days=1)
MEGABYTE = 1024 * 1024
PICTURE_TYPES = frozenset(kind.content_type for kind in PICTURES)


def store_file(
    *,
    upload: UploadedFile,
    by: User,
    subject: models.Model | None = None,
    town_code: str = "",
    kind: str = "",
    sealed: str = Sealed.OPEN,
    accept: tuple[FileType, ...] = CASE_FILES,
    shown_small: bool = False,
    recorded_at: datetime | None = None,
) -> StoredFile:
    """Keep an upload; a picture that is `shown_small` gets a thumbnail, which its page may show without a download.

    Raises Refused (field `file`) for a file too large, of another kind, or broken.
    """
    if (upload.size or 0) > settings.UPLOAD_LIMIT:
        raise Refused(
            f"文件超过 {settings.UPLOAD_LIMIT // MEGABYTE} MB，没有保存。",
            hint="照片可以先压缩，或分几次上传。",
            field="file",
        )
    name = plain_name(upload.name or "")
    from core.file_cleaning import checked  # noqa: PLC0415 (the picture library: many processes are handed no file)

    found, data = checked(upload.read(), name, accept)
    return store_bytes(
        data=data, name=found.name_of(name), content_type=found.content_type, by=by, subject=subject,
        town_code=town_code, kind=kind, sealed=sealed, shown_small=shown_small, recorded_at=recorded_at,
    )  # fmt: skip


def store_shown(
    *, uploads: Iterable[UploadedFile], by: User, subject: models.Model, town_code: str, kind: str, **facts: Any
) -> list[StoredFile]:
    """Keep several uploads that a page shows, each with its thumbnail if it is a picture; as `store_file`.

    A refusal names the file it is about.
    """
    stored = []
    for upload in uploads:
        try:
            stored.append(store_file(upload=upload, by=by, subject=subject, town_code=town_code, kind=kind,
                                     shown_small=True, **facts))  # fmt: skip
        except Refused as refused:
            message = f"{mask_text(plain_name(upload.name or ''))}：{refused.message}"
            raise Refused(message, hint=refused.hint, field=refused.field) from refused
    return stored


def store_bytes(
    *,
    data: bytes,
    name: str,
    content_type: str,
    by: User | None,
    subject: models.Model | None = None,
    town_code: str = "",
    kind: str = "",
    sealed: str = Sealed.OPEN,
    shown_small: bool = False,
    recorded_at: datetime | None = None,
) -> StoredFile:
    """Keep bytes the system made itself (a drafted paper, an export).

    The file is on the disk before the row; a transaction rolled back later leaves a file without a
    row, which `remove_orphans` takes away after a day.
    """
    stored = StoredFile(
        subject_label=subject._meta.label_lower if subject else "",
        subject_id=str(subject.pk) if subject else "",
        town_code=town_code,
        kind=kind,
        name=plain_name(name),
        content_type=content_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        sealed=sealed,
        uploaded_by=by,
        uploaded_at=recorded_at or timezone.now(),
    )
    stored.path = _write(stored.id.hex, data)
    if shown_small and content_type in PICTURE_TYPES:
        from core.file_cleaning import thumbnail  # noqa: PLC0415 (as above)

        stored.thumbnail_path = _write(f"{stored.id.hex}-small", thumbnail(data))
    stored.save(force_insert=True)
    return stored


def copy_file(stored: StoredFile, *, pk: UUID, subject_label: str, subject_id: str) -> StoredFile:
    """The same file once more under the key `pk`, with bytes of its own: what becomes of the one leaves the other.

    Asked again under the same key it gives the same copy. Raises Refused when the bytes cannot be read or written.
    """
    if there := StoredFile.objects.filter(pk=pk).first():
        return there
    small = stored.thumbnail_path and _write(f"{pk.hex}-small", _read(stored.thumbnail_path))
    path = _write(pk.hex, _read(stored.path))
    belongs = {"subject_label": subject_label, "subject_id": subject_id}
    kept = ("town_code", "kind", "name", "content_type", "size", "sha256", "sealed", "uploaded_by_id", "uploaded_at")
    same = {name: getattr(stored, name) for name in kept}
    # asked for twice at once the later one takes the other's row; its own bytes go with the orphans
    copied = {"path": path, "thumbnail_path": small, **belongs, **same}
    return StoredFile.objects.get_or_create(pk=pk, defaults=copied)[0]


def attach_file(*, stored: StoredFile, subject: models.Model) -> None:
    """Say what a file belongs to, once that row exists."""
    stored.subject_label, stored.subject_id = subject._meta.label_lower, str(subject.pk)
    stored.save(update_fields=["subject_label", "subject_id"])


def remove_orphans(now: datetime) -> int:
    """Delete files that no row names and that are older than a day; returns how many."""
    removed = 0
    for folder in default_storage.listdir("")[0] if default_storage.exists("") else []:
        paths = [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]
        named = StoredFile.objects.filter(Q(path__in=paths) | Q(thumbnail_path__in=paths))
        known = {path for pair in named.values_list("path", "thumbnail_path") for path in pair}
        for path in paths:
            if path not in known and now - default_storage.get_modified_time(path) > ORPHANS_KEPT:
                default_storage.delete(path)
                removed += 1
    return removed


def wipe_files(files: Iterable[StoredFile], *, name: str) -> int:
    """Destroy the bytes of files after the commit; their rows stay under `name`, without hash and place.

    What a crash leaves behind is named by no row and goes with the orphans. Returns how many.
    """
    wiped = list(files)
    paths = [path for stored in wiped for path in (stored.path, stored.thumbnail_path) if path]
    for stored in wiped:
        stored.name, stored.path, stored.thumbnail_path, stored.sha256 = name, f"{WIPED}{stored.pk.hex}", "", ""
        stored.save(update_fields=["name", "path", "thumbnail_path", "sha256"])
    transaction.on_commit(lambda: _delete(paths))
    return len(wiped)


def _delete(paths: list[str]) -> None:
    for path in paths:
        default_storage.delete(path)


def plain_name(name: str) -> str:
    """The file's own name without folders and control characters, cut to fit but keeping its ending."""
    name = "".join(char for char in PurePath(name.replace("\\", "/")).name if char.isprintable()) or "file"
    suffix = PurePath(name).suffix[:10]
    return name if len(name) <= NAME_LENGTH else name[: NAME_LENGTH - len(suffix)] + suffix


def _read(path: str) -> bytes:
    try:
        with default_storage.open(path) as stored:
            return bytes(stored.read())
    except OSError as error:
        raise Refused("服务器上读不出这个文件。", hint="请告诉管理员。", field="file") from error


def _write(name: str, data: bytes) -> str:
    """The path of the file; `name` begins with the random id of its row."""
    try:
        return default_storage.save(f"{name[:2]}/{name}", ContentFile(data))
    except OSError as error:
        raise Refused(
            "文件没有存下：服务器的磁盘写不进去。", hint="填的内容没有丢，请稍后再试，并告诉管理员。", field="file"
        ) from error
