"""What a point does beside its cases: joint meetings and their decisions, training, publicity, and the year's plan."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from core.clock_face import is_late_entry
from core.models import StoredFile
from liaison.choices import MEETING_SYSTEMS, PUBLICITY_KINDS, REPORT_KINDS, ActivityKind, SystemKind, options
from liaison.models.points import LiaisonPoint


class Activity(models.Model):
    """What every activity has: the point, who wrote it down and when, how often it was corrected."""

    point = models.ForeignKey(LiaisonPoint, models.CASCADE, related_name="%(class)ss", verbose_name="联络点")
    recorded_at = models.DateTimeField("录入时间")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="录入人"
    )
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    day_field = "held_on"

    class Meta:
        abstract = True

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

    class Meta:
        verbose_name = verbose_name_plural = "会议决定"
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="liaison_done_decision_says_what_came_of_it",
                condition=Q(done_on=None, done_recorded_at=None, done_by=None, done_note="")
                | (Q(done_on__isnull=False, done_recorded_at__isnull=False, done_by__isnull=False) & ~Q(done_note="")),
                violation_error_message="办成的决定要有日期和办理情况。",
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def town_code(self) -> str:
        return self.meeting.town_code

    @property
    def is_late(self) -> bool:
        """补录: noted as done more than LATE_ENTRY_DAYS after the day itself."""
        return self.done_on is not None and is_late_entry(self.done_on, self.done_recorded_at)  # type: ignore[arg-type]


class Training(Activity):
    """The team was taught something."""

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

    def __str__(self) -> str:
        return self.topic


class PublicityEvent(Activity):
    """Law was brought to the people: a trial on the spot, a lesson, a visit; photographs prove it."""

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
            models.CheckConstraint(
                name="liaison_publicity_reached_somebody",
                condition=Q(head_count__gte=1),
                violation_error_message="参加人数至少是 1。",
            )
        ]

    def __str__(self) -> str:
        return self.title


class MediaReport(Activity):
    """What was written about the point's work: by a paper or a station, or as experience for others."""

    day_field = "published_on"

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
            models.CheckConstraint(
                name="liaison_media_link_is_of_the_web",
                condition=Q(link="") | Q(link__startswith="http://") | Q(link__startswith="https://"),
                violation_error_message="网址要以 http:// 或 https:// 开头。",
            )
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
