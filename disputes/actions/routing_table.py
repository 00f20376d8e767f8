"""The routing table changed by the admin: a rule is tried on the month before, then saved as it was tried."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.core import signing
from django.db import transaction

from core.access import require
from core.actions import audit
from core.errors import Conflict, Refused
from core.models import User
from core.queries import today
from disputes import routing_plan, routing_table
from disputes.choices import Destination
from disputes.models import RoutingRule
from disputes.routing import TESTS
from disputes.routing_plan import NEW, Draft, mark_of_draft, mark_of_table
from disputes.routing_table import Trial

PERMISSION = "disputes.configure_routing"
SALT = "disputes.routing.tried"
REASON_LENGTH = 200
RULES_MAX = 200


def try_rule(*, draft: Draft, seen: str, by: User) -> tuple[Trial, str]:
    """What the draft would have changed in the month before, and the token that lets exactly this draft be saved.

    Writes nothing. Raises Conflict and Refused for what could not be saved either.
    """
    require(by, PERMISSION)
    table = routing_table.rules_in_order()
    _check_seen(table, seen)
    _check(draft, table)
    return routing_table.try_draft(draft, table, today()), signing.dumps(_tried(draft, seen, by), salt=SALT)


@transaction.atomic
def save_rule(*, draft: Draft, seen: str, tried: str, by: User) -> RoutingRule:
    """Write the draft into the table that was read as `seen` (its mark), after it was tried (the token of the trial).

    Raises Conflict when somebody changed the table since, Refused when just this content was not tried by this
    person, or when no rule would take the rest any more. The same content again writes nothing.
    Effects: rule, order of the table, audit with old and new. Who was moved or changed counts as edited.
    """
    require(by, PERMISSION)
    table = _locked_table()
    _check_seen(table, seen)
    _check(draft, table)
    _check_tried(draft, seen, tried, by)
    rule = next((one for one in table if one.key == draft.key), None)
    old = _said(rule, table) if rule else None
    rule = rule or RoutingRule(key=f"own_{uuid4().hex[:8]}", order=0)
    changed = _write(rule, draft, [one for one in table if one.key != draft.key])
    if not changed:
        return rule
    detail = {"rule": rule.key, "old": old, "new": _said(rule, routing_table.rules_in_order())}
    audit.record("routing.save", by=by, subject=rule, detail=detail)
    return rule


def _locked_table() -> list[RoutingRule]:
    """The table with every row locked, read again after the wait: rows added meanwhile are in it too."""
    list(RoutingRule.objects.order_by("pk").select_for_update())
    return routing_table.rules_in_order()


def _check_seen(table: list[RoutingRule], seen: str) -> None:
    if mark_of_table(table) != seen:
        raise Conflict(
            "没有保存：分流规则刚刚被别人改过。", hint="您填的还在下面。请对照现在的规则，再试算一次，然后保存。"
        )


def _tried(draft: Draft, seen: str, by: User) -> list[Any]:
    """What a trial vouches for: this content, in this table, by this person."""
    return [mark_of_draft(draft), seen, by.pk]


def _check_tried(draft: Draft, seen: str, tried: str, by: User) -> None:
    try:
        same = signing.loads(tried, salt=SALT) == _tried(draft, seen, by)
    except signing.BadSignature:
        same = False
    if not same:
        raise Refused("没有保存：这些内容还没有试算过。", hint="请先点「试算」，看看上个月会有什么不同，再保存。")


def _check(draft: Draft, table: list[RoutingRule]) -> None:
    if draft.destination not in Destination.values:
        raise Refused("请选择去向。", field="destination")
    if not draft.reason.strip() or len(draft.reason) > REASON_LENGTH:
        raise Refused(f"请写明理由，最多 {REASON_LENGTH} 个字。", field="reason")
    if unknown := [name for name in draft.conditions if name not in TESTS]:
        raise Refused(f"没有「{'、'.join(unknown)}」这个条件。")
    if draft.key == NEW and len(table) >= RULES_MAX:
        raise Refused(f"分流规则最多 {RULES_MAX} 条。", hint="请改一条不用的。")
    if routing_plan.loses_the_rest(table, draft):
        raise Refused(
            "这是最后一条不设条件的规则，不能停用，也不能加条件：不合其他规则的纠纷，就没有去向了。",
            hint="请先另设一条启用的、不设条件的规则。",
        )
    _check_reach(draft, table)


def _check_reach(draft: Draft, table: list[RoutingRule]) -> None:
    """Nothing is put before other rules that leaves them nothing to decide."""
    least = draft.conditions.get("amount_min")
    if draft.enabled and least is not None and Decimal(str(least)) <= 0:
        raise Refused(
            "从 0 元起，等于凡是说了标的额的都照这一条走。", hint="不限标的额的，请留空。", field="amount_min"
        )
    known = routing_table.names_for([draft.conditions, *(rule.conditions for rule in table)]).known
    if idle := routing_plan.newly_idle(table, draft, known):
        always = draft.conditions and routing_plan.takes_everything(draft, known)
        why, what = ("这些条件合起来什么纠纷都合，等于不设条件。", "这样") if always else ("", "不设条件")
        raise Refused(
            f"{why}{what}的规则排在前面，后面 {len(idle)} 条启用着的规则就再也用不到了，有激化危险的也照它走。",
            hint=f"{what}的规则请放在最后。",
        )


def _write(rule: RoutingRule, draft: Draft, others: list[RoutingRule]) -> bool:
    """Put the draft into the rule and the rule into its place; returns whether anything was written."""
    place = routing_plan.place_of(draft, [one.key for one in others])
    standing = sum((one.order, one.pk) < (rule.order, rule.pk) for one in others) if rule.pk else None
    facts = {name: getattr(draft, name) for name in ("conditions", "destination", "reason", "enabled")}
    if place == standing and facts == {name: getattr(rule, name) for name in facts}:
        return False
    for name, value in facts.items():
        setattr(rule, name, value)
    rule.edited = True
    if place != standing:
        _renumber(rule, others, place)
    rule.save()
    return True


def _renumber(rule: RoutingRule, others: list[RoutingRule], place: int) -> None:
    orders = routing_plan.orders_with([one.order for one in others], place)
    rule.order = orders.pop(place)
    for one, order in zip(others, orders, strict=True):
        if one.order != order:
            one.order, one.edited = order, True
            one.save(update_fields=["order", "edited"])


def _said(rule: RoutingRule, table: list[RoutingRule]) -> dict[str, Any]:
    """A rule as it stands in the audit trail: its conditions side by side, so that old and new can be compared."""
    asked = {name: rule.conditions.get(name) for name in TESTS}
    return {
        "place": [one.pk for one in table].index(rule.pk) + 1,
        "case_types": asked["case_types"],
        "sources": asked["sources"],
        "villages": asked["villages"],
        "amount_min": asked["amount_min"],
        "amount_max": asked["amount_max"],
        "cross_town": asked["cross_town"],
        "suitable": asked["suitable"],
        "risk_min": asked["risk_min"],
        "earlier_failures_min": asked["earlier_failures_min"],
        "destination": rule.destination,
        "reason": rule.reason,
        "enabled": rule.enabled,
    }
