"""Accounts: a user has one role and sees the divisions of their scope rows."""

from functools import cached_property

from django.contrib.auth.models import AbstractUser
from django.db import models

from core.choices import Role
from core.models.divisions import Division


class User(AbstractUser):
    name = models.CharField("姓名", max_length=60, blank=True)
    role = models.CharField("角色", max_length=12, choices=Role, default=Role.MEDIATOR)
    unit = models.CharField("单位", max_length=80, blank=True)
    must_change_password = models.BooleanField("首次登录须改密码", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "用户"
        constraints = [
            models.CheckConstraint(
                name="core_user_role_is_known",
                condition=models.Q(role__in=Role.values),
                violation_error_message="没有这个角色。",
            )
        ]

    def __str__(self) -> str:
        return self.name or self.username

    @cached_property
    def scope_codes(self) -> tuple[str, ...]:
        """Codes of the divisions this user sees, e.g. ("445381101",); read once a request."""
        return tuple(self.scopes.order_by("division_id").values_list("division_id", flat=True))


class UserScope(models.Model):
    user = models.ForeignKey(User, models.CASCADE, related_name="scopes", verbose_name="用户")
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="范围")

    class Meta:
        verbose_name = verbose_name_plural = "用户范围"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "division"],
                name="core_user_has_a_scope_once",
                violation_error_message="这个用户已经有这个范围。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}：{self.division}"
