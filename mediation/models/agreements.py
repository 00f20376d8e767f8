"""The agreement, each signature and the seal with its own time, and what has to be performed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.models import StoredFile
from disputes.models import Party
from mediation.choices import AgreementForm, SignerKind, SignMethod
from mediation.models.mediations import Mediation


class Agreement(models.Model):
    mediation = models.OneToOneField(Mediation, models.PROTECT, related_name="agreement", verbose_name="调解")
    number = models.CharField("编号", max_length=60, unique=True)
    form = models.CharField("形式", max_length=8, choices=AgreementForm, default=AgreementForm.WRITTEN)
    facts = models.TextField("主要事实和争议事项", max_length=10_000)
    clauses = models.JSONField("协议内容", default=list, help_text="逐条的文字")
    manner = models.CharField("履行方式、地点", max_length=200, blank=True)
    concluded_on = models.DateField("达成日")
    effective_on = models.DateField("生效日", null=True, blank=True)
    copies = models.PositiveSmallIntegerField("份数", default=3)
    involves_identity = models.BooleanField("涉及身份关系", default=False)
    involves_title = models.BooleanField("涉及物权、知识产权确权", default=False)
    involves_real_estate = models.BooleanField("涉及不动产", default=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="录入人")
    recorded_at = models.DateTimeField("录入时间")
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "调解协议"
        constraints = [
            models.CheckConstraint(
                name="mediation_agreement_effective_after_conclusion",
                condition=Q(effective_on=None) | Q(effective_on__gte=F("concluded_on")),
                violation_error_message="生效日不能早于达成日。",
            ),
            models.CheckConstraint(
                name="mediation_agreement_tells_the_facts",
                condition=~Q(facts=""),
                violation_error_message="请写主要事实和争议事项。",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Signature(models.Model):
    """One signature or the seal; the agreement takes effect with the latest one that its basis asks for."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="signatures", verbose_name="协议")
    kind = models.CharField("谁", max_length=8, choices=SignerKind)
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="当事人")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="调解员"
    )
    name = models.CharField("签名人或印章", max_length=80)
    method = models.CharField("方式", max_length=11, choices=SignMethod)
    signed_at = models.DateTimeField("签名时间")
    recorded_at = models.DateTimeField("录入时间")

    class Meta:
        verbose_name = verbose_name_plural = "签名盖章"
        ordering = ["signed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "party"],
                condition=Q(kind=SignerKind.PARTY),
                name="mediation_party_signs_once",
                violation_error_message="这名当事人已经签过名。",
            ),
            models.UniqueConstraint(
                fields=["agreement", "user"],
                condition=Q(kind=SignerKind.MEDIATOR),
                name="mediation_mediator_signs_once",
                violation_error_message="这名调解员已经签过名。",
            ),
            models.UniqueConstraint(
                fields=["agreement"],
                condition=Q(kind=SignerKind.SEAL),
                name="mediation_sealed_once",
                violation_error_message="已经盖过章。",
            ),
            models.CheckConstraint(
                name="mediation_signature_names_its_signer",
                condition=Q(kind=SignerKind.PARTY, party__isnull=False, user=None)
                | Q(kind=SignerKind.MEDIATOR, party=None, user__isnull=False)
                | Q(kind=SignerKind.SEAL, party=None, user=None),
                violation_error_message="签名要写明是谁签的。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.get_method_display()}"


class PerformanceItem(models.Model):
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="performance_items", verbose_name="协议")
    serial = models.PositiveSmallIntegerField("期")
    text = models.CharField("内容", max_length=200)
    debtor = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="履行人")
    amount = models.DecimalField("金额（元）", max_digits=14, decimal_places=2, null=True, blank=True)
    due_on = models.DateField("履行日")
    done_on = models.DateField("已履行日", null=True, blank=True)
    done_recorded_at = models.DateTimeField("履行录入时间", null=True, blank=True)
    proof = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, verbose_name="凭证")
    recorded_at = models.DateTimeField("录入时间")

    class Meta:
        verbose_name = verbose_name_plural = "履行"
        ordering = ["serial"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "serial"],
                name="mediation_performance_serial_once",
                violation_error_message="期次重复。",
            ),
            models.CheckConstraint(
                name="mediation_performance_amount_is_positive",
                condition=Q(amount=None) | Q(amount__gt=0),
                violation_error_message="金额要大于零。",
            ),
            models.CheckConstraint(
                name="mediation_performed_exactly_when_recorded",
                condition=Q(done_on=None, done_recorded_at=None)
                | Q(done_on__isnull=False, done_recorded_at__isnull=False),
                violation_error_message="已履行的要有履行日和录入时间。",
            ),
        ]
        indexes = [models.Index(fields=["due_on"], name="performance_open", condition=Q(done_on=None))]

    def __str__(self) -> str:
        return f"{self.serial} {self.due_on}"
