"""Uploaded and generated files: type sniffed, hashed, stored under a random name outside the web root."""

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.choices import CASE_ROLES, COURT_ROLES, Sealed
from core.scope import ScopedQuerySet, within_any

if TYPE_CHECKING:
    from core.models import User


WIPED = "wiped/"  # where the path of a file begins whose bytes were destroyed on purpose; nothing lies there
Shared = Callable[[Any], Q | None]
_shared: list[Shared] = []


def also_seen(shared: Shared) -> None:
    """Let people see files of divisions that are not theirs: `shared(user)` says which; None for none.

    For what a higher app knows: a dispute that two towns handle together.
    """
    _shared.append(shared)


class StoredFileQuerySet(ScopedQuerySet["StoredFile"]):
    def visible_to(self, user: "User | Any") -> Self:
        """Files of the user's divisions and those shared with them, the court's only to the court, a mediator's own
        notes only to them.

        A file that lies in no division is its uploader's alone.
        """
        if not user.is_authenticated:
            return self.none()
        mine = Q(uploaded_by=user)
        unsealed = ~Q(sealed=Sealed.MEDIATOR) | mine
        if user.role not in COURT_ROLES:
            unsealed &= ~Q(sealed=Sealed.COURT)
        inside = within_any("town_code", user.scope_codes if user.role in CASE_ROLES else ())
        for shared in _shared:
            inside |= shared(user) or Q(pk__in=[])
        return self.filter((inside & unsealed) | (Q(town_code="") & mine))


class StoredFile(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject_label = models.CharField("对象类型", max_length=60, blank=True)
    subject_id = models.CharField("对象", max_length=64, blank=True)
    town_code = models.CharField("镇（街）", max_length=9, blank=True)
    kind = models.CharField("用途", max_length=40, blank=True)
    name = models.CharField("文件名", max_length=120)
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveIntegerField("字节数")
    sha256 = models.CharField("SHA-256", max_length=64)
    path = models.CharField("存放", max_length=120, unique=True)
    thumbnail_path = models.CharField("缩略图存放", max_length=120, blank=True)
    sealed = models.CharField("密级", max_length=10, choices=Sealed, default=Sealed.OPEN)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="上传人"
    )
    uploaded_at = models.DateTimeField("上传时间")

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "附件"
        indexes = [models.Index(fields=["subject_label", "subject_id"], name="file_subject")]

    def __str__(self) -> str:
        return self.name
