"""What may be asked of the figures' lists."""

from datetime import date
from typing import Any

from django import forms

from core.forms import StyledForm
from core.queries import today


class SpanForm(StyledForm, forms.Form):
    """`?from=2023-01-01&to=2023-09-20&town=445381101`; without days the year so far."""

    town = forms.RegexField(r"^\d{9}$", label="镇（街）", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from"] = forms.DateField(label="从", required=False)
        self.fields["to"] = forms.DateField(label="到", required=False)

    @property
    def first(self) -> date:
        return self._day("from") or self.last.replace(month=1, day=1)

    @property
    def last(self) -> date:
        return self._day("to") or today()

    def _day(self, name: str) -> date | None:
        found: date | None = self.cleaned_data.get(name) if self.is_valid() else None
        return found

    @property
    def place(self) -> str:
        return str(self.cleaned_data.get("town") or "") if self.is_valid() else ""
