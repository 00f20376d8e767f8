"""One rule of the routing table in fields, and the box in which a case is told to see which rule decides."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from core.forms import StyledForm
from core.models import Division
from disputes import limits, routing_table
from disputes.choices import Destination, Risk, Source
from disputes.forms.fields import MoneyField, TextField, refusals
from disputes.models import RoutingRule
from disputes.routing_plan import FIRST, NEW, Draft, takes_the_rest

FAILURES_MAX = 99
ANY = ""
YES_NO = {"yes": True, "no": False}
RISK_CHOICES = [(ANY, "不限"), (Risk.MEDIUM.value, "需留意以上"), (Risk.HIGH.value, "有激化危险")]
LISTS = ("case_types", "sources", "villages")


class RuleForm(StyledForm, forms.Form):
    """A rule in fields. What is left empty the rule does not ask. `rule` is None for a new one."""

    segmented = ("risk_min", "suitable", "cross_town")
    mark_optional = False

    case_types = forms.MultipleChoiceField(label="类型", required=False, widget=forms.CheckboxSelectMultiple)
    sources = forms.MultipleChoiceField(
        label="来源", required=False, choices=Source.choices, widget=forms.CheckboxSelectMultiple
    )
    village_words = TextField(label="找村（社区）", required=False, max_length=40, help_text="如：太平镇 潭白")
    villages = forms.MultipleChoiceField(label="村（社区）", required=False, widget=forms.CheckboxSelectMultiple)
    amount_min = MoneyField(label="标的额从（元）", required=False)
    amount_max = MoneyField(label="标的额到（元）", required=False, help_text="没有填标的额的，也算在「到」以内。")
    risk_min = forms.ChoiceField(label="风险", required=False, choices=RISK_CHOICES, widget=forms.RadioSelect)
    suitable = forms.ChoiceField(
        label="适不适宜调解",
        required=False,
        choices=[(ANY, "不限"), ("yes", "适宜"), ("no", "不宜")],
        widget=forms.RadioSelect,
    )
    cross_town = forms.ChoiceField(
        label="当事人分属两个镇（街）",
        required=False,
        choices=[(ANY, "不限"), ("yes", "是"), ("no", "不是")],
        widget=forms.RadioSelect,
    )
    earlier_failures_min = forms.IntegerField(
        label="同一当事人以前调解不成几次以上", required=False, min_value=1, max_value=FAILURES_MAX
    )
    destination = forms.ChoiceField(label="去向", choices=[("", "请选择"), *Destination.choices])
    reason = TextField(label="理由", max_length=200, rows=2, help_text="登记时原样显示给经办人。")
    enabled = forms.BooleanField(label="启用", required=False)
    after = forms.ChoiceField(label="排在哪一条之后")

    def __init__(self, *args: Any, rule: RoutingRule | None, table: Sequence[RoutingRule], **kwargs: Any) -> None:
        self.rule = rule
        kwargs.setdefault("initial", initial_of(rule, table))
        super().__init__(*args, **kwargs)
        others = [(one.key, f"{place}. {one.reason}") for place, one in enumerate(table, 1) if one != rule]
        self._field("after").choices = [(FIRST, "排在最前"), *others]
        found = routing_table.find_villages(self._typed("village_words"))
        self.has_more_villages = len(found) > routing_table.VILLAGES_FOUND
        names = routing_table.names_for([], villages=self._ticked())
        self._field("case_types").choices = list(names.case_types.items())
        offered = {row.code: routing_table.village_name(row) for row in found[: routing_table.VILLAGES_FOUND]}
        self._field("villages").choices = list({**names.villages, **offered}.items())

    def _field(self, name: str) -> Any:
        return self.fields[name]

    def _typed(self, name: str) -> str:
        return str(self[name].value() or "").strip()

    def _ticked(self) -> list[str]:
        return [str(code) for code in self["villages"].value() or ()]

    def clean(self) -> dict[str, Any]:
        least, most = self.cleaned_data.get("amount_min"), self.cleaned_data.get("amount_max")
        if least is not None and most is not None and least > most:
            self.add_error("amount_max", "「到」不能比「从」小。")
        if self.cleaned_data.get("village_words") and not self._ticked():
            offered = (
                "还没有勾选村（社区）：请在下面勾选"
                if self._field("villages").choices
                else "没有找到这个村（社区）：请改写"
            )
            self.add_error("village_words", f"{offered}；各村都算的，请清空这一格。")
        return self.cleaned_data

    def clean_amount_min(self) -> Decimal | None:
        return _checked(self.cleaned_data["amount_min"])

    def clean_amount_max(self) -> Decimal | None:
        return _checked(self.cleaned_data["amount_max"])

    def draft(self) -> Draft:
        """What is wanted, from a valid form."""
        entered = self.cleaned_data
        return Draft(
            key=self.rule.key if self.rule else NEW,
            conditions=self._conditions(),
            destination=entered["destination"],
            reason=entered["reason"],
            enabled=entered["enabled"],
            after=entered["after"],
        )

    def _conditions(self) -> dict[str, Any]:
        """The conditions as the table keeps them."""
        entered = self.cleaned_data
        found: dict[str, Any] = {name: entered[name] for name in LISTS if entered[name]}
        found |= {name: _plain(entered[name]) for name in ("amount_min", "amount_max") if entered[name] is not None}
        found |= {name: YES_NO[entered[name]] for name in ("suitable", "cross_town") if entered[name]}
        found |= {name: entered[name] for name in ("risk_min", "earlier_failures_min") if entered[name]}
        return found


def typed_so_far(post: QueryDict) -> dict[str, Any]:
    """What stands in the fields, to be shown again without complaints."""
    return {name: post.getlist(name) if name in LISTS else post.get(name, "") for name in RuleForm.base_fields}


def initial_of(rule: RoutingRule | None, table: Sequence[RoutingRule]) -> dict[str, Any]:
    """A rule as the form shows it; a new one stands before the rule that takes the rest."""
    if rule is None:
        rest = next((place for place, one in enumerate(table) if takes_the_rest(one)), len(table))
        return {"after": table[rest - 1].key if rest else FIRST, "enabled": True}
    said = {True: "yes", False: "no"}
    place = [one.pk for one in table].index(rule.pk)
    asked = dict(rule.conditions)
    asked |= {name: said[asked[name]] for name in ("suitable", "cross_town") if name in asked}
    asked |= {name: Decimal(str(asked[name])) for name in ("amount_min", "amount_max") if name in asked}
    if asked.get("risk_min") == Risk.LOW:
        del asked["risk_min"]
    return asked | {
        "destination": rule.destination,
        "reason": rule.reason,
        "enabled": rule.enabled,
        "after": table[place - 1].key if place else FIRST,
    }


def _checked(amount: Decimal | None) -> Decimal | None:
    with refusals():
        limits.check_amount(amount)
    return amount


def _plain(amount: Decimal) -> int | str:
    """A sum as JSON can hold it exactly."""
    return int(amount) if amount == amount.to_integral_value() else str(amount)


class ToldCaseForm(StyledForm, forms.Form):
    """A case told to see which rule decides. Nothing of it is kept."""

    story = TextField(label="经过", rows=5, required=False, help_text="系统从经过读出类型、风险、适不适宜调解。")
    case_type = forms.ChoiceField(label="类型", required=False)
    amount = MoneyField(label="标的额（元）", required=False)
    village = TextField(label="村（社区）", required=False, max_length=40, help_text="如：太平镇 潭白")
    source = forms.ChoiceField(label="来源", required=False, choices=[(ANY, "不选"), *Source.choices])
    cross_town = forms.BooleanField(label="当事人分属两个镇（街）", required=False)
    earlier_failures = forms.IntegerField(
        label="以前调解不成几次", required=False, min_value=0, max_value=FAILURES_MAX, initial=0
    )

    def __init__(self, *args: Any, case_types: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["case_type"]
        kind.choices = [(ANY, "按经过判断"), *case_types.items()]

    def clean_story(self) -> str:
        story = str(self.cleaned_data["story"])
        if story.strip():
            with refusals():
                limits.check_story(story)
        return story

    def clean_amount(self) -> Decimal | None:
        return _checked(self.cleaned_data["amount"])

    def clean_village(self) -> Division | None:
        """The one village meant."""
        text = self.cleaned_data["village"].strip()
        if not text:
            return None
        found = routing_table.find_villages(text)
        exact = [row for row in found if text in (row.name, row.short_name)]
        if len(found) == 1 or len(exact) == 1:
            return (exact or found)[0]
        if not found:
            raise forms.ValidationError("没有找到这个村（社区）。")
        named = "、".join(routing_table.village_name(row) for row in found[:3])
        raise forms.ValidationError(
            f"有好几个：{named}{'…' if len(found) > len(found[:3]) else ''}。请写全镇名和村名。"
        )

    def clean(self) -> dict[str, Any]:
        if "story" in self.cleaned_data and not self.cleaned_data["story"] and not self.cleaned_data.get("case_type"):
            self.add_error("story", "请写一段经过，或者选一个类型。")
        return self.cleaned_data
