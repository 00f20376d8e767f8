"""Administrative divisions, keyed by their official code; containment is code prefix. Names repeat."""

from django.db import models

from core.choices import Level


def spoken(name: str) -> str:
    """A village's name as people say it: 石牌村 for 石牌村民委员会, 分界社区 for 分界社区居民委员会."""
    return name.replace("村民委员会", "村").replace("社区居民委员会", "社区").replace("居民委员会", "社区")


class Division(models.Model):
    code = models.CharField("代码", max_length=12, primary_key=True)
    name = models.CharField("名称", max_length=60)
    level = models.CharField("级别", max_length=10, choices=Level)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    short_code = models.CharField(
        "编号字头", max_length=4, null=True, blank=True, unique=True, help_text="镇（街）的案件编号字头，如 TP"
    )
    is_statistical_only = models.BooleanField("仅统计用", default=False, help_text="如农场，不计入镇（街）数")
    population = models.PositiveIntegerField("常住人口", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "行政区划"
        ordering = ["code"]
        indexes = [models.Index(fields=["level", "code"], name="division_level_code")]

    def __str__(self) -> str:
        return self.name

    @property
    def town_code(self) -> str:
        """The 9-digit code of the town this division is or lies in."""
        return self.code[:9]

    @property
    def short_name(self) -> str:
        """The name as people say it."""
        return spoken(self.name)
