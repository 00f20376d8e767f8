"""The duty rota."""

from typing import Any
from uuid import UUID

from django import forms

from core.forms import StyledForm


class ShiftForm(StyledForm, forms.Form):
    on = forms.DateField(label="日期")
    staff = forms.TypedChoiceField(label="值班人", coerce=UUID)

    def __init__(self, *args: Any, team: list[tuple[Any, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["staff"].choices = [("", "请选择"), *team]  # type: ignore[attr-defined]
