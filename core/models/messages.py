"""Messages to people, and the two ledgers that tell higher apps what changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Notification(models.Model):
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications", verbose_name="收件人"
    )
    text = models.CharField("内容", max_length=200)
    url = models.CharField("打开", max_length=200, blank=True)
    urgent = models.BooleanField("紧急", default=False)
    created_at = models.DateTimeField("时间")
    read_at = models.DateTimeField("已读", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["recipient", "-created_at", "-id"], name="message_recent"),
            models.Index(fields=["recipient"], name="message_unread", condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return self.text


class DirtyBucket(models.Model):
    """A town's month whose tallies must be counted anew; cleared by reports. Several rows a bucket are harmless."""

    town_code = models.CharField("镇（街）", max_length=9)
    month = models.DateField("月", help_text="当月第一天")
    marked_at = models.DateTimeField("标记时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "待重算的月份"
        indexes = [models.Index(fields=["town_code", "month"], name="dirty_bucket")]

    def __str__(self) -> str:
        return f"{self.town_code} {self.month:%Y-%m}"


class OutboxEvent(models.Model):
    """A task to run after commit; the row is the queue of record, the broker only wakes the worker."""

    task = models.CharField("任务", max_length=80)
    arguments = models.JSONField("参数", default=dict)
    created_at = models.DateTimeField("时间", auto_now_add=True)
    done_at = models.DateTimeField("完成", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    not_before = models.DateTimeField("不早于", default=timezone.now, help_text="取走后、失败后顺延到这一时刻")

    class Meta:
        verbose_name = verbose_name_plural = "待办任务"
        indexes = [models.Index(fields=["not_before", "id"], name="outbox_open", condition=Q(done_at=None))]

    def __str__(self) -> str:
        return self.task


class SweepRun(models.Model):
    """When the sweep last finished; /readyz reads its age."""

    at = models.DateTimeField("扫描时点")
    finished_at = models.DateTimeField("完成")
    reminders = models.PositiveIntegerField("新提醒", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "期限扫描"
        get_latest_by = "finished_at"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
