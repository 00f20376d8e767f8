"""The people of a file are wiped when its term is over: name, numbers, story and papers go, the tombstone stays.

What stays: code, type, town, source, amount, dates, states, outcome, route, counts and the days of every step, so that
no figure changes. The audit trail stays whole: its rows are hashed, and it has a term of its own.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from core.actions import audit
from core.actions.files import wipe_files
from core.actions.reminders import also_do
from core.models import Deadline, Notification, StoredFile, User
from core.queries import system_user, today
from disputes.actions.events import record_event
from disputes.actions.states import lock_dispute
from disputes.choices import EventKind
from disputes.models import (
    ClusterMember,
    Dispute,
    DisputeEvent,
    DisputeLink,
    HiddenDanger,
    InternalNote,
    LatePaper,
    RiskFlag,
    TownRequest,
)
from mediation.models import (
    Agreement,
    Assignment,
    ConfirmationMaterial,
    ConfirmationRequest,
    Entrustment,
    GuidanceRequest,
    Mediation,
    PerformanceItem,
    Session,
    Signature,
    SupplementNotice,
)
from mediation.queries.handover import TO_DISPUTE
from mediation.queries.retention import past_term, verdict_now
from mediation.retention import DUE, HELD, Terms, parse_terms

GONE = "（已清除）"
STORY_GONE = "（个人信息已按期清除）"
A_SWEEP = 50  # files a sweep wipes: the next one goes on
AT_NIGHT = 3  # the hour in which the sweep wipes
WIPED: dict[type[models.Model], tuple[str, tuple[str, ...], dict[str, Any]]] = {
    # model: path to the dispute, texts that go, other columns with what stands there afterwards
    RiskFlag: ("dispute", ("reasons", "measures", "lowered_reason"), {}),
    TownRequest: ("dispute", ("reason", "answer", "end_reason"), {}),
    ClusterMember: ("dispute", ("respondent",), {}),
    HiddenDanger: ("dispute", ("note",), {}),
    DisputeLink: ("child", ("note",), {}),
    Mediation: ("dispute", ("outcome_note",), {}),
    Assignment: ("mediation__dispute", ("recused_because",), {}),
    Session: ("mediation__dispute", ("place", "others", "record"), {}),
    Agreement: ("mediation__dispute", ("facts", "manner"), {"clauses": [GONE]}),
    Signature: ("agreement__mediation__dispute", ("name",), {}),
    PerformanceItem: ("agreement__mediation__dispute", ("text",), {}),
    ConfirmationRequest: (
        "agreement__mediation__dispute",
        ("grounds",),
        {"precheck": [], "answers": {}, "opinions": {}, "ruling_draft": {}},
    ),
    ConfirmationMaterial: ("request__agreement__mediation__dispute", ("note",), {}),
    SupplementNotice: ("request__agreement__mediation__dispute", ("what", "answer"), {}),
    GuidanceRequest: ("dispute", ("question", "answer"), {}),
    Entrustment: ("dispute", ("declined_because",), {}),
    LatePaper: ("dispute", ("handed_in_by",), {}),
}


@dataclass
class Run:
    """What a run did: how many stood how, how many were wiped."""

    verdicts: Counter[str] = field(default_factory=Counter)
    done: int = 0


def terms_in_force() -> Terms:
    """The months by outcome that the county has set; empty while retention is off."""
    return parse_terms(settings.RETENTION_MONTHS)


def wipe_due(*, by: User, on: date, most: int | None = None) -> Run:
    """Wipe every file whose term is over and that nothing holds, each in a transaction of its own; audit at the end.

    A run cut short leaves whole files only; the next one goes on.
    """
    run, terms = Run(), terms_in_force()
    for dispute_id, _, word in past_term(terms, on):
        run.verdicts[word] += 1
        if word == DUE:
            run.done += anonymise(dispute_id=dispute_id, by=by, on=on)
        if run.done == most:
            break
    if run.done:
        detail = {"due": run.verdicts[DUE], "done": run.done, "held": run.verdicts[HELD]}
        audit.record("retention.run", by=by, division_code=settings.COUNTY_CODE, detail=detail)
    return run


@transaction.atomic
def anonymise(*, dispute_id: int, by: User, on: date) -> bool:
    """Wipe the people of one file whose term is over; False when something stands in the way by now.

    Effects: parties, story, search words, timeline, papers and the texts of every step; notes are deleted; messages
    and periods lose its name; event, audit.
    """
    dispute, terms = lock_dispute(dispute_id), terms_in_force()
    if dispute.anonymised_on or verdict_now(dispute, terms, on) != DUE:
        return False
    parties = _wipe_parties(dispute)
    papers = _wipe_papers(dispute)
    for model, (path, texts, others) in WIPED.items():
        _wipe_rows(model._default_manager.filter(**{path: dispute}), texts, others)
    for session in Session.objects.filter(mediation__dispute=dispute).exclude(private_note=""):
        session.private_note = ""
        session.save(update_fields=["private_note"])
    InternalNote.objects.filter(dispute=dispute).delete()
    _wipe_timeline(dispute)
    _wipe_mentions(dispute)
    _wipe_dispute(dispute, on)
    record_event(dispute, EventKind.ANONYMISED, on=on, by=by, text="保存期满，个人信息已清除")
    detail = {
        "code": dispute.code,
        "outcome": dispute.outcome,
        "closed_on": str(dispute.closed_on),
        "months": terms[dispute.outcome],
        "parties": parties,
        "papers": papers,
    }
    audit.record("dispute.anonymise", by=by, subject=dispute, division_code=dispute.town_code, detail=detail)
    return True


def wipe_at_night(at: datetime) -> int:
    """The sweep's part, in the small hours and only when the county has switched it on; returns how many files."""
    local = timezone.localtime(at)
    if not settings.RETENTION_AUTO or not terms_in_force() or local.hour != AT_NIGHT:
        return 0
    return wipe_due(by=system_user(), on=min(local.date(), today()), most=A_SWEEP).done


def _wipe_dispute(dispute: Dispute, on: date) -> None:
    dispute.title = f"{GONE}{dispute.case_type.cause}"
    dispute.narrative, dispute.search = STORY_GONE, []
    dispute.triage, dispute.answers, dispute.route_reason, dispute.platform_number = {}, [], "", ""
    dispute.idempotency_key, dispute.sent_mark, dispute.anonymised_on = None, "", on
    dispute.version += 1
    dispute.save(
        update_fields=[
            "title", "narrative", "search", "triage", "answers", "route_reason", "platform_number",
            "idempotency_key", "sent_mark", "anonymised_on", "version",
        ]
    )  # fmt: skip


def _wipe_parties(dispute: Dispute) -> int:
    """Names become 申请人1, 被申请人1; sides, kinds and consents stay for the counts."""
    seen: Counter[str] = Counter()
    for party in dispute.parties.all():
        seen[party.side] += 1
        party.name = f"{party.get_side_display()}{seen[party.side]}"
        party.id_number = party.phone = party.address = party.id_last4 = party.phone_last4 = ""
        party.guardian_name = party.guardian_relation = party.guardian_phone = party.capacity = ""
        party.agent_name = party.agent_kind = party.agent_phone = ""
        party.assisted_by = party.assisted_relation = party.sex = ""
        party.agent_authorised = party.assistance_agreed = party.read_aloud = False
        party.born_on = party.home = None
        party.save()
    return sum(seen.values())


def _wipe_papers(dispute: Dispute) -> int:
    """The papers of the file, what was sent to the court with it, and the ruling."""
    requests = ConfirmationRequest.objects.filter(agreement__mediation__dispute=dispute)
    materials = ConfirmationMaterial.objects.filter(request__in=requests)
    about = Q(subject_label=dispute._meta.label_lower, subject_id=str(dispute.pk))
    about |= Q(pk__in=requests.values("instrument")) | Q(pk__in=materials.values("file"))
    return wipe_files(StoredFile.objects.filter(about), name=GONE)


def _wipe_rows(rows: Any, texts: tuple[str, ...], others: Mapping[str, Any]) -> None:
    for name in texts:
        rows.exclude(**{name: ""}).update(**{name: GONE})
    if others:
        rows.update(**others)


def _wipe_timeline(dispute: Dispute) -> None:
    """What happened stays by its kind and its days; who said what does not."""
    for kind in DisputeEvent.objects.filter(dispute=dispute).order_by().values_list("kind", flat=True).distinct():
        DisputeEvent.objects.filter(dispute=dispute, kind=kind).update(text=str(EventKind(kind).label), detail="")


def _wipe_mentions(dispute: Dispute) -> None:
    """The dispute's name in periods, and messages that lead to it."""
    for model, path in TO_DISPUTE.items():
        for row in model._default_manager.filter(**{path.removesuffix("_id"): dispute.pk}):
            Deadline.objects.about(row).update(subject_text="")
    Notification.objects.filter(url__startswith=dispute.get_absolute_url()).update(text=f"{dispute.code}{GONE}")


also_do(wipe_at_night)
