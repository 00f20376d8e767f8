"""What a point does beside its cases: joint meetings and their decisions, training, publicity, and the year's plan."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from core.clock_face import is_late_entry
from core.models import StoredFile
from liaison.choices import MEETING_SYSTEMS, PUBLICITY_KINDS, REPORT_KINDS, ActivityKind, SystemKind, options
from liaison.models.points import LiaisonPoint


class ActivityQuerySet(models.QuerySet[Any]):
    def standing(self) -> Self:
        """What counts: not voided."""
        return self.filter(voided_at=None)


class Activity(models.Model):
    """What every activity has: the point, who wrote it down and when, how often it was corrected, whether it stands.

    One that was voided stays to be seen, crossed out, and counts nowhere.
    """

    point = models.ForeignKey(LiaisonPoint, models.CASCADE, related_name="%(class)ss", verbose_name="联络点")
    recorded_at = models.DateTimeField("录入时间")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="录入人"
    )
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    voided_at = models.DateTimeField("作废时间", null=True, blank=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="作废人"
    )
    void_reason = models.CharField("作废理由", max_length=200, blank=True)

    objects = ActivityQuerySet.as_manager()
    day_field = "held_on"
    book = ""  # under which word of the address it is kept

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="liaison_voided_%(class)s_says_why",
                condition=Q(voided_at=None, voided_by=None, void_reason="")
                | (Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason="")),
                violation_error_message="作废要写明理由。",
            )
        ]

    def get_absolute_url(self) -> str:
        return reverse("liaison:activity", args=[self.point.town_code, self.book, self.pk])

    @property
    def day(self) -> date:
        """The day on which it was."""
        day: date = getattr(self, self.day_field)
        return day

    @property
    def is_late(self) -> bool:
        """补录: written down more than LATE_ENTRY_DAYS after the day itself."""
        return is_late_entry(self.day, self.recorded_at)

    @property
    def town_code(self) -> str:
        return self.point.town_code


class Meeting(Activity):
    """A joint meeting of court, town and mediators: the use of the grid and cooperation systems."""

    held_on = models.DateField("日期")
    system = models.CharField("所属制度", max_length=14, choices=options(MEETING_SYSTEMS), default=SystemKind.GRID)
    agenda = models.CharField("议题", max_length=200)
    minutes = models.TextField("纪要", max_length=20_000, blank=True)
    attendees = models.ManyToManyField(
        "roster.Staff", blank=True, related_name="meetings", verbose_name="队伍里参加的人"
    )
    guests = models.CharField("其他单位参加的人", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "联席会议"
        ordering = ["-held_on", "-id"]
        indexes = [models.Index(fields=["point", "held_on"], name="meeting_day")]
        constraints = Activity.Meta.constraints

    def __str__(self) -> str:
        return f"{self.point} {self.held_on}"

    def get_absolute_url(self) -> str:
        return reverse("liaison:meeting", args=[self.point.town_code, self.pk])


class MeetingDecision(models.Model):
    """What a meeting decided that somebody does until a day; done on a day, with a word on what came of it."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="decisions", verbose_name="会议")
    text = models.CharField("决定", max_length=120)
    owner = models.ForeignKey("roster.Staff", models.PROTECT, related_name="decisions", verbose_name="负责人")
    due_on = models.DateField("最迟哪天")
    recorded_at = models.DateTimeField("录入时间")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="录入人"
    )
    done_on = models.DateField("办成日", null=True, blank=True)
    done_note = models.CharField("办理情况", max_length=200, blank=True)
    done_recorded_at = models.DateTimeField("办成录入时间", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="办成录入人"
    )
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="撤回人"
    )
    withdrawn_because = models.CharField("撤回理由", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "会议决定"
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="liaison_done_decision_says_what_came_of_it",
                condition=Q(done_on=None, done_recorded_at=None, done_by=None, done_note="")
                | (Q(done_on__isnull=False, done_recorded_at__isnull=False, done_by__isnull=False) & ~Q(done_note="")),
                violation_error_message="办成的决定要有日期和办理情况。",
            ),
            models.CheckConstraint(
                name="liaison_withdrawn_decision_says_why_and_was_not_done",
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_because="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, done_on=None) & ~Q(withdrawn_because="")),
                violation_error_message="撤回的决定要写明理由，办成的不能撤回。",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def town_code(self) -> str:
        return self.meeting.town_code

    @property
    def is_open(self) -> bool:
        """Still to be carried out; nothing of a voided meeting is."""
        return self.done_on is None and self.withdrawn_at is None and self.meeting.voided_at is None

    @property
    def is_late(self) -> bool:
        """补录: noted as done more than LATE_ENTRY_DAYS after the day itself."""
        return self.done_on is not None and is_late_entry(self.done_on, self.done_recorded_at)  # type: ignore[arg-type]


class Training(Activity):
    """The team was taught something."""

    book = "training"

    held_on = models.DateField("日期")
    topic = models.CharField("主题", max_length=200)
    lecturer = models.CharField("授课人", max_length=100)
    attendees = models.ManyToManyField(
        "roster.Staff", blank=True, related_name="trainings", verbose_name="队伍里参加的人"
    )
    guests = models.CharField("其他单位参加的人", max_length=300, blank=True)
    materials = models.ManyToManyField(StoredFile, blank=True, related_name="+", verbose_name="材料")
    feedback = models.TextField("反馈", max_length=4_000, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "业务培训"
        ordering = ["-held_on", "-id"]
        indexes = [models.Index(fields=["point", "held_on"], name="training_day")]
        constraints = Activity.Meta.constraints

    def __str__(self) -> str:
        return self.topic


class PublicityEvent(Activity):
    """Law was brought to the people: a trial on the spot, a lesson, a visit; photographs prove it."""

    book = "publicity"

    kind = models.CharField("种类", max_length=15, choices=options(PUBLICITY_KINDS))
    held_on = models.DateField("日期")
    title = models.CharField("内容", max_length=200)
    place = models.CharField("地点", max_length=120)
    head_count = models.PositiveIntegerField("参加人数")
    photos = models.ManyToManyField(StoredFile, blank=True, related_name="+", verbose_name="照片")

    class Meta:
        verbose_name = verbose_name_plural = "法治宣传"
        ordering = ["-held_on", "-id"]
        indexes = [models.Index(fields=["point", "held_on"], name="publicity_day")]
        constraints = [
            *Activity.Meta.constraints,
            models.CheckConstraint(
                name="liaison_publicity_reached_somebody",
                condition=Q(head_count__gte=1),
                violation_error_message="参加人数至少是 1。",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class MediaReport(Activity):
    """What was written about the point's work: by a paper or a station, or as experience for others."""

    day_field, book = "published_on", "media"

    kind = models.CharField("种类", max_length=15, choices=options(REPORT_KINDS))
    outlet = models.CharField("刊发单位", max_length=60)
    published_on = models.DateField("刊发日")
    title = models.CharField("标题", max_length=200)
    link = models.CharField("网址", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "媒体报道与经验材料"
        ordering = ["-published_on", "-id"]
        indexes = [models.Index(fields=["point", "published_on"], name="media_day")]
        constraints = [
            *Activity.Meta.constraints,
            models.CheckConstraint(
                name="liaison_media_link_is_of_the_web",
                condition=Q(link="") | Q(link__startswith="http://") | Q(link__startswith="https://"),
                violation_error_message="网址要以 http:// 或 https:// 开头。",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ActivityPlan(models.Model):
    """How many of a kind a point means to do in a year."""

    point = models.ForeignKey(LiaisonPoint, models.CASCADE, related_name="plans", verbose_name="联络点")
    year = models.PositiveSmallIntegerField("年份")
    kind = models.CharField("种类", max_length=15, choices=ActivityKind)
    wanted = models.PositiveSmallIntegerField("计划次数")

    class Meta:
        verbose_name = verbose_name_plural = "年度计划"
        constraints = [
            models.UniqueConstraint(
                fields=["point", "year", "kind"],
                name="liaison_one_plan_a_year_and_kind",
                violation_error_message="这一年这一种已经有计划。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.point} {self.year} {self.get_kind_display()}"
