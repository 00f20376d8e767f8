"""司法建议, 风险研判报告: drafted with figures, signed by the judge, sent with a day to reply, the reply recorded."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from core.access import require
from core.actions import audit
from core.actions.deadlines import settle_deadline, start_deadline
from core.errors import Conflict, Refused
from core.models import User
from core.queries import today
from disputes import limits
from disputes.choices import SuggestionKind, SuggestionState
from disputes.models import JudicialSuggestion
from disputes.queries.suggestions import Ground

REPLY = "suggestion_reply"  # the key of the rule: the day is written by the court
LENGTHS = {"addressee": 120, "title": 80, "body": 10_000, "number": 60, "reply": 2_000, "measures": 2_000}
MISSING = {
    "addressee": "请写发给谁。",
    "title": "请写标题。",
    "body": "请写正文。",
    "reply": "请写对方怎么回复的。",
}
DRAFTS, SIGNS = "司法建议由包点法官、法官助理起草和办理。", "司法建议由法官签发。"


@dataclass(frozen=True)
class Paper:
    """What stands on it."""

    kind: str
    addressee: str
    title: str
    body: str


@transaction.atomic
def draft_suggestion(
    *, ground: Ground, paper: Paper, by: User, recorded_at: datetime | None = None
) -> JudicialSuggestion:
    """Keep a first draft. Effects: row, audit."""
    require(by, "disputes.draft_suggestion", ground.town.code, message=DRAFTS)
    suggestion = JudicialSuggestion(
        town_code=ground.town.code,
        village=ground.village,
        case_type=ground.case_type,
        cluster=ground.cluster,
        drafted_by=by,
        drafted_at=recorded_at or timezone.now(),
    )
    _put(suggestion, paper)
    suggestion.save(force_insert=True)
    village = ground.village.pk if ground.village else ""
    kinds = list(ground.kinds) or [ground.case_type.pk]
    _audit("suggestion.draft", suggestion, by, kind=paper.kind, case_types=kinds, village=village)
    return suggestion


def _put(suggestion: JudicialSuggestion, paper: Paper) -> None:
    if paper.kind not in SuggestionKind.values:
        raise Refused("请选择司法建议还是研判报告。", field="kind")
    suggestion.kind = paper.kind
    for name in ("addressee", "title", "body"):
        setattr(suggestion, name, _written(getattr(paper, name), name))


def _written(text: str, name: str) -> str:
    text = text.strip()
    if not text and name in MISSING:
        raise Refused(MISSING[name], field=name)
    if len(text) > LENGTHS[name]:
        raise Refused(f"最多 {LENGTHS[name]} 个字。", field=name)
    return text


@transaction.atomic
def edit_suggestion(*, suggestion_id: int, version: int, paper: Paper, by: User) -> JudicialSuggestion:
    """Write a draft anew, as it was read at `version`. Effects: row, audit."""
    suggestion = _locked(suggestion_id, SuggestionState.DRAFT)
    require(by, "disputes.draft_suggestion", suggestion.town_code, message=DRAFTS)
    if suggestion.version != version:
        raise Conflict("没有保存：有人已经改过这一份。", hint="您写的还在下面，请对照现在的内容再保存。")
    _put(suggestion, paper)
    _save(suggestion, "kind", "addressee", "title", "body")
    _audit("suggestion.edit", suggestion, by, kind=paper.kind)
    return suggestion


@transaction.atomic
def sign_suggestion(*, suggestion_id: int, number: str, on: date, by: User) -> JudicialSuggestion:
    """The judge signs; from here on the words stand. Effects: row, audit."""
    suggestion = _locked(suggestion_id, SuggestionState.DRAFT)
    require(by, "disputes.sign_suggestion", suggestion.town_code, message=SIGNS)
    limits.check_day(on, today=today())
    suggestion.number, suggestion.signed_by, suggestion.signed_on = _written(number, "number"), by, on
    suggestion.state = SuggestionState.SIGNED
    _save(suggestion, "number", "signed_by", "signed_on", "state")
    _audit("suggestion.sign", suggestion, by, number=suggestion.number, on=on)
    return suggestion


@transaction.atomic
def send_suggestion(
    *, suggestion_id: int, on: date, reply_due_on: date, by: User, recorded_at: datetime | None = None
) -> JudicialSuggestion:
    """It goes out, with the day by which a reply is asked for. Effects: row, the period of the reply, audit."""
    suggestion = _locked(suggestion_id, SuggestionState.SIGNED)
    require(by, "disputes.draft_suggestion", suggestion.town_code, message=DRAFTS)
    limits.check_day(on, today=today(), after=suggestion.signed_on)
    if reply_due_on <= on:
        raise Refused("回复的日子要晚于发出日。", field="reply_due_on")
    suggestion.sent_on, suggestion.reply_due_on, suggestion.state = on, reply_due_on, SuggestionState.SENT
    _save(suggestion, "sent_on", "reply_due_on", "state")
    start_deadline(
        kind=REPLY,
        subject=suggestion,
        town_code=suggestion.town_code,
        base_on=on,
        due_on=reply_due_on,
        responsible=suggestion.signed_by,
        subject_text=f"{suggestion.addressee}　{suggestion.title}"[:120],
        url=suggestion.get_absolute_url(),
        recorded_at=recorded_at,
    )
    _audit("suggestion.send", suggestion, by, on=on, reply_due_on=reply_due_on)
    return suggestion


@transaction.atomic
def record_reply(*, suggestion_id: int, on: date, reply: str, measures: str, by: User) -> JudicialSuggestion:
    """What was answered, and what is being done. Effects: row, the period settled, audit."""
    suggestion = _locked(suggestion_id, SuggestionState.SENT)
    require(by, "disputes.draft_suggestion", suggestion.town_code, message=DRAFTS)
    limits.check_day(on, today=today(), after=suggestion.sent_on)
    suggestion.replied_on, suggestion.state = on, SuggestionState.REPLIED
    suggestion.reply, suggestion.measures = _written(reply, "reply"), _written(measures, "measures")
    _save(suggestion, "replied_on", "reply", "measures", "state")
    settle_deadline(kind=REPLY, subject=suggestion, on=on)
    _audit("suggestion.reply", suggestion, by, on=on)
    return suggestion


def record_printing(suggestion: JudicialSuggestion, *, by: User) -> None:
    """That the paper was taken out. Audited."""
    _audit("suggestion.print", suggestion, by)


def _locked(suggestion_id: int, state: SuggestionState) -> JudicialSuggestion:
    rows = JudicialSuggestion.objects.select_for_update(of=("self",)).select_related("signed_by")
    suggestion = rows.get(pk=suggestion_id)
    if suggestion.state != state:
        raise Conflict(f"这一份现在是「{suggestion.get_state_display()}」，不能这样办。", hint="请刷新页面。")
    return suggestion


def _save(suggestion: JudicialSuggestion, *names: str) -> None:
    suggestion.version += 1
    suggestion.save(update_fields=[*names, "version"])


def _audit(action: str, suggestion: JudicialSuggestion, by: User, **detail: object) -> None:
    audit.record(action, by=by, subject=suggestion, division_code=suggestion.town_code, detail=detail)
