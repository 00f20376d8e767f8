"""Comparing the respondents of a dispute with those of others: one warning, which the next dispute joins.

Registering only leaves a mark in the row it writes anyway; the sweep compares whatever is marked, each dispute in a
transaction of its own. A lost broker loses nothing, and two sweeps at once meet at the constraint of the keys.
"""

import logging
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from core.access import require
from core.actions import audit, reminders
from core.actions.notifications import message, notify_all
from core.choices import TOWN_ROLES
from core.errors import Conflict, Refused
from core.models import Division, Notification, User
from disputes import queries
from disputes.actions.events import record_event
from disputes.actions.states import lock_dispute
from disputes.choices import OPEN_STATES, ClusterMark, DisputeState, EventKind, Outcome, Side
from disputes.clusters import REPEATED_FAILURES, why, window
from disputes.models import ClusterKey, ClusterMember, ClusterWarning, Dispute, Party
from disputes.queries import clusters as reads
from disputes.queries.chain import county_of
from disputes.queries.clusters import Key, Likeness
from disputes.queries.known import disputes_of_people

logger = logging.getLogger(__name__)
AT_ONCE = 500  # disputes a sweep
REASON_LENGTH = 300
WORKED_ON = OPEN_STATES | {DisputeState.FAILED}  # here the next step is still somebody's
AT_A_CLOSING = 20  # disputes compared while somebody waits for the page
REPEATED = "次调解不成，请看下一步怎么办（内部要求）"
WHO_CLOSES = "聚集预警只在一个镇（街）的，由该镇（街）联络人员了结；涉及几个镇（街）的，由县级了结。"


def compare_marked(at: datetime) -> int:
    """Compare what is marked; returns how many came into a warning. Run again it finds none marked.

    At most AT_ONCE a sweep, what runs still before what is filed away: years of a ledger read in at once keep no
    quarrel of today waiting.
    """
    return sum(_safely(pk, at) for pk in reads.waiting()[:AT_ONCE])


def _safely(dispute_id: int, at: datetime) -> bool:
    try:
        return compare(dispute_id=dispute_id, at=at)
    except Exception:  # two sweeps met, or this one file is odd: it stays marked, the others go on
        logger.exception("dispute %s was not compared", dispute_id)
        return False


@transaction.atomic
def compare(*, dispute_id: int, at: datetime) -> bool:
    """Look at one dispute's respondents and at how often these people failed; returns whether it stands in a warning.

    Effects: warning or membership, event, messages, audit for what is new; count of failures, and where they are
    repeated one message to whoever has none of it yet; mark.
    """
    dispute = lock_dispute(dispute_id)
    if dispute.cluster_mark != ClusterMark.DUE:
        return False
    parties = list(dispute.parties.all())
    respondents = [party for party in parties if party.side == Side.RESPONDENT and reads.keys_of(party)]
    keys = {key for party in respondents for key in reads.keys_of(party)}
    _leave_others(dispute, keys)
    inside = _join_open(dispute, respondents, keys, at) or _warn(dispute, respondents, at)
    dispute.failures = reads.failures_of(dispute, parties)
    if dispute.failures >= REPEATED_FAILURES and dispute.state in WORKED_ON:
        _tell_of_failures(dispute, at)
    dispute.cluster_mark = ClusterMark.IN.value if inside else ""
    dispute.save(update_fields=["failures", "cluster_mark"])
    if dispute.outcome == Outcome.FAILED:  # open disputes of the same people are to show it
        theirs = disputes_of_people(parties).filter(state__in=OPEN_STATES).exclude(pk=dispute.pk)
        theirs.update(cluster_mark=ClusterMark.DUE)
    return inside


def _leave_others(dispute: Dispute, keys: Collection[Key]) -> None:
    """A dispute whose respondent was corrected no longer stands in the open warning of the former one."""
    strange = ClusterMember.objects.filter(dispute=dispute, cluster__closed_at=None)
    strange.exclude(cluster__in=reads.open_clusters(keys)).delete()


def _join_open(dispute: Dispute, respondents: Sequence[Party], keys: Collection[Key], at: datetime) -> bool:
    """Put the dispute into every open warning about one of its respondents; those it is in already stay as they are."""
    clusters = list(reads.open_clusters(keys).select_for_update(of=("self",)).filter(closed_at=None)) if keys else []
    for cluster in clusters:
        name = _name_for(cluster, respondents)
        towns = set(cluster.members.values_list("town_code", flat=True))
        _, is_new = ClusterMember.objects.get_or_create(
            cluster=cluster,
            dispute=dispute,
            defaults={"town_code": dispute.town_code, "respondent": name, "joined_at": at},
        )
        _keep_keys(cluster, keys)
        if is_new:
            _note(dispute, at)
            _tell(cluster, {dispute.town_code: name}.items() if dispute.town_code not in towns else (), at)
            _audit("cluster.join", cluster, dispute.town_code, code=dispute.code)
    return bool(clusters)


def _name_for(cluster: ClusterWarning, respondents: Sequence[Party]) -> str:
    known = set(cluster.keys.values_list("kind", "value"))
    return next((party.name for party in respondents if reads.keys_of(party) & known), respondents[0].name)


def _warn(dispute: Dispute, respondents: Sequence[Party], at: datetime) -> bool:
    """A warning of its own where one of the respondents stands in enough disputes; returns whether there is one."""
    limits, today = reads.limits_now(), timezone.localdate(at)
    if limits is None or not respondents:
        return False
    found = reads.alike(respondents, since=window(limits, today), until=today)
    told = reads.told_before({key for one in found for key in one.keys}, {one.case.key for one in found} - {dispute.pk})
    found = [one for one in found if one.case.key not in told]
    cause, members, own = "", dict[int, Likeness](), set[Key]()
    for party in respondents:
        same = [one for one in found if one.keys & reads.keys_of(party)]
        if said := why((one.case for one in same), limits, today):
            cause, own = cause or said, own | reads.keys_of(party)
            members |= {one.case.key: one for one in same}
    if cause:
        _raise(dispute, cause, list(members.values()), own, at)
    return bool(cause)


def _raise(dispute: Dispute, cause: str, members: Sequence[Likeness], own: Collection[Key], at: datetime) -> None:
    cluster = ClusterWarning.objects.create(raised_at=at, because=cause)
    ClusterKey.objects.bulk_create(ClusterKey(cluster=cluster, kind=kind, value=value) for kind, value in sorted(own))
    _keep_keys(cluster, {key for one in members for key in one.keys} - set(own))
    ClusterMember.objects.bulk_create(
        ClusterMember(
            cluster=cluster, dispute_id=one.case.key, town_code=one.case.town, respondent=one.name, joined_at=at
        )
        for one in members
    )
    others = Dispute.objects.filter(pk__in=[one.case.key for one in members])
    others.exclude(cluster_mark=ClusterMark.DUE).update(cluster_mark=ClusterMark.IN)
    for one in others:
        _note(one, at)
    county = county_of(dispute.town_code)
    _tell(cluster, {one.case.town: one.name for one in members}.items(), at, besides=county)
    text = f"聚集预警：{members[0].name}，{cause}，请看名单"
    notify_all(_message(person, text, cluster, at) for person in county)
    _audit("cluster.raise", cluster, dispute.town_code, because=cause, rows=len(members))


def _keep_keys(cluster: ClusterWarning, keys: Collection[Key]) -> None:
    """Know the respondent by these too; a key that leads to another open warning stays there."""
    rows = [ClusterKey(cluster=cluster, kind=kind, value=value) for kind, value in sorted(keys)]
    ClusterKey.objects.bulk_create(rows, ignore_conflicts=True)


def _note(dispute: Dispute, at: datetime) -> None:
    detail = "同一对象有多起纠纷，达到聚集预警的件数或镇（街）数（内部要求）。"
    on = timezone.localdate(at)
    record_event(dispute, EventKind.CLUSTERED, on=on, by=None, detail=detail, at=at, recorded_at=at)


def _tell(
    cluster: ClusterWarning, towns: Iterable[tuple[str, str]], at: datetime, besides: Collection[User] = ()
) -> None:
    """Each town's officers learn of it under the name their own file has, and nothing of the other towns.

    Where a town has none, the supervisor does, unless told `besides`.
    """
    notify_all(
        _message(person, f"聚集预警：{name}在{_here(person, town)}和别处有多起纠纷，请看名单并签收", cluster, at)
        for town, name in towns
        for person in queries.officers_of(town)
        if person not in besides
    )


def _here(person: User, town: str) -> str:
    return "本镇（街）" if person.role in TOWN_ROLES else str(Division.objects.get(pk=town))


def _message(recipient: User, text: str, cluster: ClusterWarning, at: datetime) -> Notification:
    return message(recipient=recipient, text=text, url=cluster.get_absolute_url(), recorded_at=at)


def _tell_of_failures(dispute: Dispute, at: datetime) -> None:
    """Nobody twice. The count cannot say who knows: registering writes it already, and reopening lowers it again."""
    text = f"{dispute.code}：这些人已有 {dispute.failures} {REPEATED}"
    url, people = dispute.get_absolute_url(), queries.officers_of(dispute.town_code)
    before = Notification.objects.filter(recipient__in=people, url=url, text__endswith=REPEATED)
    know = set(before.values_list("recipient_id", flat=True))
    notify_all(message(recipient=one, text=text, url=url, recorded_at=at) for one in people if one.pk not in know)


def _audit(action: str, cluster: ClusterWarning, division_code: str, by: User | None = None, **detail: object) -> None:
    audit.record(action, by=by, subject=cluster, division_code=division_code, detail=detail)


def carry_memberships(dispute: Dispute, at: datetime) -> None:
    """The warnings of a locked dispute follow it to its new town, whose officers learn of those still open.

    Effects: memberships, messages; the dispute is marked, since its respondent may now stand in two towns.
    """
    members = ClusterMember.objects.filter(dispute=dispute).exclude(town_code=dispute.town_code)
    for member in members.filter(cluster__closed_at=None).select_related("cluster"):
        if not member.cluster.members.filter(town_code=dispute.town_code).exists():
            _tell(member.cluster, [(dispute.town_code, member.respondent)], at)
    members.update(town_code=dispute.town_code)
    dispute.cluster_mark = ClusterMark.DUE.value
    dispute.save(update_fields=["cluster_mark"])


# ── merged ───────────────────────────────────────────────────────────────────
def hand_over(merged: Dispute, kept: Dispute) -> None:
    """The kept dispute stands in the warnings of the merged one, open or closed, so that the two count once.

    Both are locked by the caller, who saves them: the marks are set here, since the kept one's people are more now.
    """
    theirs = ClusterMember.objects.filter(dispute=merged)
    theirs.filter(cluster__in=kept.cluster_members.values("cluster")).delete()
    theirs.update(dispute=kept, town_code=kept.town_code)
    merged.cluster_mark, kept.cluster_mark = "", ClusterMark.DUE.value


# ── people ───────────────────────────────────────────────────────────────────
@transaction.atomic
def acknowledge_cluster(*, cluster_id: int, by: User, recorded_at: datetime | None = None) -> ClusterWarning:
    """Sign for a warning; the first signature stands. Effects: warning, audit."""
    cluster = _locked(cluster_id)
    require(by, "disputes.acknowledge_cluster", cluster, message="聚集预警由有关镇（街）的联络人员或县级签收。")
    if cluster.closed_at:
        raise Conflict("这条聚集预警已经了结。", hint="请刷新页面。")
    if cluster.acknowledged_at:
        raise Conflict(f"{cluster.acknowledged_by}已经签收了这条聚集预警。", hint="请刷新页面。")
    cluster.acknowledged_at, cluster.acknowledged_by = recorded_at or timezone.now(), by
    cluster.save(update_fields=["acknowledged_at", "acknowledged_by"])
    _audit("cluster.acknowledge", cluster, cluster.town_codes[0], by)
    return cluster


def close_cluster(*, cluster_id: int, reason: str, by: User, recorded_at: datetime | None = None) -> ClusterWarning:
    """Close a warning; its disputes warn no second time, new ones count anew. Effects: warning, keys, marks, audit.

    A dispute that still waits to be compared would be swallowed: it joins first, and that stands; raises Conflict then,
    since whoever closes has not seen it, and where more wait than are compared here: the sweep takes those.
    """
    at = recorded_at or timezone.now()
    _check_closing(ClusterWarning.objects.select_related("closed_by").get(pk=cluster_id), reason, by)
    joined, wait = _take_in_waiting(cluster_id, at)
    if wait:
        said = f"{wait} 件" if wait <= reads.COUNTED_TO else f"{reads.COUNTED_TO} 多件"
        raise Conflict(f"还有 {said}等着比对，请过几分钟再了结。")
    if joined:
        raise Conflict(f"刚才又有 {joined} 件列入这条聚集预警，还没有了结。", hint="请看过名单，再了结。")
    return _close(cluster_id, reason, by, at)


def _take_in_waiting(cluster_id: int, at: datetime) -> tuple[int, int]:
    """How many of the disputes waiting to be compared stand in the warning now, and how many more wait.

    Each is locked before the warning.
    """
    cluster = ClusterWarning.objects.get(pk=cluster_id)
    before = cluster.members.count()
    found = reads.waiting_for(cluster, at_most=AT_A_CLOSING + reads.COUNTED_TO + 1)
    for pk in found[:AT_A_CLOSING]:
        _safely(pk, at)
    return cluster.members.count() - before, len(found[AT_A_CLOSING:])


def _check_closing(cluster: ClusterWarning, reason: str, by: User) -> None:
    require(by, "disputes.close_cluster", cluster, message=WHO_CLOSES)
    if cluster.closed_at:
        raise Conflict(f"{cluster.closed_by}已经了结了这条聚集预警。", hint="请刷新页面。")
    if not reason.strip():
        raise Refused("请写明为什么可以了结。", field="reason")
    if len(reason.strip()) > REASON_LENGTH:
        raise Refused(f"最多 {REASON_LENGTH} 个字。", field="reason")


@transaction.atomic
def _close(cluster_id: int, reason: str, by: User, at: datetime) -> ClusterWarning:
    cluster, reason = _locked(cluster_id), reason.strip()
    _check_closing(cluster, reason, by)
    cluster.closed_at, cluster.closed_by, cluster.closed_reason = at, by, reason
    cluster.save(update_fields=["closed_at", "closed_by", "closed_reason"])
    cluster.keys.update(is_open=False)
    disputes = Dispute.objects.filter(cluster_members__cluster=cluster, cluster_mark=ClusterMark.IN)
    disputes.exclude(cluster_members__cluster__in=ClusterWarning.objects.open()).update(cluster_mark="")
    _audit("cluster.close", cluster, cluster.town_codes[0], by, reason=reason)
    return cluster


def _locked(cluster_id: int) -> ClusterWarning:
    rows = ClusterWarning.objects.select_for_update(of=("self",)).select_related("acknowledged_by", "closed_by")
    return rows.get(pk=cluster_id)


reminders.also_do(compare_marked)
