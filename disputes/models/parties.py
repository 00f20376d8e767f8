"""Who quarrels: persons and organisations."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.choices import Sex
from core.fields import EncryptedTextField, LookupHashField
from core.models import Division
from core.scope import TOWN_CODE_LENGTH
from disputes.choices import PartyKind, Side
from disputes.models.disputes import Dispute


class Party(models.Model):
    """A person or organisation of one side; their numbers are encrypted, the last four digits serve look-ups."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="parties", verbose_name="纠纷")
    side = models.CharField("地位", max_length=10, choices=Side)
    order = models.PositiveSmallIntegerField("次序", default=0)
    kind = models.CharField("性质", max_length=12, choices=PartyKind, default=PartyKind.PERSON)
    name = models.CharField("姓名或名称", max_length=80, db_index=True)
    sex = models.CharField("性别", max_length=6, choices=Sex, blank=True)
    born_on = models.DateField("出生日期", null=True, blank=True)
    id_number = EncryptedTextField("证件号码", blank=True)
    id_hash = LookupHashField(source="id_number", label="id_number")
    id_last4 = models.CharField("证件后四位", max_length=4, blank=True, editable=False, db_index=True)
    phone = EncryptedTextField("电话", blank=True)
    phone_hash = LookupHashField(source="phone", label="phone")
    phone_last4 = models.CharField("电话后四位", max_length=4, blank=True, editable=False, db_index=True)
    address = EncryptedTextField("住址", blank=True)
    home = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="户籍或常住的镇（街）、村"
    )
    agent_name = models.CharField("代理人", max_length=60, blank=True)
    consents_to_mediation = models.BooleanField("同意调解", default=False)
    notice_accepted_at = models.DateTimeField("个人信息告知", null=True, blank=True)
    e_service_agreed = models.BooleanField("同意电子送达", default=False)
    service_address_confirmed_on = models.DateField("送达地址确认书", null=True, blank=True)
    assisted_by = models.CharField("协助人", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "当事人"
        ordering = ["side", "order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dispute", "id_hash"],
                condition=~Q(id_hash=""),
                name="disputes_party_once",
                violation_error_message="这个人已经在本件当事人里。",
            ),
            models.CheckConstraint(
                name="disputes_party_has_a_name",
                condition=~Q(name=""),
                violation_error_message="请写当事人姓名或名称。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def home_town(self) -> str:
        """The 9-digit code of the town the party is from; empty while nobody asked."""
        return (self.home_id or "")[:TOWN_CODE_LENGTH]

    @property
    def age(self) -> int | None:
        """Full years today; None when the day of birth is not known."""
        if self.born_on is None:
            return None
        today, born = timezone.localdate(), self.born_on
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
