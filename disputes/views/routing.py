"""分流规则: the table with what it did last month, the box that says which rule and why, one rule tried and saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.errors import Conflict, Refused
from core.forms import add_refusal
from core.models import User
from core.queries import today
from disputes import queries, routing_plan, routing_table
from disputes.actions.routing_table import PERMISSION, save_rule, try_rule
from disputes.choices import Destination, Risk
from disputes.forms.configuration import RuleForm, ToldCaseForm, typed_so_far
from disputes.models import RoutingRule
from disputes.routing import Explanation, Facts, explain
from disputes.routing_plan import mark_of_table
from disputes.routing_words import Lacked, Names, lacking, money, said
from disputes.views.doors import CONFLICT, UNPROCESSABLE, enter


@dataclass(frozen=True)
class Shown:
    """A rule as a line of the page."""

    rule: RoutingRule
    place: int
    conditions: tuple[str, ...]
    proposed: int
    is_never_reached: bool
    is_ahead_of_danger: bool


@dataclass(frozen=True)
class Answer:
    """What the box says: what was read of the story, which rule decides, why those before it do not.

    `sums_told`: sums that the story names while the field is empty. As at the counter they decide nothing before a
    person puts one into the field.
    """

    read: tuple[tuple[str, str], ...]
    sums_told: tuple[Decimal, ...]
    explanation: Explanation
    destination: str
    decided: Shown | None
    passed_over: list[tuple[Shown, tuple[Lacked, ...]]]


# ── the table and its box ────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD", "POST"])
def rule_list(request: HttpRequest) -> HttpResponse:
    """The rules in order; a case told in the box is answered on the same page, and kept nowhere."""
    enter(request, PERMISSION)
    table = routing_table.rules_in_order()
    names = routing_table.names_for([rule.conditions for rule in table])
    lines = _lines(table, names)
    form = ToldCaseForm(request.POST if request.method == "POST" else None, case_types=dict(names.case_types))
    answer, status = None, 200
    if form.is_bound:
        answer = _answer(form, lines, names) if form.is_valid() else None
        status = 200 if answer else UNPROCESSABLE
    first, last = routing_plan.last_month(today())
    context = {"lines": lines, "form": form, "answer": answer, "first": first, "last": last}
    return render(request, "disputes/routing_rules.html", context, status=status)


def _lines(table: Sequence[RoutingRule], names: Names) -> list[Shown]:
    proposed = routing_table.proposed_in_last_month(today())
    idle, ahead = routing_plan.never_reached(table, names.known), routing_plan.ahead_of_danger(table, names.known)
    return [
        Shown(rule, place, said(rule.conditions, names), proposed.get(rule.key, 0), rule.key in idle, rule.key in ahead)
        for place, rule in enumerate(table, 1)
    ]


def _answer(form: ToldCaseForm, lines: list[Shown], names: Names) -> Answer | None:
    """Which rule decides, or none with the refusal noted on the form."""
    told = form.cleaned_data
    try:
        found = queries.assess(
            told["story"],
            chosen=told["case_type"],
            village=told["village"],
            source=told["source"],
            amount=told["amount"],
            cross_town=told["cross_town"],
            earlier_failures=told["earlier_failures"] or 0,
        )
    except Refused as refused:
        add_refusal(form, refused)
        return None
    explanation = explain(found.facts, [line.rule for line in lines if line.rule.enabled])
    by_key = {line.rule.key: line for line in lines}
    if village := told["village"]:
        names = Names(names.case_types, {**names.villages, village.code: routing_table.village_name(village)})
    return Answer(
        read=_read(found.facts, found.case_type.name, found.unsuitable_label),
        sums_told=found.sums_told if found.facts.amount is None else (),
        explanation=explanation,
        destination=str(Destination(explanation.route.destination).label),
        decided=by_key.get(explanation.route.rule_key),
        passed_over=[(by_key[one.row.key], lacking(one, found.facts, names)) for one in explanation.passed_over],
    )


def _read(facts: Facts, case_type: str, unsuitable: str) -> tuple[tuple[str, str], ...]:
    fit = "适宜" if facts.suitable else f"不宜：{unsuitable}"
    amount = "空着，按没有算" if facts.amount is None else money(facts.amount)
    return (("类型", case_type), ("风险", str(Risk(facts.risk).label)), ("调解", fit), ("标的额", amount))


# ── one rule ─────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD", "POST"])
def rule_new(request: HttpRequest) -> HttpResponse:
    """A rule that is not there yet."""
    return _rule(request, enter(request, PERMISSION), None)


@require_http_methods(["GET", "HEAD", "POST"])
def rule_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A rule of the table."""
    return _rule(request, enter(request, PERMISSION), routing_table.get_rule(pk))


def _rule(request: HttpRequest, user: User, rule: RoutingRule | None) -> HttpResponse:
    """Find villages, try, save: whatever was typed stays until it is saved."""
    table = routing_table.rules_in_order()
    if request.method != "POST":
        return _page(request, RuleForm(rule=rule, table=table), table)
    if "find" in request.POST:
        return _page(request, RuleForm(rule=rule, table=table, initial=typed_so_far(request.POST)), table)
    form = RuleForm(request.POST, rule=rule, table=table)
    if not form.is_valid():
        return _page(request, form, table, status=UNPROCESSABLE)
    try:
        return _tried_or_saved(request, form, table, user)
    except Conflict as conflict:
        return _page(request, form, table, status=CONFLICT, conflict=conflict, seen=mark_of_table(table))
    except Refused as refused:
        add_refusal(form, refused)
        return _page(request, form, table, status=UNPROCESSABLE)


def _tried_or_saved(request: HttpRequest, form: RuleForm, table: list[RoutingRule], user: User) -> HttpResponse:
    draft, seen = form.draft(), request.POST.get("seen", "")
    if "save" not in request.POST:
        trial, tried = try_rule(draft=draft, seen=seen, by=user)
        return _page(request, form, table, trial=trial, tried=tried)
    saved = save_rule(draft=draft, seen=seen, tried=request.POST.get("tried", ""), by=user)
    messages.success(request, f"已保存：{saved.reason}")
    return redirect("routing:rules")


def _page(
    request: HttpRequest, form: RuleForm, table: list[RoutingRule], *, status: int = 200, **more: Any
) -> HttpResponse:
    """`seen` is the table the person has before them: as it was when the page was opened, or after a conflict."""
    context = {
        "form": form,
        "rule": form.rule,
        "seen": request.POST.get("seen") or mark_of_table(table),
        "destinations": dict(Destination.choices),
    } | more
    if "conflict" in more:
        names = routing_table.names_for([rule.conditions for rule in table])
        context["lines"] = _lines(table, names)
    return render(request, "disputes/routing_rule.html", context, status=status)
