"""Liaison points and the tribunals behind them."""

from typing import Any

from django.db import models
from django.urls import reverse

from core.choices import Role
from core.models import Division
from core.scope import ScopedQuerySet
from liaison.choices import Host


class LiaisonPointQuerySet(ScopedQuerySet["LiaisonPoint"]):
    def visible_to(self, user: Any) -> "LiaisonPointQuerySet":
        """Who works with cases, in their divisions; the admin everywhere: a point is configuration, not a case."""
        if user.is_authenticated and user.role == Role.ADMIN:
            return self.all()
        return super().visible_to(user)


class LiaisonPoint(models.Model):
    town = models.OneToOneField(
        Division,
        models.PROTECT,
        related_name="liaison_point",
        verbose_name="镇（街）",
        error_messages={"unique": "这个镇（街）已经有联络点。"},
    )
    town_code = models.CharField("镇（街）代码", max_length=9, unique=True, editable=False)
    host = models.CharField("依托", max_length=18, choices=Host)
    address = models.CharField("地址", max_length=120)
    phone = models.CharField("值班电话", max_length=20, blank=True)
    police_contact = models.CharField("派出所联系人", max_length=60, blank=True)
    police_phone = models.CharField("派出所电话", max_length=20, blank=True)
    opened_on = models.DateField("启用日", null=True, blank=True)

    objects = LiaisonPointQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "法官联络点"
        ordering = ["town_code"]

    def __str__(self) -> str:
        return f"{self.town}法官联络点"

    def get_absolute_url(self) -> str:
        return reverse("liaison:point", args=[self.town_code])


class Tribunal(models.Model):
    """人民法庭 and the towns it serves; a town without one belongs to the court itself."""

    name = models.CharField("名称", max_length=60, unique=True)
    towns = models.ManyToManyField(Division, blank=True, related_name="tribunals", verbose_name="辖区")

    class Meta:
        verbose_name = verbose_name_plural = "人民法庭"

    def __str__(self) -> str:
        return self.name
