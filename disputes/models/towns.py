"""What one town asks of another about a dispute: to handle it together, or to take it over."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from core.choices import TOWN_ROLES
from core.models import Division
from core.models.files import also_seen
from core.scope import within_any
from disputes.choices import OPEN_STATES, TownRequestKind, TownRequestState
from disputes.models.disputes import Dispute

CAME_ABOUT = (TownRequestState.ACCEPTED, TownRequestState.ENDED)
OPENS = Q(state=TownRequestState.ASKED) | Q(kind=TownRequestKind.JOINT, state=TownRequestState.ACCEPTED)


class TownRequestQuerySet(models.QuerySet["TownRequest"]):
    def opening(self) -> "TownRequestQuerySet":
        """Those by which the other town sees the file: it is asked and has not answered, or it handles it too."""
        return self.filter(OPENS)

    def for_people_of(self, user: Any) -> "TownRequestQuerySet":
        """Those that open a file to mediators and officers of the asked town; to nobody else."""
        if user.role not in TOWN_ROLES:
            return self.none()
        return self.opening().filter(within_any("to_town_id", user.scope_codes))

    def awaiting_county(self) -> "TownRequestQuerySet":
        """Those the county is still to decide; `awaits_county_in` says the same of one."""
        there = Q(from_town=OuterRef("from_town"), to_town=OuterRef("to_town"))
        back = Q(from_town=OuterRef("to_town"), to_town=OuterRef("from_town"))
        later = TownRequest.objects.filter(there | back, dispute=OuterRef("dispute"), pk__gt=OuterRef("pk"))
        return self.filter(
            ~Exists(later.filter(state__in=CAME_ABOUT)),
            county_asked_on__isnull=False,
            state=TownRequestState.DECLINED,
            from_town=F("dispute__town_code"),
            dispute__state__in=OPEN_STATES,
        )


class TownRequest(models.Model):
    """The request and its answer, kept for good. An accepted joint handling runs until `ended_on`.

    `by_county`: the county decided, after the towns could not agree.
    """

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="town_requests", verbose_name="纠纷")
    kind = models.CharField("事项", max_length=8, choices=TownRequestKind)
    from_town = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="提出的镇（街）")
    to_town = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="对方镇（街）")
    state = models.CharField("状态", max_length=10, choices=TownRequestState, default=TownRequestState.ASKED)
    reason = models.CharField("理由", max_length=300)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提出人")
    asked_on = models.DateField("提出日")
    recorded_at = models.DateTimeField("录入时间")
    answer = models.CharField("答复", max_length=300, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="答复人"
    )
    answered_on = models.DateField("答复日", null=True, blank=True)
    answered_recorded_at = models.DateTimeField("答复录入时间", null=True, blank=True)
    by_county = models.BooleanField("县级决定", default=False)
    mediator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="对方派出的调解员",
    )
    county_asked_on = models.DateField("请县级决定日", null=True, blank=True)
    ended_on = models.DateField("联办结束日", null=True, blank=True)
    end_reason = models.CharField("结束理由", max_length=300, blank=True)

    objects = TownRequestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "联办、移送"
        ordering = ["asked_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dispute"],
                condition=Q(state=TownRequestState.ASKED),
                name="disputes_one_town_is_asked_at_a_time",
                violation_error_message="这一件正在等一个镇（街）的答复。",
            ),
            models.UniqueConstraint(
                fields=["dispute", "to_town"],
                condition=Q(kind=TownRequestKind.JOINT, state=TownRequestState.ACCEPTED),
                name="disputes_a_town_joins_once",
                violation_error_message="这个镇（街）已经在联办这一件。",
            ),
            models.CheckConstraint(
                name="disputes_another_town_is_asked",
                condition=~Q(from_town=F("to_town")),
                violation_error_message="不能请本镇（街）联办或接收。",
            ),
            models.CheckConstraint(
                name="disputes_town_request_says_why",
                condition=~Q(reason=""),
                violation_error_message="请写明为什么要请对方。",
            ),
            models.CheckConstraint(
                name="disputes_town_declines_with_a_reason",
                condition=~Q(state=TownRequestState.DECLINED) | ~Q(answer=""),
                violation_error_message="不同意要写明理由。",
            ),
            models.CheckConstraint(
                name="disputes_town_answered_exactly_when_dated",
                condition=Q(state=TownRequestState.ASKED, answered_on=None)
                | (~Q(state=TownRequestState.ASKED) & Q(answered_on__isnull=False)),
                violation_error_message="答复过的要有答复日，没有答复的不能有。",
            ),
            models.CheckConstraint(
                name="disputes_joint_handling_ended_exactly_when_dated",
                condition=Q(state=TownRequestState.ENDED, ended_on__isnull=False, kind=TownRequestKind.JOINT)
                | (~Q(state=TownRequestState.ENDED) & Q(ended_on=None)),
                violation_error_message="联办结束的要有结束日，没有结束的不能有。",
            ),
        ]
        indexes = [
            models.Index(fields=["to_town", "dispute"], name="town_request_opens", condition=OPENS),
            models.Index(fields=["dispute", "asked_on", "id"], name="town_request_dispute"),
            models.Index(
                fields=["county_asked_on", "id"], name="town_request_county", condition=Q(county_asked_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.from_town_id} → {self.to_town_id}"

    def is_settled_in(self, requests: "Iterable[TownRequest]") -> bool:
        """Whether the two towns came together after this one was declined: by themselves, or as the county decided."""
        return any(one.pk > self.pk and one.towns == self.towns and one.state in CAME_ABOUT for one in requests)

    def awaits_county_in(self, dispute: Dispute, requests: "Iterable[TownRequest]") -> bool:
        """Whether the county is still to decide: the dispute is open, with the town that asked, and nothing settled it.

        `requests` are those of the dispute; withdrawn ones may be left out.
        """
        asked = self.county_asked_on is not None and self.state == TownRequestState.DECLINED
        here = dispute.is_open and dispute.town_code == self.from_town_id
        return asked and here and not self.is_settled_in(requests)

    @property
    def towns(self) -> frozenset[str]:
        return frozenset((self.from_town_id, self.to_town_id))

    @property
    def is_move(self) -> bool:
        return self.kind == TownRequestKind.MOVE

    @property
    def asks_for(self) -> str:
        """What the other town is asked to do, as a sentence says it: one moves a file, the other takes it."""
        return "接收本件" if self.is_move else self.get_kind_display()


def papers_of_joint_disputes(user: Any) -> Q | None:
    """The papers of disputes that the user's town handles together with another."""
    joint = TownRequest.objects.for_people_of(user).filter(state=TownRequestState.ACCEPTED)
    keys = [str(key) for key in joint.values_list("dispute_id", flat=True)]
    return Q(subject_label=Dispute._meta.label_lower, subject_id__in=keys) if keys else None


also_seen(papers_of_joint_disputes)
