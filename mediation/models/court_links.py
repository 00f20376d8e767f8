"""What passes between town and court outside confirmation: guidance asked and answered, entrustments."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.scope import ScopedQuerySet
from disputes.models import Dispute
from mediation.choices import Basis, EntrustmentState, GuidanceMode, Procedure


class GuidanceQuerySet(ScopedQuerySet["GuidanceRequest"]):
    pass


class GuidanceRequest(models.Model):
    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="guidance_requests", verbose_name="纠纷")
    town_code = models.CharField("镇（街）", max_length=9, editable=False)
    question = models.TextField("问题", max_length=2000)
    urgent = models.BooleanField("紧急", default=False)
    mode = models.CharField("方式", max_length=8, choices=GuidanceMode, default=GuidanceMode.ONLINE)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提问人")
    asked_on = models.DateField("提问日")
    answer = models.TextField("答复", max_length=4000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="答复法官"
    )
    answered_on = models.DateField("答复日", null=True, blank=True)
    answered_recorded_at = models.DateTimeField("答复录入时间", null=True, blank=True)
    recorded_at = models.DateTimeField("录入时间")

    objects = GuidanceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "法官指导"
        constraints = [
            models.CheckConstraint(
                name="mediation_answer_has_day_and_judge",
                condition=Q(answer="", answered_on=None, answered_by=None)
                | (~Q(answer="") & Q(answered_on__isnull=False, answered_by__isnull=False)),
                violation_error_message="答复要有法官和答复日。",
            )
        ]
        indexes = [models.Index(fields=["town_code", "answered_on"], name="guidance_answered")]

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.asked_on}"


class EntrustmentQuerySet(ScopedQuerySet["Entrustment"]):
    pass


class Entrustment(models.Model):
    """The court refers a case to a town: 委派 before filing, 委托 after it."""

    dispute = models.OneToOneField(Dispute, models.PROTECT, related_name="entrustment", verbose_name="纠纷")
    town_code = models.CharField("镇（街）", max_length=9, editable=False)
    basis = models.CharField("方式", max_length=12, choices=[(b.value, b.label) for b in Basis if b != Basis.OWN])
    procedure = models.CharField("程序", max_length=8, choices=Procedure, blank=True, help_text="立案后委托的要写")
    online = models.BooleanField("在调解平台移送", default=False)
    court_number = models.CharField("法院案号", max_length=60, blank=True)
    state = models.CharField("状态", max_length=10, choices=EntrustmentState, default=EntrustmentState.SENT)
    sent_on = models.DateField("发出日")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发出人")
    received_on = models.DateField("签收日", null=True, blank=True)
    received_recorded_at = models.DateTimeField("签收录入时间", null=True, blank=True)
    declined_because = models.CharField("退回理由", max_length=300, blank=True)
    returned_on = models.DateField("反馈日", null=True, blank=True)
    recorded_at = models.DateTimeField("录入时间")
    version = models.PositiveIntegerField("版本", default=1)

    objects = EntrustmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "委派委托"
        constraints = [
            models.CheckConstraint(
                name="mediation_declined_entrustment_says_why",
                condition=~Q(state=EntrustmentState.DECLINED) | ~Q(declined_because=""),
                violation_error_message="退回要写明理由。",
            ),
            models.CheckConstraint(
                name="mediation_entrustment_after_filing_names_its_procedure",
                condition=(Q(basis=Basis.POST_FILING) & ~Q(procedure="") & ~Q(court_number=""))
                | (~Q(basis=Basis.POST_FILING) & Q(procedure="")),
                violation_error_message="立案后委托要写明程序和案号，立案前委派不写程序。",
            ),
        ]
        indexes = [models.Index(fields=["town_code", "sent_on"], name="entrustment_sent")]

    def __str__(self) -> str:
        return f"{self.get_basis_display()} {self.court_number}"
