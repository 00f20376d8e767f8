"""A list taken out of the roster: who asked, what for, and its file until it expires."""

from django.db import models
from django.db.models import Q

from core.choices import ExportState
from core.models import Division, ExportJob, ExportQuerySet
from roster.choices import ExportList


class RosterExport(ExportJob):
    """A list taken out of the roster: who asked, what for, and for a large one its file until it expires."""

    what = models.CharField("名单", max_length=8, choices=ExportList)
    town = models.ForeignKey(Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="镇（街）")
    total_rows = models.PositiveIntegerField("人数")

    objects = ExportQuerySet["RosterExport"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "名册导出"
        constraints = [
            models.CheckConstraint(
                name="roster_clear_export_has_a_reason",
                condition=Q(is_clear=False) | ~Q(reason=""),
                violation_error_message="不遮盖的名单要写用途。",
            ),
            models.CheckConstraint(
                name="roster_export_of_a_town_names_it",
                condition=Q(what=ExportList.TOWN, town__isnull=False) | (~Q(what=ExportList.TOWN) & Q(town=None)),
                violation_error_message="请选镇（街）。",
            ),
            models.CheckConstraint(
                name="roster_only_ready_exports_keep_a_file",
                condition=Q(state=ExportState.READY) | Q(content=""),
                violation_error_message="只有做好的导出才存文件。",
            ),
        ]
        indexes = [models.Index(fields=["asked_by", "-asked_at"], name="export_recent")]

    def __str__(self) -> str:
        return str(self.town) if self.town else self.get_what_display()
