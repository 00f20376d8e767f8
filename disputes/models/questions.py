"""What is asked of each case type beside the story."""

from django.db import models
from django.db.models import Q

from disputes.choices import QuestionKind
from disputes.models.disputes import CaseType


class CaseQuestion(models.Model):
    """One question of a case type. Rows are switched off, never deleted: answers keep their words."""

    key = models.SlugField("代码", max_length=40, unique=True, help_text="英文，一经使用不要改。")
    case_type = models.ForeignKey(CaseType, models.CASCADE, related_name="questions", verbose_name="纠纷类型")
    label = models.CharField("问什么", max_length=30)
    kind = models.CharField("答法", max_length=8, choices=QuestionKind, default=QuestionKind.TEXT)
    options = models.TextField("选项", blank=True, max_length=500, help_text="答法是「选一项」的，一行写一个。")
    help = models.CharField("提示", max_length=80, blank=True)
    required_before_agreement = models.BooleanField("起草协议前必须有", default=False)
    past_only = models.BooleanField(
        "日期不能在今天以后",
        default=False,
        db_default=False,
        help_text="答法是「日期」、问的是已经发生的事，就勾上；到期日这一类不勾。",
    )
    fills_amount = models.BooleanField("标的额空着时用它", default=False)
    order = models.PositiveSmallIntegerField("次序", default=0)
    enabled = models.BooleanField("启用", default=True)
    edited = models.BooleanField("管理员改过", default=False, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "登记时要问的"
        ordering = ["case_type__order", "order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="disputes_question_to_choose_from_has_options",
                condition=Q(kind=QuestionKind.CHOICE) ^ Q(options=""),
                violation_error_message="「选一项」要写选项，一行一个；别的答法不写选项。",
            ),
            models.CheckConstraint(
                name="disputes_only_money_fills_the_amount",
                condition=Q(fills_amount=False) | Q(kind=QuestionKind.MONEY),
                violation_error_message="只有答法是「金额」的才能用作标的额。",
            ),
            models.CheckConstraint(
                name="disputes_only_a_day_lies_in_the_past",
                condition=Q(past_only=False) | Q(kind=QuestionKind.DAY),
                violation_error_message="只有答法是「日期」的才能勾「日期不能在今天以后」。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_type_id} {self.label}"

    @property
    def option_list(self) -> list[str]:
        return [line.strip() for line in self.options.splitlines() if line.strip()]
