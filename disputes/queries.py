"""Reads of disputes: the file behind a code, the ledger, and who must be told."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from core import privacy
from core.access import require
from core.choices import Level, Role
from core.errors import Refused
from core.models import Division, User
from core.queries import today
from core.scope import within_any
from disputes import ledger, routing, triage
from disputes.choices import Destination, Unsuitable
from disputes.ledger import LedgerFilter
from disputes.models import CaseType, Dispute, DisputeQuerySet, Party, RiskFlag, RoutingRule
from disputes.routing import Facts, Route
from disputes.search import understand
from disputes.triage import Suggestion, Triage

TOWN_LENGTH = 9
SHOWN = 3
NOT_THERE = "没有这个编号，或不在您的范围内。"


# ── one file ─────────────────────────────────────────────────────────────────
def get_dispute(user: Any, code: str) -> Dispute:
    """The dispute behind a code, if `user` may see it. Raises NotAllowed (role) or Http404 (scope)."""
    require(user, "disputes.view")
    rows = Dispute.objects.visible_to(user).select_related("case_type", "division__parent", "registered_by", "handler")
    dispute = rows.filter(code=code).first()
    if dispute is None:
        raise Http404(NOT_THERE)
    return dispute


def usual_day_to_route(dispute: Dispute) -> date:
    """The day proposed for routing: today; the registered day where that was written down later than it was true.

    Work done on paper is entered step by step with its own days, and no later step may lie before this one.
    """
    entered_on = timezone.localdate(dispute.recorded_at)
    return dispute.registered_on if dispute.registered_on < entered_on else today()


def usual_day_of_a_step(dispute: Dispute, *, after: date) -> date:
    """The day proposed for a later step: today; the day of the step before, while a past case is being typed in."""
    typed_in_today = dispute.registered_on < timezone.localdate(dispute.recorded_at) == today()
    return after if typed_in_today else today()


def get_party(dispute: Dispute, party_id: UUID) -> Party:
    """A party of the dispute in hand."""
    party = dispute.parties.filter(pk=party_id).first()
    if party is None:
        raise Http404(NOT_THERE)
    return party


def get_flag(dispute: Dispute, flag_id: int) -> RiskFlag:
    """A risk warning of the dispute in hand."""
    flag = dispute.risk_flags.filter(pk=flag_id).first()
    if flag is None:
        raise Http404(NOT_THERE)
    return flag


def officers_of(town_code: str) -> list[User]:
    """The liaison officers of a town; where there is none, the county supervisor."""
    officers = User.objects.filter(is_active=True, role=Role.OFFICER, scopes__division=town_code).order_by("pk")
    return list(officers) or list(User.objects.filter(username=settings.SUPERVISOR_USERNAME, is_active=True))


# ── what the system makes of a story ─────────────────────────────────────────
@dataclass(frozen=True)
class Assessment:
    """Triage and proposed route of a story. `case_type` is the type chosen, else the first suggested one."""

    triage: Triage
    case_type: CaseType
    types: list[CaseType]
    suggested: tuple[tuple[CaseType, Suggestion], ...]
    route: Route
    numbers_in_story: int

    @property
    def best_type(self) -> CaseType:
        return self.suggested[0][0]

    @property
    def because(self) -> tuple[str, ...]:
        """The words that speak for the best type."""
        return telling(self.suggested[0][1].because)

    @property
    def risk_because(self) -> tuple[str, ...]:
        """The words that speak for the risk."""
        return telling(self.triage.risk_because)

    @property
    def shown(self) -> list[CaseType]:
        """The types offered at first sight: the best three, and the chosen one."""
        best = [row for row, _ in self.suggested[:SHOWN]]
        return best if self.case_type in best else [*best, self.case_type]

    @property
    def unsuitable_label(self) -> str:
        code = self.triage.unsuitable_because
        return str(Unsuitable(code).label) if code else ""

    @property
    def destination_label(self) -> str:
        return str(Destination(self.route.destination).label)

    def as_json(self) -> dict[str, Any]:
        """As it is kept with the dispute; names stand with the keys, so that showing it asks nothing."""
        return {
            "suggestions": [
                {"case_type": row.key, "name": row.name, "score": one.score, "because": list(telling(one.because))}
                for row, one in self.suggested
            ],
            "door": self.triage.other_door,
            "article": self.triage.article,
            "unsuitable_words": list(telling(self.triage.unsuitable_words)),
            "risk_because": list(self.risk_because),
            "route": asdict(self.route),
        }


def assess(
    story: str,
    *,
    chosen: str = "",
    village: Division | None = None,
    source: str = "",
    amount: Decimal | None = None,
) -> Assessment:
    """What triage and the routing table say of a story, in two queries."""
    types = {row.key: row for row in case_types()}
    found = triage.suggest(story)
    if not types:
        raise Refused("还没有可用的纠纷类型。", hint="请管理员载入基础数据，或在配置里启用类型。")
    suggested = tuple((types[one.case_type], one) for one in found.suggestions if one.case_type in types)
    if not suggested:  # the types it speaks for are switched off
        last = list(types.values())[-1]
        suggested = ((last, Suggestion(last.key, 0.0)),)
    case_type = types.get(chosen) or suggested[0][0]
    facts = Facts(
        case_type=case_type.key,
        risk=found.risk,
        suitable=found.suitable,
        amount=amount,
        village=village.code if village else "",
        source=source,
    )
    route = routing.propose(facts, RoutingRule.objects.filter(enabled=True))
    return Assessment(found, case_type, list(types.values()), suggested, route, _numbers_in(story))


def telling(words: Iterable[str]) -> tuple[str, ...]:
    """The words worth showing: none that is part of another, no single characters beside longer words."""
    found = list(dict.fromkeys(words))
    whole = [word for word in found if not any(word in other and word != other for other in found)]
    return tuple([word for word in whole if len(word) > 1] or whole)


def _numbers_in(story: str) -> int:
    """How many identity and mobile numbers were typed into the story."""
    return len(privacy.ID_IN_TEXT.findall(story)) + len(privacy.PHONE_IN_TEXT.findall(story))


# ── what one may choose from ─────────────────────────────────────────────────
def villages_of(user: User) -> list[Division]:
    """The villages of the user's towns with their town, in the order of their codes."""
    rows = Division.objects.filter(level=Level.VILLAGE).filter(_inside_scope(user.scope_codes))
    return list(rows.select_related("parent").order_by("code"))


def case_types() -> list[CaseType]:
    """The types in use, in their order."""
    return list(CaseType.objects.filter(enabled=True))


def places_of(user: User, town: str = "") -> list[Division]:
    """Towns in the user's scope, and the villages of the town in question, for the ledger's filters."""
    codes = tuple(user.scope_codes)
    towns = Q(level=Level.TOWN) & (_inside_scope(codes))
    own = [code for code in codes if len(code) >= TOWN_LENGTH]
    chosen = town or (own[0] if len(own) == 1 else "")
    villages = Q(level=Level.VILLAGE, parent_id=chosen) & _inside_scope(codes) if chosen else Q(pk__in=[])
    return list(Division.objects.filter(towns | villages).order_by("code"))


def _inside_scope(codes: tuple[str, ...]) -> Q:
    found = Q(pk__in=[])
    for code in codes:
        found |= Q(code__startswith=code[:TOWN_LENGTH])
    return found


# ── the ledger ───────────────────────────────────────────────────────────────
def filtered(user: Any, params: Mapping[str, str]) -> DisputeQuerySet:
    """The disputes `user` sees under the ledger's parameters: one source for list, export and every linked figure."""
    return narrowed(user, ledger.parse(params))


def narrowed(user: Any, wanted: LedgerFilter) -> DisputeQuerySet:
    """`filtered`, for parameters already understood. A parameter not understood shows nothing rather than too much."""
    rows = Dispute.objects.visible_to(user)
    if wanted.problems:
        return rows.none()
    rows = rows.filter(_place(wanted), _condition(user, wanted), _days(wanted))
    if not (wanted.value("q") or wanted.value("s")):
        return rows
    text = search_text(user, wanted)
    return rows.filter(_search(text)) if text else rows.none()


def search_text(user: Any, wanted: LedgerFilter) -> str:
    """What was searched for: a code in the open, or a search sealed for this user; "" for none or a foreign one."""
    if not wanted.value("s"):
        return wanted.value("q")
    try:
        return privacy.decrypt(wanted.value("s"), context=_search_context(user))
    except privacy.DecryptionError:
        return ""


def sealed_search(user: Any, text: str) -> str:
    """A search as it may stand in an address: unreadable, and of use only to `user`."""
    return privacy.encrypt(text, context=_search_context(user))


def _search_context(user: Any) -> str:
    return f"disputes.search.{user.pk}"


def _place(wanted: LedgerFilter) -> Q:
    found = Q()
    if wanted.value("town"):
        found &= within_any("town_code", (wanted.value("town"),))
    if wanted.value("village"):
        found &= Q(division_id=wanted.value("village"))
    return found


def _condition(user: Any, wanted: LedgerFilter) -> Q:
    exact = {"case_type_id": wanted.value("type"), "risk": wanted.value("risk"), "source": wanted.value("source")}
    found = Q(**{name: value for name, value in exact.items() if value})
    if wanted.states:
        found &= Q(state__in=sorted(wanted.states))
    if wanted.outcomes:
        found &= Q(outcome__in=sorted(wanted.outcomes))
    if wanted.value("handler"):
        found &= Q(handler_id=user.pk)
    return found & Q(entered_late=True) if wanted.value("late") else found


def _days(wanted: LedgerFilter) -> Q:
    lookups = {"from": "registered_on__gte", "to": "registered_on__lte", "closed_from": "closed_on__gte"}
    lookups["closed_to"] = "closed_on__lte"
    found = Q(**{lookups[name]: day for name, day in wanted.days.items() if name in lookups})
    if day := wanted.days.get("open_on"):
        found &= Q(registered_on__lte=day) & (Q(closed_on=None) | Q(closed_on__gt=day))
    return found


def _search(text: str) -> Q:
    asked = understand(text)
    if asked.code:
        return Q(code__startswith=asked.code)
    if asked.words:
        return Q(title__icontains=asked.words) | _with_party(Q(name__icontains=asked.words))
    if asked.last4:
        return _with_party(Q(id_last4=asked.last4) | Q(phone_last4=asked.last4))
    if asked.phone:
        return _with_party(Q(phone_hash=privacy.lookup_hash("phone", asked.phone)))
    return _with_party(Q(id_hash=privacy.lookup_hash("id_number", asked.id_number)))


def _with_party(condition: Q) -> Q:
    return Q(pk__in=Party.objects.filter(condition).values("dispute_id"))
