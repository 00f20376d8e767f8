"""The audit trail: append-only, hash chained, one chain per county."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce


class FactText(models.Func):
    """`FactText("detail", fact="code")`: one fact of the JSON as text, written the same in an index and in a query.

    Django's own look-up into JSON binds the name as a parameter, and an index is not found by an expression with one.
    """

    template = "(%(expressions)s ->> '%(fact)s')"
    output_field = models.CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="JSON_EXTRACT(%(expressions)s, '$.%(fact)s')", **extra)


def number_told() -> Coalesce:
    """The number of the dispute that an act wrote down, as an expression over `detail`."""
    return Coalesce(FactText("detail", fact="dispute"), FactText("detail", fact="code"))


class AuditHead(models.Model):
    """The end of a chain; its row lock orders the writers."""

    chain = models.CharField("链", max_length=6, primary_key=True)
    seq = models.PositiveBigIntegerField("序号", default=0)
    hash = models.CharField("哈希", max_length=64, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "审计链头"

    def __str__(self) -> str:
        return f"{self.chain} #{self.seq}"


class AuditEntry(models.Model):
    chain = models.CharField("链", max_length=6)
    seq = models.PositiveBigIntegerField("序号")
    at = models.DateTimeField("时间")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="操作人", db_constraint=True
    )
    actor_name = models.CharField("操作人姓名", max_length=60)
    actor_role = models.CharField("角色", max_length=12, blank=True)
    division_code = models.CharField("区划", max_length=12, blank=True)
    address = models.CharField("来源地址", max_length=45, blank=True)
    request_id = models.CharField("请求号", max_length=32, blank=True)
    action = models.CharField("动作", max_length=60)
    subject_label = models.CharField("对象类型", max_length=60, blank=True)
    subject_id = models.CharField("对象", max_length=64, blank=True)
    success = models.BooleanField("成功", default=True)
    detail = models.JSONField("内容", default=dict, blank=True)
    prev_hash = models.CharField("前一条哈希", max_length=64, blank=True)
    hash = models.CharField("哈希", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "审计记录"
        constraints = [
            models.UniqueConstraint(
                fields=["chain", "seq"], name="core_audit_seq_once", violation_error_message="审计序号重复。"
            )
        ]
        indexes = [
            models.Index(fields=["subject_label", "subject_id", "-seq"], name="audit_subject"),
            models.Index(fields=["-at", "-id"], name="audit_at"),
            models.Index(fields=["subject_id"], name="audit_subject_id"),
            models.Index(number_told(), name="audit_number"),
        ]

    def __str__(self) -> str:
        return f"{self.chain} #{self.seq} {self.action}"

    @property
    def facts(self) -> list[tuple[str, Any]]:
        """What the act wrote down, by name. A template cannot ask `detail.items`: an act may call a fact `items`."""
        return list(self.detail.items())
