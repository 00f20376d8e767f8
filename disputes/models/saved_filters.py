"""Conditions of the ledger that somebody uses again and again, under a name of their own."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.fields import EncryptedTextField


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    def visible_to(self, user: Any) -> "SavedFilterQuerySet":
        """One's own only."""
        return self.owned_by(user.pk) if user.is_authenticated else self.none()

    def owned_by(self, user_pk: int) -> "SavedFilterQuerySet":
        return self.filter(owner_id=user_pk)


class SavedFilter(models.Model):
    """A named set of conditions. What was searched for may name a person: it lies encrypted, apart from the rest."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="谁的")
    name = models.CharField("名称", max_length=20)
    params = models.JSONField("条件", default=dict, help_text="台账地址里的条件，没有查找的内容")
    words = EncryptedTextField("查找的内容", blank=True)
    saved_at = models.DateTimeField("保存时间")

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "常用筛选"
        ordering = ["saved_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="disputes_saved_filter_has_its_own_name",
                violation_error_message="您已经有一个叫这个名字的常用筛选。",
            ),
            models.CheckConstraint(
                name="disputes_saved_filter_is_named",
                condition=~Q(name=""),
                violation_error_message="请给常用筛选起个名字。",
            ),
        ]

    def __str__(self) -> str:
        return self.name
