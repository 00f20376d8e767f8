"""Rows an admin edits: a routing row must be one that routing understands."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from disputes.models import RoutingRule
from disputes.routing import TESTS, Facts, fits

ANY_CASE = Facts(case_type="other", amount=Decimal(1))
HELP = f"留空 {{}} 表示总是适用。可用的条件：{'、'.join(TESTS)}。"


class RoutingRuleForm(forms.ModelForm):
    class Meta:
        model = RoutingRule
        fields = ("order", "key", "conditions", "destination", "reason", "enabled")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["conditions"].help_text = HELP

    def clean_conditions(self) -> dict[str, Any]:
        """Refuse what would break every intake: an unknown condition or a value it cannot be compared with."""
        conditions = self.cleaned_data["conditions"] or {}
        if not isinstance(conditions, dict):
            raise forms.ValidationError('条件要写成 {"case_types": ["neighbour"]} 的样子。')
        if unknown := [name for name in conditions if name not in TESTS]:
            raise forms.ValidationError(f"没有「{'、'.join(unknown)}」这个条件。{HELP}")
        for name, wanted in conditions.items():
            try:
                fits(ANY_CASE, {name: wanted})
            except (TypeError, ValueError, InvalidOperation) as error:
                raise forms.ValidationError(f"「{name}」的值写法不对。") from error
        return conditions
