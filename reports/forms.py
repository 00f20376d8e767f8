"""What may be asked of the figures' lists."""

from datetime import date
from typing import Any

from django import forms

from core.forms import CodeField, StyledForm
from core.queries import today


class SpanForm(StyledForm, forms.Form):
    """`?from=2023-01-01&to=2023-09-20&town=445381101`; without days the year so far."""

    town = CodeField(r"^[0-9]{9}$", label="镇（街）", required=False)

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


class VillagesForm(StyledForm, forms.Form):
    """`?town=445381101&type=labour&to=2023-09`: twelve months up to one; what cannot be used is left out.

    Of the month that is said at its field.
    """

    town = CodeField(r"^[0-9]{9}$", label="镇（街）", required=False)
    type = forms.SlugField(label="类型", max_length=20, required=False)
    to = CodeField(
        r"^20[0-9]{2}-(0[1-9]|1[0-2])$",
        label="到哪一月",
        required=False,
        error_messages={"invalid": "没有这个月份，写成 2023-09 这样。下面是到本月的。"},
    )

    def asked(self, name: str) -> str:
        """A parameter as understood; empty when it was not given or cannot be used."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")

    @property
    def last_month(self) -> date:
        """The first day of the last month shown: this one, unless another was asked for."""
        given = self.asked("to")
        return date.fromisoformat(f"{given}-01") if given else today().replace(day=1)
