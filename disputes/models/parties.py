"""Who quarrels: persons and organisations."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.choices import Sex
from core.fields import EncryptedTextField, LookupHashField
from core.models import Division
from core.scope import TOWN_CODE_LENGTH
from disputes import standing
from disputes.choices import AgentKind, Capacity, NoticeHow, PartyKind, Side
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
    capacity = models.CharField("行为能力", max_length=8, choices=Capacity, blank=True)
    guardian_name = models.CharField("监护人", max_length=60, blank=True)
    guardian_relation = models.CharField("监护人是本人的", max_length=20, blank=True)
    guardian_phone = EncryptedTextField("监护人电话", blank=True)
    agent_name = models.CharField("代理人", max_length=60, blank=True)
    agent_kind = models.CharField("怎样代理", max_length=10, choices=AgentKind, blank=True)
    agent_phone = EncryptedTextField("代理人电话", blank=True)
    agent_authorised = models.BooleanField("有授权委托书", default=False)
    consents_to_mediation = models.BooleanField("同意调解", default=False)
    notice_accepted_at = models.DateTimeField("个人信息告知", null=True, blank=True)
    notice_how = models.CharField("怎样告知", max_length=8, choices=NoticeHow, blank=True)
    notice_given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,  # nobody asks whom somebody told
        verbose_name="告知人",
    )
    e_service_agreed = models.BooleanField("同意电子送达", default=False)
    service_address_confirmed_on = models.DateField("送达地址确认书", null=True, blank=True)
    assisted_by = models.CharField("协助人", max_length=60, blank=True)
    assisted_relation = models.CharField("协助人是本人的", max_length=20, blank=True)
    assistance_agreed = models.BooleanField("本人同意由其协助", default=False)
    read_aloud = models.BooleanField("已读给本人听", default=False)

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
            models.CheckConstraint(
                name="disputes_party_agent_has_a_name",
                condition=Q(agent_kind="", agent_phone="", agent_authorised=False) | ~Q(agent_name=""),
                violation_error_message="请写代理人的姓名。",
            ),
            models.CheckConstraint(
                name="disputes_party_guardian_has_a_name",
                condition=Q(guardian_relation="", guardian_phone="") | ~Q(guardian_name=""),
                violation_error_message="请写监护人的姓名。",
            ),
            models.CheckConstraint(
                name="disputes_party_helper_has_a_name",
                condition=Q(assisted_relation="", assistance_agreed=False, read_aloud=False) | ~Q(assisted_by=""),
                violation_error_message="请写协助人的姓名。",
            ),
            models.CheckConstraint(
                name="disputes_party_notice_has_its_moment",
                condition=Q(notice_how="", notice_given_by=None) | Q(notice_accepted_at__isnull=False),
                violation_error_message="记了怎样告知，也要记什么时候告知。",
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
        return None if self.born_on is None else standing.age_on(self.born_on, timezone.localdate())

    @property
    def needs_guardian(self) -> bool:
        """Whether somebody must act for them, today."""
        return standing.needs_guardian(self.kind, self.capacity, self.born_on, timezone.localdate())

    def must_be_stood_in_on(self, day: date) -> bool:
        """Whether what they sign themselves on that day does not bind (民法典 19–23)."""
        return standing.needs_guardian(self.kind, self.capacity, self.born_on, day)

    @property
    def acts_by_law(self) -> str:
        """Who would act for them by law: the guardian, else the statutory agent; empty while nobody is named."""
        return self.guardian_name or (self.agent_name if self.agent_kind == AgentKind.STATUTORY else "")

    @property
    def lacks_guardian(self) -> bool:
        """Whether somebody must act for them and nobody is named."""
        return self.needs_guardian and not self.acts_by_law

    @property
    def helper_lacks(self) -> str:
        """What is still to be noted of who helped them, in words."""
        return standing.helper_lacks(self.assisted_by, agreed=self.assistance_agreed, read_aloud=self.read_aloud)

    def stands_in_on(self, day: date) -> str:
        """Who may sign for them: the guardian of somebody who cannot act alone, else the agent; empty for nobody."""
        return (self.must_be_stood_in_on(day) and self.acts_by_law) or self.agent_name

    @property
    def stands_in(self) -> str:
        """Who may sign for them today."""
        return self.stands_in_on(timezone.localdate())

    @property
    def why_guardian(self) -> str:
        """Why somebody must act for them, in words."""
        return standing.why_guardian(self.capacity, self.born_on, timezone.localdate())
