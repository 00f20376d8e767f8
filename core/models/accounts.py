"""Accounts: a user has one role and sees the divisions of their scope rows; sessions, second factor."""

import uuid
from functools import cached_property

from django.contrib.auth.models import AbstractUser
from django.contrib.sessions.models import Session
from django.db import models
from django.utils.crypto import salted_hmac

from core.choices import Role
from core.fields import EncryptedTextField
from core.models.divisions import Division
from core.prepared import Prepared


class User(AbstractUser):
    name = models.CharField("姓名", max_length=60, blank=True)
    role = models.CharField("角色", max_length=12, choices=Role, default=Role.MEDIATOR)
    unit = models.CharField("单位", max_length=80, blank=True)
    must_change_password = models.BooleanField("首次登录须改密码", default=False)
    password_changed_at = models.DateTimeField("密码修改时间", null=True, blank=True, editable=False)
    one_time_until = models.DateTimeField(
        "一次性密码有效期至", null=True, blank=True, editable=False, help_text="有值：现在的密码是管理员发的，没改过"
    )
    closed_with_term = models.BooleanField(
        "离任停用", default=False, editable=False, help_text="离任时自动停用的，再任职时自动恢复；管理员停用的不会"
    )
    session_epoch = models.PositiveIntegerField("登录批次", default=0, editable=False, help_text="加一，全部登录失效")

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
        return tuple(_scope_codes(user_pk=self.pk))

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must still agree with: a new password, another role or a new epoch ends every session."""
        value = f"{self.password}:{self.role}:{self.session_epoch}"
        return salted_hmac("core.user.session", value, secret=secret, algorithm="sha256").hexdigest()


def _scope_rows(user_pk: int) -> "models.QuerySet[UserScope, str]":
    rows = UserScope.objects.filter(user_id=user_pk).order_by("division_id")
    return rows.values_list("division_id", flat=True)


_scope_codes = Prepared(_scope_rows, planned_once=True)


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


class UserSession(models.Model):
    """Where an account is signed in, for its owner to see and end; goes with Django's session row."""

    session = models.OneToOneField(
        Session, models.CASCADE, primary_key=True, related_name="owned", verbose_name="会话", db_constraint=False
    )
    user = models.ForeignKey(User, models.CASCADE, related_name="signed_in", verbose_name="用户")
    started_at = models.DateTimeField("登录时间")
    address = models.CharField("来源地址", max_length=45, blank=True)
    browser = models.CharField("浏览器", max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "登录中的会话"
        ordering = ["-started_at", "pk"]

    def __str__(self) -> str:
        return f"{self.user} {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def named(self) -> str:
        """What a page calls it by: the key itself is the way in and stands in a cookie alone."""
        return salted_hmac("core.session.named", str(self.pk), algorithm="sha256").hexdigest()


class SecondFactor(models.Model):
    """The authenticator of one account (RFC 6238: six digits, 30 seconds). `last_step` makes each code single use."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(User, models.CASCADE, related_name="second_factor", verbose_name="用户")
    secret = EncryptedTextField("密钥")
    confirmed_at = models.DateTimeField("启用时间")
    last_step = models.BigIntegerField("上次用到的时段", default=0)
    failures = models.PositiveSmallIntegerField("连续输错", default=0)
    locked_until = models.DateTimeField("暂停到", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "第二因子"

    def __str__(self) -> str:
        return f"{self.user}"


class RecoveryCode(models.Model):
    """A code that stands in for the authenticator once; only its password hash is kept."""

    factor = models.ForeignKey(SecondFactor, models.CASCADE, related_name="recovery_codes", verbose_name="第二因子")
    code_hash = models.CharField("哈希", max_length=128)
    used_at = models.DateTimeField("用掉的时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "恢复码"

    def __str__(self) -> str:
        return f"{self.factor}"
